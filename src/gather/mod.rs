//! The world, read into facts that planners and checks can work on. Nothing here decides.

pub mod bump;
pub mod candidate;
pub mod framework;
pub mod init;
pub mod notes;
pub mod project;
pub mod publish;
pub mod sign;
pub mod signatures;
pub mod status;
pub mod wheel;

/// The facts could not be had.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
#[expect(
    missing_docs,
    reason = "each variant is documented where its type is defined"
)]
pub enum GatherError {
    Bump(#[from] crate::bump::BumpError),
    Cliff(#[from] crate::changelog::cliff::CliffError),
    Config(#[from] crate::config::ConfigError),
    File(#[from] crate::world::fs::FileError),
    Framework(#[from] crate::world::framework::PackageError),
    Git(#[from] crate::world::git::GitError),
    History(#[from] crate::world::history::HistoryError),
    Local(#[from] crate::world::local::LocalError),
    Manifest(#[from] crate::manifest::ManifestError),
    Path(#[from] crate::digest::InvalidPath),
    Root(#[from] crate::sign::RootError),
    Sigstore(#[from] crate::world::sigstore::SigstoreError),
    Version(#[from] crate::version::InvalidVersion),
    Retag(#[from] crate::world::retag::RetagError),
    Wheel(#[from] crate::wheel::WheelError),
}

/// The result of looking.
pub type Result<T> = std::result::Result<T, GatherError>;

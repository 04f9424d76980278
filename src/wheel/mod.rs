//! Wheels: what their names, tags and metadata say, and how they get others.

mod metadata;
mod name;
mod plan;
pub mod record;
mod retag;
mod tag;

pub use metadata::{Wheel, normalize, read};
pub use name::WheelName;
pub use plan::{Facts, PlanError, plan};
pub use retag::{Retag, RetagError, Source};
pub use tag::{Part, TagError, TagSet};

use crate::archive::ArchiveError;

/// The file is not a wheel.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum WheelError {
    /// It is no archive, or a broken one.
    #[error("`{name}` is not a readable wheel")]
    #[diagnostic(
        code("wheel.unreadable"),
        help("build it again; a wheel is a zip archive (PEP 427)")
    )]
    Unreadable {
        /// The file's name.
        name: String,
        /// What the archive reader says.
        source: zip::result::ZipError,
    },
    /// It is no archive, or a broken one.
    #[error("`{name}` is not a readable wheel")]
    #[diagnostic(
        code("wheel.unreadable"),
        help("build it again; a wheel is a zip archive (PEP 427)")
    )]
    Archive {
        /// The file's name.
        name: String,
        /// What is wrong with it.
        source: ArchiveError,
    },
    /// A file of its metadata does not say what it must.
    #[error("`{path}` in `{name}` {reason}")]
    #[diagnostic(code("wheel.malformed"), help("build it again with a PEP 517 backend"))]
    Malformed {
        /// The wheel's name.
        name: String,
        /// The member.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It holds no metadata where its name says.
    #[error("`{name}` holds no `{path}`")]
    #[diagnostic(
        code("wheel.metadata"),
        help("build it with a PEP 517 backend; the directory is named after project and version")
    )]
    Metadata {
        /// The file's name.
        name: String,
        /// The missing member.
        path: String,
    },
    /// Its name has not the five or six parts of a wheel's name.
    #[error("`{name}` is not named as a wheel")]
    #[diagnostic(
        code("wheel.name"),
        help("name it {{project}}-{{version}}-{{python}}-{{abi}}-{{platform}}.whl (PEP 427)")
    )]
    Name {
        /// The file's name.
        name: String,
    },
}

//! Errors end here: one type, one exit code, one way to be shown. Each module owns its messages.

use miette::Diagnostic;

use crate::{exit, finding::Finding};

/// The result of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything a command can fail with.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
#[expect(
    missing_docs,
    reason = "each variant is documented where its type is defined"
)]
pub enum Error {
    Apply(#[from] crate::apply::ApplyError),
    Bump(#[from] crate::bump::BumpError),
    Cliff(#[from] crate::changelog::cliff::CliffError),
    ChangelogRelease(#[from] crate::changelog::release::ReleaseError),
    Config(#[from] crate::config::ConfigError),
    File(#[from] crate::world::fs::FileError),
    Gate(#[from] crate::gate::GateError),
    Gather(#[from] crate::gather::GatherError),
    Git(#[from] crate::world::git::GitError),
    History(#[from] crate::world::history::HistoryError),
    Init(#[from] crate::init::InitError),
    Manifest(#[from] crate::manifest::ManifestError),
    Markdown(#[from] crate::evidence::markdown::MarkdownError),
    Framework(#[from] crate::xcframework::PlanError),
    Notes(#[from] crate::notes::NotesError),
    Path(#[from] crate::digest::InvalidPath),
    Publish(#[from] crate::publish::PublishError),
    Root(#[from] crate::sign::RootError),
    Sign(#[from] crate::sign::plan::SignError),
    Time(#[from] crate::context::InvalidTime),
    Retag(#[from] crate::wheel::PlanError),
    Trust(#[from] crate::trust::UnknownTrust),
    Usage(#[from] UsageError),
    Verify(#[from] crate::sign::NotVerified),
    Wheel(#[from] crate::wheel::WheelError),
    Version(#[from] crate::version::InvalidVersion),
}

/// The stable code of `error`.
#[must_use]
pub fn code_of(error: &Error) -> String {
    error
        .code()
        .map_or_else(String::new, |code| code.to_string())
}

impl Error {
    /// The exit code; see [`exit::MEANINGS`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if let Self::Gate(error) = self
            && let Some(verdict) = error.verdict()
        {
            return exit::of_verdict(verdict);
        }
        exit::of(&code_of(self))
    }

    /// What keeps the release from going out, where that is the reason.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Gate(error) => error.findings(),
            Self::Verify(error) => error.findings(),
            _ => &[],
        }
    }
}

/// The command line is wrong.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum UsageError {
    /// What clap refused.
    #[error("{message}")]
    #[diagnostic(code("usage.arguments"), help("{help}"))]
    Arguments {
        /// What clap says.
        message: String,
        /// What it suggests.
        help: String,
    },
    /// `relkit explain` of something unknown.
    #[error("there is no page about `{code}`")]
    #[diagnostic(
        code("usage.no_such_code"),
        help("did you mean `{near}`? Codes stand in square brackets behind `error` and `blocker`")
    )]
    NoSuchCode {
        /// The code asked for.
        code: String,
        /// The most similar one.
        near: String,
    },
    /// `relkit verify` without a word about who must have signed.
    #[error("nobody is named who must have signed")]
    #[diagnostic(
        code("usage.no_signer"),
        help("name them: `--identity I --issuer U`; `--any-identity` checks integrity only")
    )]
    NoSigner,
    /// `--bundle` with several files.
    #[error("`--bundle` names the bundle of one file, and {files} are given")]
    #[diagnostic(
        code("usage.one_bundle"),
        help("leave `--bundle` out: each file's bundle is looked for beside it")
    )]
    OneBundle {
        /// How many.
        files: usize,
    },
    /// `--rc` on a version that is a candidate already.
    #[error("`{version}` is a pre-release already, and `--rc {number}` makes it another one")]
    #[diagnostic(
        code("usage.two_stages"),
        help("write `{base} --rc {number}`, or the version alone")
    )]
    TwoStages {
        /// The version.
        version: String,
        /// Its base.
        base: String,
        /// The number behind `--rc`.
        number: u64,
    },
    /// A file that is no plan.
    #[error("`{path}` is not a plan")]
    #[diagnostic(
        code("usage.not_a_plan"),
        help("make one with `relkit bump 0.2.0 -n --json > plan.json`")
    )]
    NotAPlan {
        /// The file.
        path: String,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// A plan of another major version.
    #[error("`{path}` is a plan of schema `{schema}`, and this relkit performs `{known}`", known = crate::plan::SCHEMA)]
    #[diagnostic(
        code("usage.plan_schema"),
        help("plan again with this version of relkit")
    )]
    PlanSchema {
        /// The file.
        path: String,
        /// What it calls itself.
        schema: String,
    },
    /// The demo's own refusal did not happen.
    #[error("the gate let a changed artifact pass")]
    #[diagnostic(
        code("demo.gate_open"),
        help("report this as a fault of relkit; publish nothing with it")
    )]
    GateOpen,
    /// The demo's directory is in use.
    #[error("`{path}` is not empty")]
    #[diagnostic(
        code("usage.not_empty"),
        help("name a new directory, or leave it out: `relkit demo`")
    )]
    NotEmpty {
        /// The directory.
        path: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_that_stays_open_in_the_demo_is_a_fault_of_relkit() {
        let error = Error::from(UsageError::GateOpen);
        assert_eq!(code_of(&error), "demo.gate_open");
        assert_eq!(error.exit_code(), exit::INTERNAL);
    }
}

//! Why a bundle proves nothing.

use crate::{digest::Digest, finding::Finding};

/// A bundle does not verify. Exit code 6, and a blocker of the gate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum SignatureError {
    /// There is no bundle.
    #[error("there is no bundle `{bundle}`")]
    #[diagnostic(
        code("signature.missing"),
        help("sign the file with `relkit sign`, or name its bundle with `--bundle`")
    )]
    Missing {
        /// Where one was looked for.
        bundle: String,
    },
    /// It is not of the one shape that is read.
    #[error("the bundle is not well-formed: {reason}")]
    #[diagnostic(
        code("signature.malformed"),
        help("sign the file again; a bundle is never edited by hand")
    )]
    Malformed {
        /// In what.
        reason: String,
    },
    /// It is a signature over something else.
    #[error("the bundle is of other bytes than those of the file")]
    #[diagnostic(
        code("signature.other_bytes"),
        help("sign the file as it is now, or restore the one that was signed")
    )]
    OtherBytes {
        /// What it signs, as it says itself.
        signed: Option<Digest>,
    },
    /// A local instance made it, and another root was asked.
    #[error("the signature is of the trust `local`: its certificate says `{name}`, and the {root} root does not vouch for that", name = super::LOCAL_NAME)]
    #[diagnostic(
        code("signature.trust_local"),
        help(
            "no third party has witnessed it; if that is enough here, allow it: `--trust local`, or `trust = [\"local\"]` in the row"
        )
    )]
    TrustLocal {
        /// The root that was asked.
        root: super::Tier,
    },
    /// A certificate, timestamp, log entry or signature does not hold.
    #[error("the signature does not verify: {reason}")]
    #[diagnostic(
        code("signature.invalid"),
        help("do not use the file; get it and its bundle again from where they were published")
    )]
    Invalid {
        /// What the verifier says.
        reason: String,
    },
    /// Somebody else signed.
    #[error("the signature is of `{actual}`, not of `{expected}`")]
    #[diagnostic(
        code("signature.identity"),
        help("identities are compared exactly; trust the other one only if you know it")
    )]
    Identity {
        /// Who should have.
        expected: String,
        /// Who did.
        actual: String,
    },
    /// Somebody else vouches for the identity.
    #[error("the identity is vouched for by `{actual}`, not by `{expected}`")]
    #[diagnostic(
        code("signature.issuer"),
        help("issuers are compared exactly; the same name at another issuer is another person")
    )]
    Issuer {
        /// Who should.
        expected: String,
        /// Who does.
        actual: String,
    },
}

/// A trusted root cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{name}` is not a trusted root")]
#[diagnostic(
    code("trust.root"),
    help("`relkit trust export` writes one; it is a `trusted_root.json` of Sigstore")
)]
pub struct RootError {
    pub(super) name: String,
    #[source]
    pub(super) reason: Box<dyn std::error::Error + Send + Sync>,
}

/// Not every file that was to be verified does.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum NotVerified {
    /// It was one, and this is why.
    #[error(transparent)]
    #[diagnostic(transparent)]
    One(#[from] SignatureError),
    /// Some of several.
    #[error("{} of {total} files do not verify", .findings.len())]
    #[diagnostic(
        code("signature.not_verified"),
        help("see above for each; use none of the files until all verify")
    )]
    Some {
        /// Why, for each.
        findings: Vec<Finding>,
        /// How many there were.
        total: usize,
    },
}

impl NotVerified {
    /// Why, for each file.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::One(_) => &[],
            Self::Some { findings, .. } => findings,
        }
    }
}

impl SignatureError {
    /// The same as a finding about `file`.
    #[must_use]
    pub fn finding(&self, file: &str) -> Finding {
        let code = miette::Diagnostic::code(self).map(|code| code.to_string());
        let finding = Finding::new(&code.unwrap_or_default(), format!("`{file}`: {self}"));
        match miette::Diagnostic::help(self) {
            Some(help) => finding.help(help.to_string()),
            None => finding,
        }
    }
}

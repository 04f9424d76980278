//! Whom a signature asks you to trust: the tier of a Sigstore instance.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The tier of a Sigstore instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The public-good instance: its identities are proven, its logs are witnessed by others.
    Public,
    /// This project's own instance on this machine: no third party has witnessed anything.
    Local,
}

/// Who must have signed. Both are compared exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// Whom the certificate names: an e-mail address or a URI.
    pub identity: String,
    /// Who vouches for that.
    pub issuer: String,
}

/// Text that names no tier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("there is no trust `{name}`")]
#[diagnostic(
    code("trust.unknown"),
    help("write `public` or `local`; staging, GitHub's and private instances come later")
)]
pub struct UnknownTrust {
    name: String,
}

impl Trust {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Trust {
    type Err = UnknownTrust;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Public, Self::Local]
            .into_iter()
            .find(|trust| trust.as_str() == name)
            .ok_or_else(|| UnknownTrust {
                name: name.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_reads_back_and_nothing_else_does() {
        for trust in [Trust::Public, Trust::Local] {
            assert_eq!(trust.to_string().parse(), Ok(trust));
        }
        for name in ["Local", "", "staging", "github"] {
            assert!(name.parse::<Trust>().is_err(), "{name}");
        }
    }
}

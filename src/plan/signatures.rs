//! Signatures over artifacts.

use serde::{Deserialize, Serialize};

use super::Reach;
use crate::{
    digest::{Identity, PublicPath},
    trust::Trust,
};

/// Something to do to a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SignatureStep {
    /// A bundle that verifies over these very bytes of a file shall stand at `to`.
    Sign {
        /// The file, bound to its bytes.
        file: Identity,
        /// Relative to the repository's root.
        to: PublicPath,
        /// Whose instance signs.
        trust: Trust,
        /// Who signs, as the bundle will say.
        identity: String,
    },
}

impl SignatureStep {
    pub(super) fn reach(&self) -> Reach {
        let Self::Sign { trust, .. } = self;
        match trust {
            Trust::Local => Reach::Local,
            // An entry of a public log stays.
            Trust::Public => Reach::OneWay,
        }
    }

    pub(super) fn line(&self) -> (&'static str, String) {
        let Self::Sign {
            file, to, trust, ..
        } = self;
        ("Sign", format!("{} as {to} (trust {trust})", file.path))
    }
}

//! `when`: the releases that a row applies to, decided by the version alone.

use toml::Spanned;

use super::{ConfigError, Place};
use crate::version::{PreKind, Version};

/// The releases that a row applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// `x.y.z`, z not 0.
    Patch,
    /// `x.y.0`, y not 0.
    Minor,
    /// `x.0.0`.
    Major,
    /// An alpha.
    Alpha,
    /// A beta.
    Beta,
    /// A release candidate.
    Rc,
    /// Anything before a final release.
    Pre,
    /// A final release.
    Stable,
}

impl When {
    const ALL: [(&str, Self); 8] = [
        ("patch", Self::Patch),
        ("minor", Self::Minor),
        ("major", Self::Major),
        ("alpha", Self::Alpha),
        ("beta", Self::Beta),
        ("rc", Self::Rc),
        ("pre", Self::Pre),
        ("stable", Self::Stable),
    ];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, when)| *when == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether a row with this condition applies to `version`.
    #[must_use]
    pub fn applies(self, version: &Version) -> bool {
        let pre = version.pre.map(|pre| pre.kind);
        match (self, version.base) {
            (Self::Patch, [_, _, patch]) => patch != 0,
            (Self::Minor, [_, minor, patch]) => patch == 0 && minor != 0,
            (Self::Major, [_, minor, patch]) => patch == 0 && minor == 0,
            (Self::Alpha, _) => pre == Some(PreKind::Alpha),
            (Self::Beta, _) => pre == Some(PreKind::Beta),
            (Self::Rc, _) => pre == Some(PreKind::Candidate),
            (Self::Pre, _) => pre.is_some(),
            (Self::Stable, _) => pre.is_none(),
        }
    }
}

pub(super) fn validate(word: &Spanned<String>, text: &str) -> Result<When, ConfigError> {
    When::ALL
        .iter()
        .find(|(name, _)| name == word.get_ref())
        .map(|(_, when)| *when)
        .ok_or_else(|| {
            ConfigError::invalid(
                format!("`when = \"{}\"` names no kind of release", word.get_ref()),
                Place::new(text, word.span().start),
                format!(
                    "use one of: {}",
                    When::ALL.map(|(name, _)| format!("`{name}`")).join(", ")
                ),
            )
        })
}

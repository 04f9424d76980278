//! One version, spelled the way each ecosystem wants it.
//!
//! A [`Version`] is the canonical value; nothing here reads or writes a file. The spellings follow
//! `SemVer` 2.0.0 and PEP 440.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// A release version: `MAJOR.MINOR.PATCH`, with an optional pre-release, post-release and build.
///
/// Builds that differ only in case or in their separators are one build, as in PEP 440: no
/// ecosystem may write them all.
#[derive(Clone, Debug)]
pub struct Version {
    /// `[major, minor, patch]`.
    pub base: [u64; 3],
    /// `None` for a final release.
    pub pre: Option<Pre>,
    /// A PEP 440 post-release number. `SemVer` has no such thing and spells it as build metadata.
    pub post: Option<u64>,
    /// `SemVer` build metadata or PEP 440 local version, without the `+`.
    pub build: Option<String>,
}

/// A stage before the final release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pre {
    /// Which stage.
    pub kind: PreKind,
    /// Its number.
    pub number: u64,
}

/// The stages before a final release, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreKind {
    /// `.dev1`, before any alpha (PEP 440).
    Dev,
    /// `a1`, `-alpha.1`.
    Alpha,
    /// `b1`, `-beta.1`.
    Beta,
    /// `rc1`, `-rc.1`.
    Candidate,
}

/// How an ecosystem writes a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// `0.2.0-rc.1`: Cargo, npm (`SemVer` 2.0.0).
    Semver,
    /// `0.2.0rc1`: Python (PEP 440, normal form).
    Pep440,
}

/// The text is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{text}` is not a version")]
#[diagnostic(
    code("version.invalid"),
    help("write it as MAJOR.MINOR.PATCH, for example `0.2.0`; a candidate is `0.2.0 --rc 1`")
)]
pub struct InvalidVersion {
    text: String,
}

impl PreKind {
    const ALL: [(Self, &[&str]); 4] = [
        (Self::Candidate, &["rc", "c", "pre", "preview"]),
        (Self::Beta, &["beta", "b"]),
        (Self::Alpha, &["alpha", "a"]),
        (Self::Dev, &["dev"]),
    ];

    /// `dev`, `alpha`, `beta` or `rc`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Candidate => "rc",
        }
    }

    fn pep440(self) -> &'static str {
        match self {
            Self::Dev => ".dev",
            Self::Alpha => "a",
            Self::Beta => "b",
            Self::Candidate => "rc",
        }
    }
}

impl Version {
    /// A final release.
    #[must_use]
    pub fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self {
            base: [major, minor, patch],
            pre: None,
            post: None,
            build: None,
        }
    }

    /// The release candidate `number` of this version's base.
    #[must_use]
    pub fn candidate(&self, number: u64) -> Self {
        Self {
            base: self.base,
            pre: Some(Pre {
                kind: PreKind::Candidate,
                number,
            }),
            post: None,
            build: None,
        }
    }

    /// The final release of this version's base.
    #[must_use]
    pub fn to_final(&self) -> Self {
        let [major, minor, patch] = self.base;
        Self::new(major, minor, patch)
    }

    /// Reads a version whose base may have fewer than three numbers: `26.3` is `26.3.0` (PEP 440,
    /// "Final releases").
    #[must_use]
    pub fn read_short(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (base, rest) = text.split_at(end.unwrap_or(text.len()));
        let numbers = base.trim_end_matches('.');
        let missing = 2_usize.checked_sub(numbers.matches('.').count())?;
        let dot = &base[numbers.len()..];
        format!("{numbers}{}{dot}{rest}", ".0".repeat(missing))
            .parse()
            .ok()
    }

    /// True before the final release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.pre.is_some()
    }

    /// `0.2.0`.
    #[must_use]
    pub fn base(&self) -> String {
        let [major, minor, patch] = self.base;
        format!("{major}.{minor}.{patch}")
    }

    /// As `spelling` writes it.
    #[must_use]
    pub fn spell(&self, spelling: Spelling) -> String {
        match spelling {
            Spelling::Semver => self.semver(),
            Spelling::Pep440 => self.pep440(),
        }
    }

    /// `0.2.0-rc.1` (`SemVer` 2.0.0).
    #[must_use]
    pub fn semver(&self) -> String {
        let mut text = self.base();
        if let Some(pre) = self.pre {
            text += &format!("-{}.{}", pre.kind.name(), pre.number);
        }
        let post = self.post.map(|n| format!("post.{n}"));
        // PEP 440 allows `_`, SemVer does not.
        let build = self.build.as_ref().map(|build| build.replace('_', "-"));
        let build: Vec<_> = post.into_iter().chain(build).collect();
        if !build.is_empty() {
            text += &format!("+{}", build.join("."));
        }
        text
    }

    /// `0.2.0rc1` (PEP 440, normal form).
    #[must_use]
    pub fn pep440(&self) -> String {
        let mut text = self.base();
        if let Some(pre) = self.pre {
            text += &format!("{}{}", pre.kind.pep440(), pre.number);
        }
        if let Some(post) = self.post {
            text += &format!(".post{post}");
        }
        let build = self.folded_build();
        if !build.is_empty() {
            text += &format!("+{build}");
        }
        text
    }

    /// The build as PEP 440 writes it, empty if there is none.
    fn folded_build(&self) -> String {
        let text = self.build.as_deref().unwrap_or_default().to_lowercase();
        let parts = text.split(['.', '-', '_']).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(".")
    }

    /// What decides the order, most important first.
    fn rank(&self) -> ([u64; 3], (u8, Option<Pre>), Option<u64>, String) {
        let stage = self.pre.map_or((1, None), |pre| (0, Some(pre)));
        (self.base, stage, self.post, self.folded_build())
    }

    /// `0.2.0-rc1`: what stands in the default tag after its `v`, and in changelog headings.
    #[must_use]
    pub fn heading(&self) -> String {
        let mut text = self.base();
        if let Some(pre) = self.pre {
            text += &format!("-{}{}", pre.kind.name(), pre.number);
        }
        if let Some(post) = self.post {
            text += &format!(".post{post}");
        }
        if let Some(build) = &self.build {
            text += &format!("+{build}");
        }
        text
    }

    /// The tag that `template` gives: `{version}` (base or base-rcN), `{semver}`, `{pep440}` and
    /// `{name}` are replaced.
    #[must_use]
    pub fn tag(&self, template: &str, name: &str) -> String {
        template
            .replace("{version}", &self.heading())
            .replace("{semver}", &self.semver())
            .replace("{pep440}", &self.pep440())
            .replace("{name}", name)
    }

    /// The version whose tag under `template` is `tag`, if there is one.
    #[must_use]
    pub fn from_tag(tag: &str, template: &str, name: &str) -> Option<Self> {
        let template = template.replace("{name}", name);
        let place = ["{version}", "{semver}", "{pep440}"]
            .into_iter()
            .find_map(|key| template.split_once(key))?;
        let text = tag.strip_prefix(place.0)?.strip_suffix(place.1)?;
        let version: Self = text.parse().ok()?;
        (version.tag(&template, name) == tag).then_some(version)
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    /// Reads any spelling: `0.2.0-rc.1`, `0.2.0rc1`, `0.2.0.rc1`, `0.2.0-RC1`, `0.2.0c1`,
    /// `0.2.0-pre1`, `1.2.3.post4`, `1.2.3+build`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| InvalidVersion {
            text: text.chars().take(80).collect(),
        })
    }
}

fn read(text: &str) -> Option<Version> {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build_metadata(build)?)),
        None => (text, None),
    };
    let (major, rest) = number(rest)?;
    let (minor, rest) = number(rest.strip_prefix('.')?)?;
    let (patch, mut rest) = number(rest.strip_prefix('.')?)?;
    let mut version = Version::new(major, minor, patch);
    if !rest.is_empty() && !rest.starts_with(".post") {
        let (pre, tail) = prerelease(rest)?;
        version.pre = Some(pre);
        rest = tail;
    }
    if let Some(post) = rest.strip_prefix(".post") {
        let (post, tail) = number(post)?;
        version.post = Some(post);
        rest = tail;
    }
    if !rest.is_empty() {
        return None;
    }
    match build {
        Some((Some(post), rest)) => {
            version.post = Some(post);
            version.build = rest;
        }
        Some((None, rest)) => version.build = rest,
        None => {}
    }
    Some(version)
}

/// Build metadata; `post.N` in front of it is how [`Version::semver`] writes a post-release.
fn build_metadata(text: &str) -> Option<(Option<u64>, Option<String>)> {
    let legal = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if text.is_empty() || !text.chars().all(legal) || text.split('.').any(str::is_empty) {
        return None;
    }
    let separators = ['.', '-', '_'];
    let post = text
        .split_once(separators)
        .filter(|(word, _)| word.eq_ignore_ascii_case("post"))
        .and_then(|(_, rest)| number(rest))
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(separators));
    Some(match post {
        Some((post, rest)) => (Some(post), rest.strip_prefix(separators).map(str::to_owned)),
        None => (None, Some(text.to_owned())),
    })
}

fn prerelease(text: &str) -> Option<(Pre, &str)> {
    let text = text.strip_prefix(['-', '.', '_']).unwrap_or(text);
    let word_end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(word_end);
    let word = word.to_ascii_lowercase();
    let (kind, _) = PreKind::ALL
        .iter()
        .find(|(_, names)| names.contains(&word.as_str()))?;
    let rest = rest.strip_prefix(['-', '.', '_']).unwrap_or(rest);
    let (number, rest) = leading_zeros(rest)?;
    Some((
        Pre {
            kind: *kind,
            number,
        },
        rest,
    ))
}

/// A number without leading zeros, as `SemVer` demands of the base.
fn number(text: &str) -> Option<(u64, &str)> {
    let (value, rest) = leading_zeros(text)?;
    let digits = text.len() - rest.len();
    (digits == 1 || !text.starts_with('0')).then_some((value, rest))
}

/// A number that may have leading zeros (`rc01` is `rc1` in PEP 440).
fn leading_zeros(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.heading())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// Release order. A pre-release comes before its release; build metadata decides last, so that
    /// equal means equal.
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.heading())
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;

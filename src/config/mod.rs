//! `relkit.toml`: as the user writes it (`raw`) and as relkit means it (here).
//!
//! Pure: text in, values or one error out. Versions are never stored in it, and nothing here
//! knows whether the files that it names exist.

pub mod assertion;
mod attestation;
mod error;
pub mod glob;
mod raw;
pub mod row;
mod when;

use toml::Spanned;

pub use self::{
    error::{ConfigError, Place},
    glob::{Glob, Globs},
    row::{Kind, Row},
    when::When,
};
use crate::digest::{Digest, PublicPath};

/// The name of the file at the repository's root.
pub const FILE_NAME: &str = "relkit.toml";
/// Where the JSON schema of the file is published.
pub const SCHEMA_URI: &str = "https://relkit.dev/schema/relkit.json";

/// A whole configuration, validated.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[project] name`.
    pub name: Option<String>,
    /// `[release]`.
    pub release: Release,
    /// `[bump]`.
    pub bump: Bump,
    /// `[changelog]`.
    pub changelog: Changelog,
    /// `[gate.*]`, in the order of the file.
    pub gate: Vec<Row>,
    /// `[channel.*]`, in the order of the file.
    pub channels: Vec<Channel>,
}

/// What a release consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The bytes to be published.
    pub artifacts: Globs,
    /// The tag's template; `{version}`, `{semver}`, `{pep440}` and `{name}` are replaced.
    pub tag: String,
    /// Branches that a release may be made from; empty means any.
    pub branch: Globs,
    /// The text that limits what the release claims, pinned.
    pub claim_boundary: Option<ClaimBoundary>,
}

/// A text file whose bytes are pinned by the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimBoundary {
    /// Where it stands.
    pub path: PublicPath,
    /// What it must be.
    pub sha256: Digest,
}

/// How `relkit bump` edits and records.
#[derive(Clone, Debug, PartialEq)]
pub struct Bump {
    /// Manifests that are left alone.
    pub exclude: Globs,
    /// The commit's message; `{version}` and `{tag}` are replaced.
    pub message: String,
    /// The annotated tag's message; `{version}` and `{tag}` are replaced.
    pub tag_message: String,
}

/// Where the changelog and its rules stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changelog {
    /// The changelog.
    pub path: PublicPath,
    /// git-cliff's configuration.
    pub cliff: PublicPath,
}

/// A place that a release is published to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The table's name.
    pub name: String,
    /// What it is.
    pub kind: ChannelKind,
}

/// The kinds of channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A directory laid out as a simple package index and release assets.
    File {
        /// Relative to the root, or absolute.
        path: String,
    },
}

impl Config {
    /// Reads and validates the text of `relkit.toml`.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let raw = raw::Raw::read(text)?;
        let at = |span: std::ops::Range<usize>| Place::new(text, span.start);
        if let Some(profile) = &raw.profile {
            return Err(ConfigError::invalid(
                format!("there is no profile `{}`", profile.get_ref()),
                at(profile.span()),
                "remove `profile`: this version of relkit has no profiles yet",
            ));
        }
        let project = raw.project.unwrap_or_default();
        Ok(Self {
            name: project.name,
            release: release(raw.release.unwrap_or_default(), text)?,
            bump: bump(raw.bump.unwrap_or_default(), text)?,
            changelog: changelog(raw.changelog.unwrap_or_default(), text)?,
            gate: raw
                .gate
                .0
                .into_iter()
                .map(|(name, row)| row::validate(&name, row.into_inner(), text))
                .collect::<Result<_, _>>()?,
            channels: raw
                .channel
                .0
                .into_iter()
                .map(|(name, channel)| validate_channel(&name, channel.into_inner(), text))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Reads and validates the bytes of `relkit.toml`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ConfigError> {
        let text = String::from_utf8_lossy(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(e) => {
                let place = Place::new(&text, e.valid_up_to());
                Err(ConfigError::Syntax(place.because("it is not UTF-8")))
            }
        }
    }

    /// The project's name, or what stands in for one.
    #[must_use]
    pub fn name_or<'a>(&'a self, fallback: &'a str) -> &'a str {
        self.name.as_deref().unwrap_or(fallback)
    }
}

/// The JSON schema (draft-07) of `relkit.toml`.
#[cfg(feature = "schema")]
#[must_use]
pub fn schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<raw::Raw>();
    schema.insert("$id".to_owned(), SCHEMA_URI.into());
    schema.insert("title".to_owned(), FILE_NAME.into());
    schema.to_value()
}

fn release(raw: raw::Release, text: &str) -> Result<Release, ConfigError> {
    let tag = match raw.tag {
        None => "v{version}".to_owned(),
        Some(tag) if has_version(tag.get_ref()) => tag.into_inner(),
        Some(tag) => {
            return Err(ConfigError::invalid(
                format!("the tag template `{}` names no version", tag.get_ref()),
                Place::new(text, tag.span().start),
                "write `{version}`, `{semver}` or `{pep440}` into it, as in `v{version}`",
            ));
        }
    };
    let claim_boundary = match raw.claim_boundary {
        None => None,
        Some(raw) => Some(ClaimBoundary {
            path: public_path(&raw.path, text)?,
            sha256: digest(&raw.sha256, text)?,
        }),
    };
    Ok(Release {
        artifacts: Globs::validate(&raw.artifacts, text)?,
        tag,
        branch: Globs::validate(&raw.branch, text)?,
        claim_boundary,
    })
}

fn has_version(template: &str) -> bool {
    ["{version}", "{semver}", "{pep440}"]
        .iter()
        .any(|key| template.contains(key))
}

fn bump(raw: raw::Bump, text: &str) -> Result<Bump, ConfigError> {
    Ok(Bump {
        exclude: Globs::validate(&raw.exclude, text)?,
        message: raw.message.unwrap_or_else(|| "release: {tag}".to_owned()),
        tag_message: raw
            .tag_message
            .unwrap_or_else(|| "Release {tag}".to_owned()),
    })
}

fn changelog(raw: raw::Changelog, text: &str) -> Result<Changelog, ConfigError> {
    let or = |path: Option<Spanned<String>>, default: &str| {
        public_path(
            &path.unwrap_or_else(|| Spanned::new(0..0, default.to_owned())),
            text,
        )
    };
    Ok(Changelog {
        path: or(raw.path, "CHANGELOG.md")?,
        cliff: or(raw.cliff, "cliff.toml")?,
    })
}

fn validate_channel(
    name: &Spanned<String>,
    raw: raw::Channel,
    text: &str,
) -> Result<Channel, ConfigError> {
    let at = |span: std::ops::Range<usize>| Place::new(text, span.start);
    let kind = match (raw.kind.get_ref().as_str(), raw.path) {
        ("file", Some(path)) if !path.get_ref().is_empty() => ChannelKind::File {
            path: path.into_inner(),
        },
        ("file", _) => {
            return Err(ConfigError::invalid(
                format!("channel `{}` has no `path`", name.get_ref()),
                at(name.span()),
                "name the directory to publish to: `path = \"public\"`",
            ));
        }
        (kind, _) => {
            return Err(ConfigError::invalid(
                format!("channel `{}` has the unknown kind `{kind}`", name.get_ref()),
                at(raw.kind.span()),
                "the kinds are: `file`",
            ));
        }
    };
    Ok(Channel {
        name: name.get_ref().clone(),
        kind,
    })
}

fn public_path(path: &Spanned<String>, text: &str) -> Result<PublicPath, ConfigError> {
    PublicPath::new(path.get_ref().clone()).map_err(|e| {
        ConfigError::invalid(
            e.to_string(),
            Place::new(text, path.span().start),
            "use a path relative to the repository's root, with `/` between its parts",
        )
    })
}

fn digest(sha256: &Spanned<String>, text: &str) -> Result<Digest, ConfigError> {
    sha256
        .get_ref()
        .parse()
        .map_err(|e: crate::digest::InvalidDigest| {
            ConfigError::invalid(
                e.to_string(),
                Place::new(text, sha256.span().start),
                "write 64 lower-case hexadecimal digits, as `sha256sum` prints them",
            )
        })
}

#[cfg(test)]
mod tests;

//! `relkit.toml` as the user writes it. Names and shapes only; meaning is given by the parent.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, SeqAccess, Visitor, value},
};
use toml::Spanned;

use super::{ConfigError, Place};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    /// A named set of defaults.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) profile: Option<Spanned<String>>,
    /// What the project is called.
    pub(super) project: Option<Project>,
    /// What a release consists of.
    pub(super) release: Option<Release>,
    /// How `relkit bump` edits and records.
    pub(super) bump: Option<Bump>,
    /// Where the changelog and its rules stand.
    pub(super) changelog: Option<Changelog>,
    /// The rows of the gate. The key that is present names the kind of a row (`expect`, `file`,
    /// `junit`, `json`, `attestation`); where none is, the table's name does (`changelog`, `version`, `git`).
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, Row>")
    )]
    pub(super) gate: Ordered<Row>,
    /// Places that a release is published to.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, Channel>")
    )]
    pub(super) channel: Ordered<Channel>,
}

/// `[project]`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Project {
    /// Stands for `{name}` in the tag's template, and in the report.
    pub(super) name: Option<String>,
}

/// `[release]`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Release {
    /// Globs of the bytes to be published.
    #[cfg_attr(feature = "schema", schemars(with = "StringOrList"))]
    pub(super) artifacts: OneOrMany,
    /// The tag's template. Default: `v{version}`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) tag: Option<Spanned<String>>,
    /// Globs of the branches that a release may be made from.
    #[cfg_attr(feature = "schema", schemars(with = "StringOrList"))]
    pub(super) branch: OneOrMany,
    /// A text that limits what the release claims, pinned by its digest.
    pub(super) claim_boundary: Option<ClaimBoundary>,
}

/// `claim_boundary`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimBoundary {
    /// The file.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(super) path: Spanned<String>,
    /// Its digest.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(super) sha256: Spanned<String>,
}

/// `[bump]`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Bump {
    /// Globs of the manifests that are left alone.
    #[cfg_attr(feature = "schema", schemars(with = "StringOrList"))]
    pub(super) exclude: OneOrMany,
    /// The commit's message. Default: `release: {tag}`.
    pub(super) message: Option<String>,
    /// The annotated tag's message. Default: `{tag}`.
    pub(super) tag_message: Option<String>,
}

/// `[changelog]`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Changelog {
    /// Default: `CHANGELOG.md`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) path: Option<Spanned<String>>,
    /// Default: `cliff.toml`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) cliff: Option<Spanned<String>>,
}

/// `[gate.NAME]`: the keys of all kinds of row. Which may stand together is checked afterwards.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Row {
    /// Kind `expect`: the outputs, by name or glob, with their counts.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<std::collections::BTreeMap<String, u64>>")
    )]
    pub(super) expect: Option<Ordered<u64>>,
    /// Kind `file`: globs.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) file: Option<OneOrMany>,
    /// Kind `junit`: globs of `JUnit` reports.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) junit: Option<OneOrMany>,
    /// Kind `json`: globs of JSON documents.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) json: Option<OneOrMany>,
    /// Kind `sums`: paths of `SHA256SUMS` lists.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) sums: Option<OneOrMany>,
    /// Of `sums`: globs of the files that must be listed. Default: all files beside a list.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) covers: Option<OneOrMany>,
    /// Kind `attestation`: globs of files that have a bundle beside them.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) attestation: Option<OneOrMany>,
    /// Of `attestation`: who must have signed; any of them.
    pub(super) signer: Option<Vec<Signer>>,
    /// Of `attestation`: the tiers that may vouch for them. Default: `public`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) trust: Option<OneOrMany>,
    /// Of `attestation`: how many of the signers. Default: 1.
    pub(super) threshold: Option<u64>,
    /// Of `file`: how many files there must be.
    pub(super) count: Option<u64>,
    /// Of `file`: in bytes.
    pub(super) min_size: Option<u64>,
    /// Of `file`: in bytes.
    pub(super) max_size: Option<u64>,
    /// Of `file`: the pinned digest.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) sha256: Option<Spanned<String>>,
    /// Of `junit` and `json`: assertions.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) require: Option<OneOrMany>,
    /// Of `json`: the MAJOR of the document's `schema_version`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) schema: Option<Spanned<String>>,
    /// Of `json`: who may have generated the document (`generated_by`).
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) by: Option<OneOrMany>,
    /// Of `git`: globs of branches.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) branch: Option<OneOrMany>,
    /// Of `changelog`: the file.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) path: Option<Spanned<String>>,
    /// Of `changelog`: the sections that may stand in it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) sections: Option<OneOrMany>,
    /// Default: true.
    pub(super) required: Option<bool>,
    /// The releases that the row applies to.
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::When>"))]
    pub(super) when: Option<Spanned<String>>,
    /// Issues that track the row.
    #[cfg_attr(feature = "schema", schemars(with = "Option<StringOrList>"))]
    pub(super) issues: Option<OneOrMany>,
}

/// One of `signer`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Signer {
    /// The certificate's identity, compared exactly.
    pub(super) identity: String,
    /// Who vouches for it, compared exactly.
    pub(super) issuer: String,
}

/// `[channel.NAME]`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    /// `file`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(super) kind: Spanned<String>,
    /// Of `file`: the directory to publish to.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) path: Option<Spanned<String>>,
}

impl Raw {
    /// Reads `text`; the two kinds of error are told apart by who meets them.
    pub(super) fn read(text: &str) -> Result<Self, ConfigError> {
        let parsed = toml::Deserializer::parse(text).map_err(|e| {
            let offset = e.span().map_or(0, |span| span.start);
            ConfigError::Syntax(Place::new(text, offset).because(e.message()))
        })?;
        Self::deserialize(parsed).map_err(|e| ConfigError::from_serde(&e, text))
    }
}

/// A table whose order matters.
#[derive(Debug)]
pub(super) struct Ordered<T>(pub(super) Vec<(Spanned<String>, Spanned<T>)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OrderedVisitor(PhantomData))
    }
}

struct OrderedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrderedVisitor<T> {
    type Value = Ordered<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Ordered(entries))
    }
}

/// A string, or a list of strings.
#[derive(Debug, Default)]
pub(super) struct OneOrMany(pub(super) Vec<Spanned<String>>);

impl OneOrMany {
    /// The strings alone.
    pub(super) fn texts(self) -> Vec<String> {
        self.0.into_iter().map(Spanned::into_inner).collect()
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Inner>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(Self(match spanned.into_inner() {
            Inner::One(text) => vec![Spanned::new(span, text)],
            Inner::Many(texts) => texts,
        }))
    }
}

enum Inner {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InnerVisitor)
    }
}

struct InnerVisitor;

impl<'de> Visitor<'de> for InnerVisitor {
    type Value = Inner;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<Inner, E> {
        Ok(Inner::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Inner, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(Inner::Many)
    }
}

/// How [`OneOrMany`] stands in the JSON schema.
#[cfg(feature = "schema")]
pub(super) struct StringOrList;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for StringOrList {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StringOrList".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}}
            ]
        })
    }
}

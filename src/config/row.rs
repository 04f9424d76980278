//! `[gate.NAME]`: which kind a row is, and what its keys mean.

use toml::Spanned;

use super::{
    ConfigError, Glob, Globs, Place,
    assertion::{Assertion, Dialect},
    attestation, digest, public_path,
    raw::{self, OneOrMany},
    when::{When, validate as when},
};
use crate::{
    digest::{Digest, PublicPath},
    trust::{Signer, Trust},
};

/// A row of the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The table's name.
    pub name: String,
    /// What it checks.
    pub kind: Kind,
    /// Whether the release waits for it.
    pub required: bool,
    /// The releases that it applies to; `None` means all.
    pub when: Option<When>,
    /// Issues that track it.
    pub issues: Vec<String>,
}

/// What a row checks.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The artifacts are exactly these.
    Expect(Expect),
    /// Files are there, of a size or with a digest.
    File(File),
    /// `JUnit` reports say that the tests passed.
    Junit(Junit),
    /// JSON documents say what they must.
    Json(Json),
    /// Lists of checksums hold.
    Sums(Sums),
    /// Files are signed by those who may.
    Attestation(Attestation),
    /// The changelog has a section for the release.
    Changelog(Changelog),
    /// Every version site states the release's version.
    Version,
    /// The tree is clean, and the tag points at the commit.
    Git(Git),
}

/// The keys of an `expect` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// Globs and how many artifacts each must match.
    pub outputs: Vec<(Glob, u64)>,
}

/// The keys of a `file` row.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Which files.
    pub files: Globs,
    /// How many; `None` means at least one.
    pub count: Option<u64>,
    /// In bytes, of each.
    pub min_size: Option<u64>,
    /// In bytes, of each.
    pub max_size: Option<u64>,
    /// Of each.
    pub sha256: Option<Digest>,
}

/// The keys of a `junit` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Junit {
    /// Which reports.
    pub reports: Globs,
    /// Assertions over the summed counters.
    pub require: Vec<Assertion>,
}

/// The keys of a `json` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// Which documents.
    pub documents: Globs,
    /// The MAJOR that `schema_version` must have.
    pub schema: Option<u64>,
    /// What `generated_by` may be; empty means anything.
    pub by: Vec<String>,
    /// Assertions over each document.
    pub require: Vec<Assertion>,
}

/// The keys of a `sums` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// The lists.
    pub lists: Vec<PublicPath>,
    /// Which files must be listed.
    pub covers: Covers,
}

/// Which files a list must name.
#[derive(Clone, Debug, PartialEq)]
pub enum Covers {
    /// Every file beside it, and below.
    All,
    /// These.
    Only(Globs),
}

impl Sums {
    /// Globs of all files beside the lists, and below; at the root only those beside.
    #[must_use]
    pub fn beside(&self) -> Globs {
        let globs = self.lists.iter().filter_map(|list| {
            let pattern = match list.as_str().rsplit_once('/') {
                Some((directory, _)) => format!("{}/**/*", glob::Pattern::escape(directory)),
                None => "*".to_owned(),
            };
            Glob::new(&pattern).ok()
        });
        Globs(globs.collect())
    }
}

/// The keys of an `attestation` row: a signing policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The files, each with a bundle beside it.
    pub files: Globs,
    /// Who may have signed, at least one.
    pub signers: Vec<Signer>,
    /// The tiers that may vouch for them.
    pub trust: Vec<Trust>,
    /// How many of them must have signed each file.
    pub threshold: u64,
}

/// The keys of a `changelog` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Changelog {
    /// The file; `None` means `[changelog] path`.
    pub path: Option<PublicPath>,
    /// The sections that may stand in it; empty means any.
    pub sections: Vec<String>,
}

/// The keys of a `git` row.
#[derive(Clone, Debug, PartialEq)]
pub struct Git {
    /// The branches that the commit may be on; empty means any.
    pub branch: Globs,
}

impl Kind {
    /// All kinds; the first six are named by their key, the others by the table's name.
    pub const NAMES: [&str; 9] = [
        "expect",
        "file",
        "junit",
        "json",
        "sums",
        "attestation",
        "changelog",
        "version",
        "git",
    ];

    /// The kind's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Expect(_) => "expect",
            Self::File(_) => "file",
            Self::Junit(_) => "junit",
            Self::Json(_) => "json",
            Self::Sums(_) => "sums",
            Self::Attestation(_) => "attestation",
            Self::Changelog(_) => "changelog",
            Self::Version => "version",
            Self::Git(_) => "git",
        }
    }
}

/// Keys of a row that belong to some kinds only.
const OWNED: [(&str, &[&str]); 14] = [
    ("count", &["file"]),
    ("min_size", &["file"]),
    ("max_size", &["file"]),
    ("sha256", &["file"]),
    ("covers", &["sums"]),
    ("require", &["junit", "json"]),
    ("schema", &["json"]),
    ("by", &["json"]),
    ("signer", &["attestation"]),
    ("trust", &["attestation"]),
    ("threshold", &["attestation"]),
    ("branch", &["git"]),
    ("path", &["changelog"]),
    ("sections", &["changelog"]),
];

impl raw::Row {
    fn has(&self, key: &str) -> bool {
        match key {
            "expect" => self.expect.is_some(),
            "file" => self.file.is_some(),
            "junit" => self.junit.is_some(),
            "json" => self.json.is_some(),
            "sums" => self.sums.is_some(),
            "covers" => self.covers.is_some(),
            "attestation" => self.attestation.is_some(),
            "signer" => self.signer.is_some(),
            "trust" => self.trust.is_some(),
            "threshold" => self.threshold.is_some(),
            "count" => self.count.is_some(),
            "min_size" => self.min_size.is_some(),
            "max_size" => self.max_size.is_some(),
            "sha256" => self.sha256.is_some(),
            "require" => self.require.is_some(),
            "schema" => self.schema.is_some(),
            "by" => self.by.is_some(),
            "branch" => self.branch.is_some(),
            "path" => self.path.is_some(),
            "sections" => self.sections.is_some(),
            _ => false,
        }
    }
}

pub(super) fn validate(
    name: &Spanned<String>,
    raw: raw::Row,
    text: &str,
) -> Result<Row, ConfigError> {
    let here = || Place::new(text, name.span().start);
    let kind = kind_name(name.get_ref(), &raw, here)?;
    let when = match &raw.when {
        None => None,
        Some(word) => Some(when(word, text)?),
    };
    let required = raw.required.unwrap_or(true);
    let issues = raw.issues.map(OneOrMany::texts).unwrap_or_default();
    let globs = |raw: Option<OneOrMany>| Globs::validate(&raw.unwrap_or_default(), text);
    let some = |globs: Globs| {
        if globs.is_empty() {
            return Err(ConfigError::invalid(
                format!("row `{}` names no file", name.get_ref()),
                here(),
                format!("give `{kind}` at least one glob"),
            ));
        }
        Ok(globs)
    };
    let kind = match kind {
        "expect" => Kind::Expect(Expect {
            outputs: outputs(name, raw.expect.unwrap_or_default(), text)?,
        }),
        "file" => Kind::File(File {
            files: some(globs(raw.file)?)?,
            count: raw.count,
            min_size: raw.min_size,
            max_size: raw.max_size,
            sha256: raw.sha256.map(|sha256| digest(&sha256, text)).transpose()?,
        }),
        "junit" => Kind::Junit(Junit {
            reports: some(globs(raw.junit)?)?,
            require: assertions(raw.require, Dialect::Counter, text)?,
        }),
        "json" => Kind::Json(Json {
            documents: some(globs(raw.json)?)?,
            schema: raw.schema.map(|schema| major(&schema, text)).transpose()?,
            by: raw.by.map(OneOrMany::texts).unwrap_or_default(),
            require: assertions(raw.require, Dialect::Pointer, text)?,
        }),
        "sums" => Kind::Sums(Sums {
            lists: lists(&raw.sums.unwrap_or_default(), text)?,
            covers: match raw.covers {
                None => Covers::All,
                Some(covers) if covers.0.iter().any(|word| word.get_ref() == "all") => Covers::All,
                Some(covers) => Covers::Only(some(globs(Some(covers))?)?),
            },
        }),
        "attestation" => Kind::Attestation(attestation::validate(
            name,
            attestation::Keys {
                files: globs(raw.attestation)?,
                signers: raw.signer.unwrap_or_default(),
                trust: raw.trust,
                threshold: raw.threshold.unwrap_or(1),
            },
            text,
        )?),
        "changelog" => Kind::Changelog(Changelog {
            path: raw.path.map(|path| public_path(&path, text)).transpose()?,
            sections: raw.sections.map(OneOrMany::texts).unwrap_or_default(),
        }),
        "version" => Kind::Version,
        _ => Kind::Git(Git {
            branch: globs(raw.branch)?,
        }),
    };
    Ok(Row {
        name: name.get_ref().clone(),
        kind,
        required,
        when,
        issues,
    })
}

fn kind_name(
    name: &str,
    raw: &raw::Row,
    here: impl Fn() -> Place,
) -> Result<&'static str, ConfigError> {
    let present: Vec<_> = Kind::NAMES.into_iter().filter(|key| raw.has(key)).collect();
    let kind = match present[..] {
        [kind] => kind,
        [one, other, ..] => {
            return Err(ConfigError::invalid(
                format!("row `{name}` is of two kinds, `{one}` and `{other}`"),
                here(),
                "write two rows: each key that names a kind stands in a row of its own",
            ));
        }
        [] => match Kind::NAMES[6..].iter().find(|kind| **kind == name) {
            Some(kind) => *kind,
            None => {
                return Err(ConfigError::invalid(
                    format!("row `{name}` is of no known kind"),
                    here(),
                    "give it one of the keys `expect`, `file`, `junit`, `json`, `sums`, `attestation`, or name the table `changelog`, `version` or `git`",
                ));
            }
        },
    };
    for (key, owners) in OWNED {
        if raw.has(key) && !owners.contains(&kind) {
            return Err(ConfigError::invalid(
                format!("the key `{key}` does not belong to a row of kind `{kind}`"),
                here(),
                format!(
                    "`{key}` is a key of kind `{}`; row `{name}` is of kind `{kind}`",
                    owners.join("` and `")
                ),
            ));
        }
    }
    Ok(kind)
}

fn outputs(
    name: &Spanned<String>,
    raw: raw::Ordered<u64>,
    text: &str,
) -> Result<Vec<(Glob, u64)>, ConfigError> {
    if raw.0.is_empty() {
        return Err(ConfigError::invalid(
            format!("row `{}` expects nothing", name.get_ref()),
            Place::new(text, name.span().start),
            "write down the outputs: `expect = { \"dist/*.whl\" = 1 }`",
        ));
    }
    raw.0
        .into_iter()
        .map(|(glob, count)| {
            let globs = Globs::validate(&OneOrMany(vec![glob]), text)?;
            Ok(globs
                .0
                .into_iter()
                .map(move |glob| (glob, *count.get_ref())))
        })
        .collect::<Result<Vec<_>, _>>()
        .map(|nested| nested.into_iter().flatten().collect())
}

fn lists(raw: &OneOrMany, text: &str) -> Result<Vec<PublicPath>, ConfigError> {
    raw.0.iter().map(|path| public_path(path, text)).collect()
}

fn assertions(
    raw: Option<OneOrMany>,
    dialect: Dialect,
    text: &str,
) -> Result<Vec<Assertion>, ConfigError> {
    raw.unwrap_or_default()
        .0
        .iter()
        .map(|line| {
            Assertion::parse(line.get_ref(), dialect).map_err(|e| {
                ConfigError::invalid(e.to_string(), Place::new(text, line.span().start), e.help())
            })
        })
        .collect()
}

fn major(schema: &Spanned<String>, text: &str) -> Result<u64, ConfigError> {
    schema.get_ref().parse().map_err(|_| {
        ConfigError::invalid(
            format!("`{}` is not a MAJOR version", schema.get_ref()),
            Place::new(text, schema.span().start),
            "write the number alone: `schema = \"1\"`",
        )
    })
}

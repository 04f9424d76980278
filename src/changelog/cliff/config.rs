//! A validated `cliff.toml`.

use std::str::FromStr;

use regex::Regex;
use toml::Table;

use super::{CliffError, Options, link::LinkParser, parser::CommitParser, table::Layered};
use crate::changelog::history::{Query, TagOrder, TagReach, TagRules, WalkOrder};

/// What holds where a `cliff.toml` says nothing, and everything without one.
const DEFAULT: &str = include_str!("default.toml");

/// A regular expression and what replaces its matches.
#[derive(Clone, Debug)]
pub struct Processor {
    /// What is replaced.
    pub pattern: Regex,
    /// With what; `None` where the configuration names a command instead, which is not run.
    pub replace: Option<String>,
}

/// What becomes of commits that something does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    Keep,
    Drop,
    Fail,
}

/// Whether breaking changes may be skipped by a parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaking {
    Skippable,
    Protected,
}

/// How a message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Messages {
    Conventional,
    Plain,
}

/// What one commit of the history becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    Whole,
    Lines,
}

/// The order of entries in a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Oldest,
    Newest,
}

/// Whether a release without entries is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    Rendered,
    LeftOut,
}

/// A `cliff.toml`, every pattern compiled.
#[derive(Clone, Debug)]
pub struct Cliff {
    pub(super) header: Option<String>,
    pub(super) body: String,
    pub(super) footer: Option<String>,
    pub(super) trim: bool,
    pub(super) empty: Empty,
    pub(super) postprocessors: Vec<Processor>,
    pub(super) messages: Messages,
    pub(super) unconventional: Unfit,
    pub(super) unmatched: Unfit,
    pub(super) split: Split,
    pub(super) breaking: Breaking,
    pub(super) preprocessors: Vec<Processor>,
    pub(super) parsers: Vec<CommitParser>,
    pub(super) links: Vec<LinkParser>,
    pub(super) sort: Sort,
    pub(super) limit: Option<usize>,
    pub(super) remote: Remote,
    tags: TagRules,
    order: WalkOrder,
}

/// The forges that a configuration names (`[remote.github]` and the like).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remote {
    /// Key, owner and repository of each.
    pub(super) forges: Vec<(&'static str, String, String)>,
}

impl Cliff {
    /// What [`super::render`] needs to know of a repository under `options`.
    #[must_use]
    pub fn query(&self, options: &Options) -> Query {
        Query {
            selection: options.selection.clone(),
            order: self.order,
            tags: self.tags.clone(),
        }
    }

    /// Whether a release of this name is left out (`skip_tags`).
    pub(super) fn skips(&self, version: &str) -> bool {
        let skip = self.tags.skip.as_ref();
        skip.is_some_and(|skip| !skip.as_str().is_empty() && skip.is_match(version))
    }
}

impl Default for Cliff {
    /// git-cliff's behaviour without a `cliff.toml`.
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant, which a test reads")]
        "".parse().expect("the embedded configuration is valid")
    }
}

impl FromStr for Cliff {
    type Err = CliffError;

    /// Reads the text of a `cliff.toml`. Unknown keys and tables are tolerated.
    fn from_str(text: &str) -> Result<Self, CliffError> {
        let file: Table = text.parse().map_err(CliffError::Syntax)?;
        let default: Table = DEFAULT.parse().map_err(CliffError::Syntax)?;
        let changelog = Layered::new("changelog", &file, &default)?;
        let git = Layered::new("git", &file, &default)?;
        Ok(Self {
            header: changelog.text("header")?,
            body: changelog.text("body")?.unwrap_or_default(),
            footer: changelog.text("footer")?,
            trim: changelog.flag("trim")?,
            empty: if changelog.flag("render_always")? {
                Empty::Rendered
            } else {
                Empty::LeftOut
            },
            postprocessors: processors(&changelog, "postprocessors")?,
            messages: if git.flag("conventional_commits")? {
                Messages::Conventional
            } else {
                Messages::Plain
            },
            unconventional: match (
                git.flag("require_conventional")?,
                git.flag("filter_unconventional")?,
            ) {
                (true, _) => Unfit::Fail,
                (false, true) => Unfit::Drop,
                (false, false) => Unfit::Keep,
            },
            unmatched: match (
                git.flag("filter_commits")?,
                git.flag("fail_on_unmatched_commit")?,
            ) {
                (true, _) => Unfit::Drop,
                (false, true) => Unfit::Fail,
                (false, false) => Unfit::Keep,
            },
            split: if git.flag("split_commits")? {
                Split::Lines
            } else {
                Split::Whole
            },
            breaking: if git.flag("protect_breaking_commits")? {
                Breaking::Protected
            } else {
                Breaking::Skippable
            },
            preprocessors: processors(&git, "commit_preprocessors")?,
            parsers: CommitParser::all(&git)?,
            links: LinkParser::all(&git)?,
            sort: match git.text("sort_commits")?.as_deref() {
                Some(word) if word.eq_ignore_ascii_case("newest") => Sort::Newest,
                _ => Sort::Oldest,
            },
            limit: git.count("limit_commits")?,
            remote: Remote::read(&file),
            tags: TagRules {
                pattern: git.pattern("tag_pattern")?,
                skip: git.pattern("skip_tags")?,
                ignore: git.pattern("ignore_tags")?,
                count: git.pattern("count_tags")?,
                order: if git.flag("topo_order")? {
                    TagOrder::Name
                } else {
                    TagOrder::Time
                },
                reach: if git.flag("use_branch_tags")? {
                    TagReach::Branch
                } else {
                    TagReach::Repository
                },
            },
            order: if git.flag("topo_order_commits")? {
                WalkOrder::Topological
            } else {
                WalkOrder::Time
            },
        })
    }
}

fn processors(table: &Layered<'_>, key: &str) -> Result<Vec<Processor>, CliffError> {
    let mut processors = Vec::new();
    for entry in table.tables(key)? {
        if let Some(pattern) = entry.pattern("pattern")? {
            processors.push(Processor {
                pattern,
                replace: entry.text("replace")?,
            });
        }
    }
    Ok(processors)
}

impl Processor {
    /// Applies all of `processors` to `text`, one after the other.
    #[must_use]
    pub fn apply(processors: &[Self], text: String) -> String {
        processors
            .iter()
            .fold(text, |text, processor| match &processor.replace {
                Some(replace) => processor
                    .pattern
                    .replace_all(&text, replace.as_str())
                    .into_owned(),
                None => text,
            })
    }
}

impl Remote {
    /// The forges that templates know.
    pub(super) const FORGES: [&'static str; 5] =
        ["github", "gitlab", "gitea", "bitbucket", "azure_devops"];

    fn read(file: &Table) -> Self {
        let remote = file.get("remote").and_then(toml::Value::as_table);
        let forges = Self::FORGES.into_iter().filter_map(|forge| {
            let table = remote?.get(forge)?.as_table()?;
            let text = |key| table.get(key).and_then(toml::Value::as_str);
            Some((forge, text("owner")?.to_owned(), text("repo")?.to_owned()))
        });
        Self {
            forges: forges.collect(),
        }
    }
}

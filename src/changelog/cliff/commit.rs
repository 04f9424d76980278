//! From a commit of the history to the entries it makes.

use git_conventional::Commit as Parsed;

use super::{
    CliffError,
    config::{Breaking, Cliff, Messages, Processor, Split, Unfit},
    link::{Link, LinkParser},
    parser::{self, Decision, NoSuchField},
};
use crate::changelog::history::{Commit, Person};

/// One entry: a commit, or a line of one.
#[derive(Clone, Debug)]
pub(super) struct Prepared<'a> {
    pub(super) id: &'a str,
    /// The message after preprocessing, without trailing white space.
    pub(super) message: String,
    pub(super) conventional: Option<Conventional>,
    pub(super) group: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) default_scope: Option<String>,
    pub(super) links: Vec<Link>,
    pub(super) source: &'a Commit,
}

/// A message read as a conventional commit.
#[derive(Clone, Debug)]
pub(super) struct Conventional {
    pub(super) kind: String,
    pub(super) scope: Option<String>,
    pub(super) description: String,
    pub(super) body: Option<String>,
    pub(super) breaking: bool,
    pub(super) breaking_description: Option<String>,
    pub(super) footers: Vec<Footer>,
}

/// A footer of a conventional commit.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Footer {
    pub(super) token: String,
    pub(super) separator: String,
    pub(super) value: String,
    pub(super) breaking: bool,
}

impl Conventional {
    fn read(message: &str) -> Option<Self> {
        let parsed = Parsed::parse(message).ok()?;
        Some(Self {
            kind: parsed.type_().to_string(),
            scope: parsed.scope().map(|scope| scope.to_string()),
            description: parsed.description().to_owned(),
            body: parsed.body().map(str::to_owned),
            breaking: parsed.breaking(),
            breaking_description: parsed.breaking_description().map(str::to_owned),
            footers: parsed
                .footers()
                .iter()
                .map(|footer| Footer {
                    token: footer.token().to_string(),
                    separator: footer.separator().as_str().to_owned(),
                    value: footer.value().to_owned(),
                    breaking: footer.breaking(),
                })
                .collect(),
        })
    }
}

impl<'a> Prepared<'a> {
    /// The commit as it stands, nothing read into it.
    pub(super) fn raw(source: &'a Commit) -> Self {
        Self {
            id: &source.id,
            message: source.message.trim_end().to_owned(),
            conventional: None,
            group: None,
            scope: None,
            default_scope: None,
            links: Vec::new(),
            source,
        }
    }

    /// The description of a conventional commit, else the message.
    pub(super) fn text(&self) -> &str {
        match &self.conventional {
            Some(conventional) => &conventional.description,
            None => &self.message,
        }
    }

    /// The parser's group, else the type.
    pub(super) fn group(&self) -> Option<&str> {
        let kind = self.conventional.as_ref().map(|c| c.kind.as_str());
        self.group.as_deref().or(kind)
    }

    /// The parser's scope, else the commit's, else the parser's default.
    pub(super) fn scope(&self) -> Option<&str> {
        let own = self.conventional.as_ref().and_then(|c| c.scope.as_deref());
        self.scope
            .as_deref()
            .or(own)
            .or(self.default_scope.as_deref())
    }

    pub(super) fn body(&self) -> Option<&str> {
        self.conventional.as_ref().and_then(|c| c.body.as_deref())
    }

    pub(super) fn is_breaking(&self) -> bool {
        self.conventional.as_ref().is_some_and(|c| c.breaking)
    }

    /// Each footer on one line, as it is matched: token, separator, value.
    pub(super) fn footer_lines(&self) -> Vec<String> {
        self.conventional.as_ref().map_or_else(Vec::new, |c| {
            c.footers
                .iter()
                .map(|f| format!("{}{}{}", f.token, f.separator, f.value))
                .collect()
        })
    }

    /// The texts that stand in the template field `name`.
    pub(super) fn field(&self, name: &str) -> Result<Vec<String>, NoSuchField> {
        if name == "body" {
            return self
                .body()
                .map(|body| vec![body.to_owned()])
                .ok_or(NoSuchField);
        }
        let value = super::context::commit_value(self);
        let pointer = format!("/{}", name.replace('.', "/"));
        Ok(match value.pointer(&pointer) {
            Some(serde_json::Value::String(text)) => vec![text.clone()],
            Some(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => {
                vec![value.to_string()]
            }
            Some(serde_json::Value::Array(items)) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        })
    }

    pub(super) fn author(&self) -> &'a Person {
        &self.source.author
    }

    pub(super) fn committer(&self) -> &'a Person {
        &self.source.committer
    }

    /// How messages name it: abbreviated id and first line.
    fn name(&self) -> String {
        let id: String = self.id.chars().take(7).collect();
        format!("{id} {}", self.message.lines().next().unwrap_or_default())
    }
}

/// Commits that make a run fail.
#[derive(Default)]
pub(super) struct Refused {
    unconventional: Vec<String>,
    unmatched: Vec<String>,
}

impl Refused {
    pub(super) fn into_result(self) -> Result<(), CliffError> {
        let refusal = |names: &[String]| names.first().map(|first| (names.len(), first.clone()));
        if let Some((count, first)) = refusal(&self.unconventional) {
            return Err(CliffError::Unconventional { count, first });
        }
        if let Some((count, first)) = refusal(&self.unmatched) {
            return Err(CliffError::Unmatched { count, first });
        }
        Ok(())
    }
}

/// The entries that `source` makes.
pub(super) fn entries<'a>(
    config: &Cliff,
    source: &'a Commit,
    refused: &mut Refused,
) -> Vec<Prepared<'a>> {
    let mut whole = Prepared::raw(source);
    whole.message = Processor::apply(&config.preprocessors, whole.message);
    let Some(whole) = entry(config, whole, refused) else {
        return Vec::new();
    };
    if config.split == Split::Whole {
        return vec![whole];
    }
    // A line keeps what the parsers said about its commit, unless they say more about the line.
    whole
        .message
        .lines()
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let mut part = whole.clone();
            line.clone_into(&mut part.message);
            part.message = Processor::apply(&config.preprocessors, part.message);
            entry(config, part, refused)
        })
        .collect()
}

/// A line of a commit stays, whatever it is.
fn drops_unconventional(config: &Cliff) -> bool {
    config.unconventional == Unfit::Drop && config.split == Split::Whole
}

fn entry<'a>(
    config: &Cliff,
    mut commit: Prepared<'a>,
    refused: &mut Refused,
) -> Option<Prepared<'a>> {
    if config.messages == Messages::Conventional {
        match Conventional::read(&commit.message) {
            Some(conventional) => commit.conventional = Some(conventional),
            None if drops_unconventional(config) => return None,
            None => {}
        }
    }
    let decision = parser::decide(config, &mut commit);
    // A protected commit counts as matched only with a group from a parser (as in git-cliff).
    let ungrouped =
        commit.group.is_none() && commit.is_breaking() && config.breaking == Breaking::Protected;
    match decision {
        Decision::Skip => return None,
        Decision::Keep if !ungrouped => {}
        Decision::Keep | Decision::Unmatched => {
            if config.unmatched == Unfit::Fail {
                refused.unmatched.push(commit.name());
            }
        }
    }
    // Checked after the parsers, so that a parser can skip what need not be conventional.
    if config.unconventional == Unfit::Fail && commit.conventional.is_none() {
        refused.unconventional.push(commit.name());
    }
    commit.links = LinkParser::find(&config.links, &commit.message);
    Some(commit)
}

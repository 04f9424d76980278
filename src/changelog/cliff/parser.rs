//! `commit_parsers`: which group and scope a commit gets, and whether it is left out.

use regex::Regex;

use super::{
    CliffError,
    commit::Prepared,
    config::{Breaking, Cliff, Unfit},
    table::Layered,
};

/// One parser. All the conditions it names must hold.
#[derive(Clone, Debug)]
pub(super) struct CommitParser {
    sha: Option<String>,
    message: Option<Regex>,
    body: Option<Regex>,
    footer: Option<Regex>,
    field: Option<(String, Regex)>,
    pub(super) group: Option<String>,
    scope: Option<String>,
    default_scope: Option<String>,
    skip: bool,
}

/// What the parsers say about a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It stays.
    Keep,
    /// It is left out.
    Skip,
    /// No parser matched.
    Unmatched,
}

impl CommitParser {
    pub(super) fn all(git: &Layered<'_>) -> Result<Vec<Self>, CliffError> {
        git.tables("commit_parsers")?
            .iter()
            .map(|entry| {
                Ok(Self {
                    sha: entry.text("sha")?.map(|sha| sha.to_lowercase()),
                    message: entry.pattern("message")?,
                    body: entry.pattern("body")?,
                    footer: entry.pattern("footer")?,
                    field: entry.text("field")?.zip(entry.pattern("pattern")?),
                    group: entry.text("group")?,
                    scope: entry.text("scope")?,
                    default_scope: entry.text("default_scope")?,
                    skip: entry.flag("skip")?,
                })
            })
            .collect()
    }

    /// The pattern that matched and the text it matched in, when all conditions hold.
    fn matched(&self, commit: &Prepared<'_>) -> Matched {
        let mut found = Matched::No;
        if let Some(sha) = &self.sha {
            if *sha != commit.id {
                return Matched::No;
            }
            found = Matched::Yes(None);
        }
        let mut checks: Vec<(&Regex, Vec<String>)> = Vec::new();
        if let Some(regex) = &self.message {
            checks.push((regex, vec![commit.message.clone()]));
        }
        if let Some(regex) = &self.body {
            checks.push((regex, vec![commit.body().unwrap_or_default().to_owned()]));
        }
        if let Some(regex) = &self.footer {
            checks.push((regex, commit.footer_lines()));
        }
        if let Some((field, regex)) = &self.field {
            match commit.field(field) {
                Ok(values) => checks.push((regex, values)),
                Err(NoSuchField) => return Matched::Impossible,
            }
        }
        for (regex, texts) in checks {
            let Some(text) = texts.into_iter().find(|text| regex.is_match(text.trim())) else {
                return Matched::No;
            };
            if !matches!(found, Matched::Yes(Some(_))) {
                found = Matched::Yes(Some((regex.clone(), text)));
            }
        }
        found
    }
}

/// A field that this commit cannot have; git-cliff leaves the commit out then.
pub(super) struct NoSuchField;

enum Matched {
    No,
    Yes(Option<(Regex, String)>),
    Impossible,
}

/// Applies the parsers of `config` to `commit`: the first that matches decides.
pub(super) fn decide(config: &Cliff, commit: &mut Prepared<'_>) -> Decision {
    for parser in &config.parsers {
        match parser.matched(commit) {
            Matched::No => {}
            Matched::Impossible => return Decision::Skip,
            Matched::Yes(found) => {
                let protected = config.breaking == Breaking::Protected && commit.is_breaking();
                if parser.skip && !protected {
                    return Decision::Skip;
                }
                let expand = |text: &String| expanded(text, found.as_ref());
                commit.group = parser.group.as_ref().map(expand).or(commit.group.take());
                commit.scope = parser.scope.as_ref().map(expand).or(commit.scope.take());
                commit.default_scope.clone_from(&parser.default_scope);
                return Decision::Keep;
            }
        }
    }
    match config.unmatched {
        Unfit::Drop => Decision::Skip,
        _ => Decision::Unmatched,
    }
}

/// `$1` and the like stand for what the pattern captured in the text as it is.
fn expanded(template: &str, found: Option<&(Regex, String)>) -> String {
    let captures = found.and_then(|(regex, text)| regex.captures(text));
    match captures {
        Some(captures) => {
            let mut out = String::new();
            captures.expand(template, &mut out);
            out
        }
        None => template.to_owned(),
    }
}

//! Links found in messages (`link_parsers`).

use regex::Regex;
use serde::Serialize;

use super::{CliffError, table::Layered};

/// A pattern whose matches in a message become links.
#[derive(Clone, Debug)]
pub(super) struct LinkParser {
    pattern: Regex,
    href: String,
    text: Option<String>,
}

/// A link found in a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

impl LinkParser {
    pub(super) fn all(git: &Layered<'_>) -> Result<Vec<Self>, CliffError> {
        let mut parsers = Vec::new();
        for entry in git.tables("link_parsers")? {
            if let (Some(pattern), Some(href)) = (entry.pattern("pattern")?, entry.text("href")?) {
                parsers.push(Self {
                    pattern,
                    href,
                    text: entry.text("text")?,
                });
            }
        }
        Ok(parsers)
    }

    /// The links in `message`, parser by parser.
    pub(super) fn find(parsers: &[Self], message: &str) -> Vec<Link> {
        let mut links = Vec::new();
        for parser in parsers {
            for found in parser.pattern.find_iter(message) {
                let matched = found.as_str();
                let replaced = |with: &str| parser.pattern.replace(matched, with).into_owned();
                links.push(Link {
                    text: parser
                        .text
                        .as_deref()
                        .map_or_else(|| matched.to_owned(), replaced),
                    href: replaced(&parser.href),
                });
            }
        }
        links
    }
}

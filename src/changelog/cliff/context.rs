//! What templates see.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use tera::Context;

use super::{
    commit::Prepared,
    config::{Cliff, Remote},
    link::Link,
    release::{Draft, Release},
};
use crate::changelog::history::{History, Person};

/// Which costly parts of the context the templates may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    forges: Need,
    releases: Need,
    previous_commits: Need,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Wanted,
    Unused,
}

impl Fields {
    /// What `texts` may look at: by name, or through a dump of everything.
    pub(super) fn used_in(texts: &[&str]) -> Self {
        const DUMPS: [&str; 3] = ["__tera_context", "json_encode", "get("];
        let any = |words: &[&str]| {
            let found = texts
                .iter()
                .any(|text| words.iter().chain(&DUMPS).any(|word| text.contains(word)));
            if found { Need::Wanted } else { Need::Unused }
        };
        Self {
            forges: any(&Remote::FORGES),
            releases: any(&["releases"]),
            previous_commits: any(&["previous"]),
        }
    }
}

/// Makes the contexts of one run.
pub(super) struct Builder<'a> {
    pub(super) config: &'a Cliff,
    pub(super) history: &'a History,
    pub(super) fields: Fields,
    pub(super) now: i64,
}

impl Builder<'_> {
    /// For the header and the footer.
    pub(super) fn around(&self, releases: &[Release<'_>]) -> Context {
        let mut context = self.shared();
        let all: Vec<Value> = match self.fields.releases {
            Need::Wanted => releases.iter().map(|r| self.value(r).into()).collect(),
            Need::Unused => Vec::new(),
        };
        context.insert("releases", &all);
        context
    }

    /// For the body of one release.
    pub(super) fn release(&self, release: &Release<'_>) -> Context {
        let mut context = self.shared();
        for (key, value) in self.value(release) {
            context.insert(key, &value);
        }
        context
    }

    fn shared(&self) -> Context {
        let parsers = self.config.parsers.iter();
        let groups: Vec<&String> = parsers.filter_map(|p| p.group.as_ref()).collect();
        let mut context = Context::new();
        context.insert("commit_parsers_groups", &groups);
        context.insert("remote", &self.remote());
        context
    }

    fn remote(&self) -> Value {
        let given = &self.config.remote.forges;
        let found = self.history.remote_url.as_deref().and_then(owner_and_name);
        let mut remote = Map::new();
        for forge in Remote::FORGES {
            let custom = given.iter().find(|(name, ..)| *name == forge);
            let (owner, repo) = match (custom, &found) {
                (Some((_, owner, repo)), _) => (owner.as_str(), repo.as_str()),
                (None, Some((owner, repo))) if forge == "github" && given.is_empty() => {
                    (*owner, *repo)
                }
                _ => ("", ""),
            };
            remote.insert(
                forge.to_owned(),
                json!({
                    "api_url": null, "http_timeout": "30s", "is_custom": custom.is_some(),
                    "native_tls": null, "owner": owner, "repo": repo,
                }),
            );
        }
        remote.insert("offline".to_owned(), true.into());
        remote.into()
    }

    fn value(&self, release: &Release<'_>) -> Map<String, Value> {
        let mut map = self.draft(&release.draft, &release.entries);
        let previous = release.draft.previous.as_ref().map(|previous| {
            let entries = match (&release.previous_entries, self.fields.previous_commits) {
                (_, Need::Unused) => Vec::new(),
                (Some(entries), _) => entries.clone(),
                (None, _) => previous.commits.iter().map(|c| Prepared::raw(c)).collect(),
            };
            let mut map = self.draft(previous, &entries);
            map.insert("previous".to_owned(), Value::Null);
            if release.previous_entries.is_none() {
                for key in ["commit_range", "statistics"] {
                    map.insert(key.to_owned(), Value::Null);
                }
            }
            Value::Object(map)
        });
        map.insert("previous".to_owned(), previous.unwrap_or(Value::Null));
        map
    }

    fn draft(&self, draft: &Draft<'_>, entries: &[Prepared<'_>]) -> Map<String, Value> {
        let commits: Vec<Value> = entries.iter().map(|entry| self.commit(entry)).collect();
        let range = draft.commits.first().zip(draft.commits.last());
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("version", draft.version.as_deref().into());
        put("message", draft.message.as_deref().into());
        put("commits", commits.into());
        put("commit_id", draft.commit_id.as_deref().into());
        put("timestamp", draft.timestamp.into());
        let repository = range.map(|_| self.history.repository.as_str());
        put("repository", repository.into());
        put(
            "commit_range",
            range.map_or(
                Value::Null,
                |(from, to)| json!({"from": from.id, "to": to.id}),
            ),
        );
        put("submodule_commits", json!({}));
        put("statistics", self.statistics(draft, entries));
        put("extra", Value::Null);
        put("bump_type", Value::Null);
        if self.fields.forges == Need::Wanted {
            for forge in Remote::FORGES {
                put(forge, json!({"contributors": []}));
            }
        }
        map
    }

    fn commit(&self, entry: &Prepared<'_>) -> Value {
        let mut value = commit_value(entry);
        if let (Need::Wanted, Value::Object(map)) = (self.fields.forges, &mut value) {
            for forge in Remote::FORGES {
                map.insert(
                    forge.to_owned(),
                    json!({
                        "username": null, "pr_author": null, "pr_title": null, "pr_number": null,
                        "pr_numbers": [], "pr_labels": [], "is_first_time": false,
                    }),
                );
            }
        }
        value
    }

    fn statistics(&self, draft: &Draft<'_>, entries: &[Prepared<'_>]) -> Value {
        let mut map = Map::new();
        let conventional = entries.iter().filter(|e| e.conventional.is_some()).count();
        map.insert("commit_count".to_owned(), entries.len().into());
        map.insert("conventional_commit_count".to_owned(), conventional.into());
        map.insert("links".to_owned(), counted_links(entries));
        if entries.len() > 1 {
            let times = entries.iter().map(|entry| entry.committer().timestamp);
            let (first, last) = (times.clone().min(), times.max());
            let span = first.zip(last).map(|(first, last)| days(first, last));
            map.insert("commits_timespan".to_owned(), span.into());
        }
        if let Some(before) = draft.since {
            let passed = days(before, draft.timestamp.unwrap_or(self.now));
            map.insert("days_passed_since_last_release".to_owned(), passed.into());
        }
        map.into()
    }
}

/// One entry, without what a forge knows of it.
pub(super) fn commit_value(entry: &Prepared<'_>) -> Value {
    let mut value = json!({
        "id": entry.id,
        "message": entry.text(),
        "group": entry.group(),
        "scope": entry.scope(),
        "links": entry.links,
        "author": person(entry.author()),
        "committer": person(entry.committer()),
        "conventional": entry.conventional.is_some(),
        "merge_commit": entry.source.parents.len() > 1,
        "extra": null,
        "raw_message": entry.message,
        "statistics": {"files_changed": 0, "additions": 0, "deletions": 0},
    });
    if let (Some(conventional), Value::Object(map)) = (&entry.conventional, &mut value) {
        map.insert("body".to_owned(), conventional.body.as_deref().into());
        map.insert("footers".to_owned(), json!(conventional.footers));
        map.insert("breaking".to_owned(), conventional.breaking.into());
        map.insert(
            "breaking_description".to_owned(),
            conventional.breaking_description.as_deref().into(),
        );
    }
    value
}

fn person(person: &Person) -> Value {
    json!({"name": person.name, "email": person.email, "timestamp": person.timestamp})
}

fn days(from: i64, to: i64) -> i64 {
    const DAY: i64 = 24 * 60 * 60;
    to.div_euclid(DAY) - from.div_euclid(DAY)
}

/// Each link once, the most frequent first.
fn counted_links(entries: &[Prepared<'_>]) -> Value {
    let mut counts: HashMap<&Link, usize> = HashMap::new();
    for link in entries.iter().flat_map(|entry| &entry.links) {
        *counts.entry(link).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, many), (b, few)| {
        few.cmp(many)
            .then_with(|| (&a.text, &a.href).cmp(&(&b.text, &b.href)))
    });
    counts
        .into_iter()
        .map(|(link, count)| json!({"text": link.text, "href": link.href, "count": count}))
        .collect::<Vec<_>>()
        .into()
}

/// The last two parts of a remote's URL.
fn owner_and_name(url: &str) -> Option<(&str, &str)> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':')?.1,
    };
    let path = path.trim_end_matches('/');
    let (owner, name) = path.rsplit_once('/')?;
    let owner = owner.rsplit('/').next().unwrap_or(owner);
    Some((owner, name.strip_suffix(".git").unwrap_or(name)))
}

//! The filters that git-cliff adds to Tera.

use std::collections::{HashMap, HashSet};

use regex::Regex;
use tera::{Error, Result, Tera, Value};

pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("upper_first", upper_first);
    tera.register_filter("find_regex", find_regex);
    tera.register_filter("replace_regex", replace_regex);
    tera.register_filter("split_regex", split_regex);
    tera.register_filter("commit_groups", commit_groups);
}

type Arguments = HashMap<String, Value>;

fn upper_first(value: &Value, _: &Arguments) -> Result<Value> {
    let text = text("upper_first", value)?;
    let mut chars = text.chars();
    Ok(match chars.next() {
        Some(first) => (first.to_uppercase().to_string() + chars.as_str()).into(),
        None => String::new().into(),
    })
}

fn find_regex(value: &Value, arguments: &Arguments) -> Result<Value> {
    let text = text("find_regex", value)?;
    let pattern = pattern("find_regex", arguments, "pat")?;
    let found: Vec<&str> = pattern
        .find_iter(text)
        .map(|found| found.as_str())
        .collect();
    Ok(found.into())
}

fn replace_regex(value: &Value, arguments: &Arguments) -> Result<Value> {
    let text = text("replace_regex", value)?;
    let pattern = pattern("replace_regex", arguments, "from")?;
    let replacement = argument("replace_regex", arguments, "to")?;
    Ok(pattern.replace_all(text, replacement).into_owned().into())
}

fn split_regex(value: &Value, arguments: &Arguments) -> Result<Value> {
    let text = text("split_regex", value)?;
    let pattern = pattern("split_regex", arguments, "pat")?;
    let parts: Vec<&str> = pattern.split(text).collect();
    Ok(parts.into())
}

/// Commits as a list of `{group, commits}`: first the groups of `groups` in that order, then the
/// others as they come. What has no group is left out, as with `group_by`.
fn commit_groups(value: &Value, arguments: &Arguments) -> Result<Value> {
    let Value::Array(commits) = value else {
        return Err(Error::msg("`commit_groups` works on a list of commits"));
    };
    let mut order: Vec<String> = match arguments.get("groups") {
        None => Vec::new(),
        Some(groups) => tera::from_value(groups.clone())
            .map_err(|_| Error::msg("`groups` of `commit_groups` is a list of texts"))?,
    };
    let mut members: HashMap<String, Vec<Value>> = HashMap::new();
    for commit in commits {
        if let Some(group) = commit.get("group").and_then(Value::as_str) {
            order.push(group.to_owned());
            members
                .entry(group.to_owned())
                .or_default()
                .push(commit.clone());
        }
    }
    let mut seen = HashSet::new();
    order.retain(|group| seen.insert(group.clone()));
    let groups = order.into_iter().filter_map(|group| {
        let commits = members.remove(&group)?;
        Some(serde_json::json!({"group": group, "commits": commits}))
    });
    Ok(groups.collect::<Vec<Value>>().into())
}

fn text<'a>(filter: &str, value: &'a Value) -> Result<&'a str> {
    value
        .as_str()
        .ok_or_else(|| Error::msg(format!("`{filter}` works on a text, not on `{value}`")))
}

fn argument<'a>(filter: &str, arguments: &'a Arguments, name: &str) -> Result<&'a str> {
    arguments
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| Error::msg(format!("`{filter}` needs a text `{name}`")))
}

fn pattern(filter: &str, arguments: &Arguments, name: &str) -> Result<Regex> {
    Regex::new(argument(filter, arguments, name)?)
        .map_err(|error| Error::msg(format!("`{name}` of `{filter}`: {error}")))
}

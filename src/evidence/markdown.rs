//! The report for people, rendered from its JSON and nothing else.

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde_json::Value;

const TEMPLATE: &str = include_str!("../../templates/candidate.md.j2");

/// The page could not be rendered, which is a fault of relkit.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the report cannot be shown as Markdown")]
#[diagnostic(
    code("report.markdown"),
    help("report this as a fault of relkit, with the report")
)]
pub struct MarkdownError(#[source] minijinja::Error);

/// The Markdown of `report`, a report's JSON value.
pub fn markdown(report: &Value) -> Result<String, MarkdownError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.map_err(MarkdownError)?);
    environment.add_filter("text", |text: String| text_of(&text));
    environment.add_filter("prose", |text: String| prose_of(&text));
    environment.add_filter("code", |text: String| code(&text));
    environment
        .render_str(TEMPLATE, minijinja::Value::from(Serde(report)))
        .map(|page| page.trim_end().to_owned() + "\n")
        .map_err(MarkdownError)
}

/// Text that stays text, in a table's cell too.
fn text_of(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => out.extend(['\\', c]),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A sentence of ours: literals stand between backticks, and become code spans.
fn prose_of(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let part = |(n, part): (usize, &&str)| match n % 2 {
        1 if paired => code(part),
        _ => text_of(part),
    };
    let joined: Vec<_> = parts.iter().enumerate().map(part).collect();
    joined.join(if paired { "" } else { "\\`" })
}

/// A code span that holds `text`, whatever backticks and bars are in it.
pub(crate) fn code(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if clean.starts_with('`') || clean.ends_with('`') || clean.is_empty() {
        " "
    } else {
        ""
    };
    // GitHub's tables split cells before they look for code, and undo `\|` in both.
    format!("{fence}{space}{}{space}{fence}", clean.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{evaluate, fixture};

    #[test]
    fn shows_the_verdict_the_rows_and_every_digest() {
        let facts = fixture::ready();
        let page = markdown(&evaluate(&facts).value()).unwrap();
        assert!(page.starts_with("# demo 0.2.0-rc1: ready\n"), "{page}");
        for artifact in facts.artifacts() {
            assert!(page.contains(&artifact.sha256.to_string()));
        }
        for row in &facts.policy.config.gate {
            assert!(page.contains(&format!("`{}`", row.name)));
        }
        let mut facts = facts;
        facts.source.tag_commit = None;
        let page = markdown(&evaluate(&facts).value()).unwrap();
        assert!(page.starts_with("# demo 0.2.0-rc1: not ready\n"), "{page}");
        assert!(page.contains("`git.tag`"), "{page}");
    }

    #[test]
    fn what_is_no_report_is_not_shown() {
        let error = markdown(&serde_json::json!({ "predicate": 1 })).unwrap_err();
        let code = miette::Diagnostic::code(&error).unwrap().to_string();
        assert_eq!(code, "report.markdown");
    }

    #[test]
    fn hostile_text_stays_in_its_cell() {
        assert_eq!(
            text_of("a|b\n<img> `x` [y](z) @me"),
            "a\\|b &lt;img&gt; \\`x\\` \\[y\\](z) &#64;me"
        );
        assert_eq!(prose_of("no `a|b` *here*"), "no `a\\|b` \\*here\\*");
        assert_eq!(prose_of("odd ` <b>"), "odd \\` &lt;b&gt;");
        assert_eq!(code("a`b``c|d"), "```a`b``c\\|d```");
        assert_eq!(code("`"), "`` ` ``");
        let mut value = evaluate(&fixture::ready()).value();
        value["predicate"]["readiness"][0]["message"] = "x |\n# boo <script>".into();
        let page = markdown(&value).unwrap();
        assert!(!page.contains("<script>") && !page.contains("\n# boo"));
    }
}

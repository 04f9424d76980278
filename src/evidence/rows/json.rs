//! `json`: documents say what they must.

use miette::Diagnostic as _;

use crate::{
    config::row::Json,
    digest::PublicPath,
    evidence::{
        assertion::judge,
        facts::Facts,
        observed::{public, show},
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
    json::exact::Node,
};

/// The kind's name.
pub const KIND: &str = "json";
/// What it is for.
pub const SUMMARY: &str = "JSON documents satisfy assertions, a schema version and a generator";

/// The answer of a `json` row.
#[must_use]
pub fn check(keys: &Json, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let documents = tally.take(facts, &keys.documents);
    if documents.is_empty() {
        tally.missing(
            Finding::new(
                "json.missing",
                format!("{} matches no document", keys.documents),
            )
            .help("produce the evidence, then run `relkit candidate` again"),
        );
        return tally.finish("");
    }
    for assertion in &keys.require {
        for path in assertion.documents().into_iter().chain(assertion.digests()) {
            tally.bind(facts, path);
        }
    }
    let number = documents.len();
    for taken in documents {
        let path = &taken.identity.path;
        let Some(content) = tally.content(taken) else {
            continue;
        };
        match Node::parse(content) {
            Ok(document) => one(&mut tally, keys, (path, &document), facts),
            Err(error) => tally.error(refused(&error, path)),
        }
    }
    tally.finish(format!(
        "every assertion holds in {}",
        counted(number, "document")
    ))
}

fn one(tally: &mut Tally, keys: &Json, (path, document): (&PublicPath, &Node), facts: &Facts) {
    let mut record = |code: &str, mut check: Check| {
        check.path = Some(path.clone());
        if !check.ok {
            let finding = super::assertion_finding(code, &check).at(path);
            tally.fail(match code {
                "json.schema" => finding.help(
                    "produce it with a generator of that MAJOR, or change the row's `schema`",
                ),
                "json.by" => finding.help(
                    "produce it with one of those generators, or add this one to the row's `by`",
                ),
                _ => finding,
            });
        }
        tally.check(check);
    };
    if let Some(major) = keys.schema {
        let stated = member(document, "schema_version");
        record(
            "json.schema",
            Check {
                expr: format!("/schema_version has MAJOR {major}"),
                path: None,
                observed: stated.map_or("missing".to_owned(), show),
                ok: matches!(stated, Some(Node::Text(text)) if semver::Version::parse(text).is_ok_and(|v| v.major == major)),
            },
        );
    }
    if !keys.by.is_empty() {
        let stated = member(document, "generated_by");
        record(
            "json.by",
            Check {
                expr: format!("/generated_by in {}", serde_json::json!(keys.by)),
                path: None,
                observed: stated.map_or("missing".to_owned(), show),
                ok: matches!(stated, Some(Node::Text(text)) if keys.by.contains(text)),
            },
        );
    }
    for assertion in &keys.require {
        record("json.assertion", judge(assertion, document, facts));
    }
    if keys.require.is_empty() && keys.schema.is_none() && keys.by.is_empty() {
        record(
            "json.assertion",
            Check {
                expr: "the document is strict JSON".to_owned(),
                path: None,
                observed: show(document),
                ok: true,
            },
        );
    }
}

fn member<'a>(document: &'a Node, name: &str) -> Option<&'a Node> {
    match document {
        Node::Object(members) => members.get(name),
        _ => None,
    }
}

fn refused(error: &crate::json::JsonError, path: &PublicPath) -> Finding {
    let cause =
        std::error::Error::source(error).map(|cause| format!(": {}", public(&cause.to_string())));
    let code = error
        .code()
        .map_or_else(String::new, |code| code.to_string());
    let help = error
        .help()
        .map_or_else(String::new, |help| help.to_string());
    let text = format!("`{path}`: {error}{}", cause.unwrap_or_default());
    Finding::new(&code, text).at(path).help(help)
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    const PATH: &str = "eval/metrics.json";

    #[test]
    fn passes_when_every_assertion_holds() {
        let outcome = fixture::row("quality", &fixture::ready());
        assert_eq!(outcome.status, Status::Pass, "{outcome:?}");
        assert_eq!(outcome.checks[2].observed, "0.71");
        assert_eq!(outcome.evidence.len(), 2);
    }

    #[test]
    fn fails_for_every_way_that_a_document_can_disappoint() {
        for (document, code) in [
            (
                r#"{"schema_version":"1.2.0","generated_by":"eval","auroc":0.69,"negative_findings":["x"],"version":"0.2.0rc1"}"#,
                "json.assertion",
            ),
            (
                r#"{"schema_version":"1.2.0","generated_by":"eval","auroc":"0.71","negative_findings":["x"],"version":"0.2.0rc1"}"#,
                "json.assertion",
            ),
            (
                r#"{"schema_version":"2.0.0","generated_by":"eval","auroc":0.71,"negative_findings":["x"],"version":"0.2.0rc1"}"#,
                "json.schema",
            ),
            (
                r#"{"schema_version":"1.2.0","generated_by":"hand","auroc":0.71,"negative_findings":["x"],"version":"0.2.0rc1"}"#,
                "json.by",
            ),
            (
                r#"{"schema_version":"1.2.0","generated_by":"eval","auroc":0.71,"negative_findings":[],"version":"0.2.0rc1"}"#,
                "json.assertion",
            ),
            (r#"{"auroc":1,"auroc":0.71}"#, "json.invalid"),
            ("[]", "json.schema"),
            ("{} x", "json.invalid"),
        ] {
            let mut facts = fixture::ready();
            fixture::put(&mut facts, PATH, document.as_bytes());
            let outcome = fixture::row("quality", &facts);
            assert_eq!(fixture::codes(&outcome)[0], code, "{document}");
            assert_ne!(outcome.status, Status::Pass);
        }
        let mut facts = fixture::ready();
        facts.files.remove(&fixture::path(PATH));
        assert_eq!(fixture::row("quality", &facts).status, Status::Missing);
    }
}

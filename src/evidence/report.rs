//! Reading a report: only canonical bytes of a known MAJOR are one.

use serde_json::Value;

use super::{
    facts::{Facts, Mode},
    statement::{SCHEMA_VERSION, STATEMENT_TYPE, Statement, predicate_type},
    verdict::Verdict,
};
use crate::{
    digest::{Digest, Identity, PublicPath},
    json::{self, JsonError},
};

/// Fields that a report may call critical, because this reader knows them.
const KNOWN: [&str; 0] = [];

/// Bytes that are no report. All of these end with exit code 6.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReportError {
    /// Not JSON.
    #[error("the report is not strict JSON")]
    #[diagnostic(
        code("report.invalid"),
        help("make it again with `relkit candidate`; it is never edited")
    )]
    Json(#[source] JsonError),
    /// Other bytes than the writer gives for the same value.
    #[error("the report's bytes are not canonical")]
    #[diagnostic(
        code("report.not_canonical"),
        help("make it again with `relkit candidate`; a formatter or an editor has changed it")
    )]
    NotCanonical,
    /// A field is absent, or of another type.
    #[error("the report lacks a field, or has one of another type")]
    #[diagnostic(
        code("report.invalid"),
        help("make it again with `relkit candidate`; it is never edited")
    )]
    Shape(#[source] serde_json::Error),
    /// Written by a relkit of another MAJOR, or with a field that must be known and is not.
    #[error("the report cannot be read by this relkit: {reason}")]
    #[diagnostic(
        code("schema.incompatible"),
        help("read it with the version of relkit that wrote it; `tool` in the report names it")
    )]
    Incompatible {
        /// What is not known.
        reason: String,
    },
    /// It contradicts itself.
    #[error("the report contradicts itself: {reason}")]
    #[diagnostic(
        code("report.forged"),
        help("make it again with `relkit candidate`; do not publish under it")
    )]
    Forged {
        /// In what.
        reason: String,
    },
}

/// A report that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    bytes: Vec<u8>,
    value: Value,
    statement: Statement,
}

impl Report {
    /// Reads `bytes`.
    pub fn read(bytes: &[u8]) -> Result<Self, ReportError> {
        let value = json::parse(bytes).map_err(ReportError::Json)?;
        if json::render(&value) != bytes {
            return Err(ReportError::NotCanonical);
        }
        compatible(&value)?;
        let statement: Statement =
            serde_json::from_value(value.clone()).map_err(ReportError::Shape)?;
        if let Some(reason) = contradiction(&statement) {
            return Err(ReportError::Forged {
                reason: reason.to_owned(),
            });
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            value,
            statement,
        })
    }

    /// The canonical bytes, as they were read.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// As a JSON value, with fields that this relkit does not know.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What it says.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Whether it says that the release is ready. Only [`super::Ready`] proves it.
    #[must_use]
    pub fn claims_ready(&self) -> bool {
        self.statement.predicate.ready
    }

    /// Which report it is, when it stands at `path`.
    #[must_use]
    pub fn identity(&self, path: PublicPath) -> Identity {
        Identity::of(path, &self.bytes)
    }

    /// The digest of its bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// Whether a newer MINOR wrote it.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        let version = |text: &str| semver::Version::parse(text).ok();
        version(&self.statement.predicate.schema_version) > version(SCHEMA_VERSION)
    }

    /// `facts` as the report's maker stamped them: its time, its tool, its mode and stage. What is
    /// evaluated from them must be the report.
    #[must_use]
    pub fn restamp(&self, facts: &Facts) -> Facts {
        let predicate = &self.statement.predicate;
        Facts {
            tool: predicate.tool.clone(),
            generated_at: predicate.generated_at,
            mode: predicate.mode,
            stage: predicate.stage,
            ..facts.clone()
        }
    }
}

fn compatible(value: &Value) -> Result<(), ReportError> {
    let incompatible = |reason: String| Err(ReportError::Incompatible { reason });
    let predicate = &value["predicate"];
    let ours = semver::Version::parse(SCHEMA_VERSION).ok();
    let stated = predicate["schema_version"].as_str();
    match stated.map(|text| (text, semver::Version::parse(text))) {
        Some((_, Ok(version))) if Some(version.major) == ours.map(|v| v.major) => {}
        Some((text, _)) => {
            return incompatible(format!("its `schema_version` is `{}`", text.escape_debug()));
        }
        None => return incompatible("it has no `schema_version`".to_owned()),
    }
    for name in predicate["crit"].as_array().into_iter().flatten() {
        match name.as_str() {
            Some(name) if KNOWN.contains(&name) => {}
            _ => return incompatible(format!("the critical field {name} is not known")),
        }
    }
    Ok(())
}

fn contradiction(statement: &Statement) -> Option<&'static str> {
    let predicate = &statement.predicate;
    let subjects = statement
        .subject
        .iter()
        .map(|s| (s.name.as_str(), s.digest.sha256));
    let artifacts = predicate
        .artifacts
        .iter()
        .map(|a| (a.path.as_str(), a.sha256));
    if statement.statement_type != STATEMENT_TYPE {
        return Some("it is no in-toto Statement v1");
    }
    let claimed = if predicate.ready {
        Verdict::Ready
    } else {
        Verdict::NotReady
    };
    if statement.predicate_type != predicate_type(claimed) {
        return Some("its predicate type and `ready` differ");
    }
    if !subjects.eq(artifacts) {
        return Some("its subjects and its artifacts differ");
    }
    if predicate.ready && (predicate.mode != Mode::Release || !predicate.blockers.is_empty()) {
        return Some("it is ready in spite of its mode or its blockers");
    }
    None
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic;
    use serde_json::json;

    use super::*;
    use crate::evidence::{evaluate, fixture};

    fn code(change: impl Fn(&mut Value)) -> String {
        let mut value = evaluate(&fixture::ready()).value();
        change(&mut value);
        let error = Report::read(&json::render(&value)).unwrap_err();
        error.code().unwrap().to_string()
    }

    #[test]
    fn reads_what_was_written_and_newer_optional_fields() {
        let candidate = evaluate(&fixture::ready());
        let report = Report::read(&candidate.bytes()).unwrap();
        assert_eq!(report.statement(), candidate.statement());
        let mut value = candidate.value();
        value["predicate"]["schema_version"] = json!("1.7.0");
        value["predicate"]["later"] = json!({"a": 1});
        let newer = Report::read(&json::render(&value)).unwrap();
        assert!(newer.is_newer() && !report.is_newer());
    }

    #[test]
    fn refuses_other_bytes_majors_and_critical_fields() {
        let bytes = evaluate(&fixture::ready()).bytes();
        for (bytes, expected) in [
            ([&bytes[..], b"\n"].concat(), "report.not_canonical"),
            (bytes[..bytes.len() - 1].to_vec(), "report.not_canonical"),
            (bytes[..bytes.len() - 9].to_vec(), "report.invalid"),
            (b"null\n".to_vec(), "schema.incompatible"),
        ] {
            assert_eq!(
                Report::read(&bytes)
                    .unwrap_err()
                    .code()
                    .unwrap()
                    .to_string(),
                expected
            );
        }
        assert_eq!(
            code(|v| v["predicate"]["schema_version"] = json!("2.0.0")),
            "schema.incompatible"
        );
        assert_eq!(
            code(|v| v["predicate"]["schema_version"] = json!("1")),
            "schema.incompatible"
        );
        assert_eq!(
            code(|v| v["predicate"]["crit"] = json!(["seal"])),
            "schema.incompatible"
        );
        assert_eq!(
            code(|v| v["predicate"]["ready"] = json!("true")),
            "report.invalid"
        );
        assert_eq!(
            code(|v| v["predicate"]["ready"] = json!(1)),
            "report.invalid"
        );
        assert_eq!(
            code(|v| v["predicate"]["ready"] = json!(false)),
            "report.forged"
        );
        assert_eq!(code(|v| v["subject"] = json!([])), "report.forged");
        assert_eq!(code(|v| v["_type"] = json!("x")), "report.forged");
        assert_eq!(
            code(|v| v["predicate"]["mode"] = json!("rehearsal")),
            "report.forged"
        );
        assert_eq!(
            code(
                |v| v["predicate"]["blockers"] = json!([{"code": "a", "message": "b", "class": "permanent", "fingerprint": "0".repeat(64)}])
            ),
            "report.forged"
        );
    }
}

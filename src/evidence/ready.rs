//! The gate as a type.

use super::{
    compare::{Comparison, Sameness},
    report::Report,
};
use crate::{
    digest::{Identity, PublicPath},
    finding::Finding,
    version::Version,
};

/// Proof that a release is ready: its report was read, regenerated from the files, the policy and
/// git, and was the same byte for byte.
///
/// Whatever makes artifact bytes public takes a `&Ready`. Its fields are private and there is one
/// way to make one, which only `gate.rs` calls, after it has hashed the files itself; a test over
/// the source holds that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    report: Identity,
    name: String,
    version: Version,
    tag: String,
    commit: String,
    artifacts: Vec<Identity>,
}

impl Ready {
    /// Seals `report`, which stands at `path`, if `comparison` is of it and is the same byte for
    /// byte, by the same relkit, and it is ready. Otherwise what is in the way.
    pub(crate) fn seal(
        report: &Report,
        path: PublicPath,
        comparison: &Comparison,
    ) -> Result<Self, Vec<Finding>> {
        let predicate = &report.statement().predicate;
        let refused = objections(report, comparison);
        if !refused.is_empty() {
            return Err(refused);
        }
        Ok(Self {
            report: report.identity(path),
            name: predicate.release.name.clone(),
            version: predicate.release.version.clone(),
            tag: predicate.release.tag.clone(),
            commit: predicate.source.commit.clone(),
            artifacts: predicate.artifacts.clone(),
        })
    }

    /// The report.
    #[must_use]
    pub fn report(&self) -> &Identity {
        &self.report
    }

    /// The project's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version to be released.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Its tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The commit that the tag leads to.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The bytes that may be made public: these, and no others.
    #[must_use]
    pub fn artifacts(&self) -> &[Identity] {
        &self.artifacts
    }
}

fn objections(report: &Report, comparison: &Comparison) -> Vec<Finding> {
    let mut found = comparison.notes().to_vec();
    match comparison.sameness() {
        _ if comparison.report() != report.digest() => found.push(
            Finding::new("candidate.other_report", "another report was compared")
                .help("run `relkit candidate --check REPORT`"),
        ),
        Sameness::Same => {}
        Sameness::SameWhereKnown => found.push(
            Finding::new("candidate.newer_report", "a newer relkit made the report")
                .help("publish with the relkit that judged"),
        ),
        Sameness::Moved(moved) => found.extend(moved.iter().cloned()),
        Sameness::Forged(finding) => found.push(finding.clone()),
    }
    let predicate = &report.statement().predicate;
    if !predicate.ready {
        found.push(
            Finding::new(
                "candidate.not_ready",
                "the report says that the release is not ready",
            )
            .help("mend what its blockers name, then run `relkit candidate` again"),
        );
        found.extend(predicate.blockers.iter().cloned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evidence::{compare, evaluate, fixture},
        json,
    };

    #[test]
    fn a_report_of_a_newer_relkit_is_not_sealed() {
        let facts = fixture::ready();
        let objected = |value: &serde_json::Value| {
            let report = Report::read(&json::render(value)).unwrap();
            let found = objections(&report, &compare::check(&report, &facts));
            found
                .into_iter()
                .map(|finding| finding.code)
                .collect::<Vec<_>>()
        };
        let mut value = evaluate(&facts).value();
        assert!(objected(&value).is_empty());
        value["predicate"]["schema_version"] = "1.1.0".into();
        value["predicate"]["of_tomorrow"] = "optional".into();
        assert_eq!(objected(&value), ["candidate.newer_report"]);
    }
}

//! The version that an artifact states, by its name or from within.
//!
//! "Bumped, and not built again" is the commonest accident of a release: the artifact of the last
//! version goes out under the new tag.

use super::facts::{Facts, Stated};
use crate::{digest::PublicPath, finding::Finding, version::Version};

/// Artifacts that state another version than the release's, or cannot be read where they must state
/// one.
pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    let artifacts = facts.artifacts().map(|artifact| &artifact.path);
    artifacts.filter_map(|path| finding(path, facts)).collect()
}

fn finding(path: &PublicPath, facts: &Facts) -> Option<Finding> {
    let version = &facts.release.version;
    let other = |text: &str| {
        let text = format!("`{path}` is of version {text}, and the release is {version}");
        Finding::new("candidate.artifact_version", text)
            .at(path)
            .help("build it again after the bump, or remove what an earlier build left")
    };
    let by_name = || {
        let named = by_name(path.file_name())?;
        (named != *version).then(|| other(&named.to_string()))
    };
    match facts.stated.get(path) {
        Some(Stated::Version(text)) => {
            let same = Version::read_short(text).as_ref() == Some(version);
            if same { by_name() } else { Some(other(text)) }
        }
        Some(Stated::Unreadable(reason)) => Some(
            Finding::new(
                "candidate.artifact_unreadable",
                format!("`{path}` cannot be read: {reason}"),
            )
            .at(path)
            .help("build it again"),
        ),
        None => by_name(),
    }
}

/// The version in a file's name: the second part of a wheel's (PEP 427); in another's all that
/// stands between a `-` and the ending, if that is a version.
fn by_name(name: &str) -> Option<Version> {
    if let Some(stem) = name.strip_suffix(".whl") {
        return Version::read_short(stem.split('-').nth(1)?);
    }
    let stem = [".tar.gz", ".tar.xz", ".tgz", ".crate", ".zip"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    let starts = stem.match_indices('-').map(|(at, _)| &stem[at + 1..]);
    starts.into_iter().find_map(|rest| rest.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{evaluate, fixture};

    #[test]
    fn names_state_versions_where_they_hold_one() {
        let named = |name| by_name(name).map(|version| version.to_string());
        for (name, version) in [
            ("demo-0.2.0rc1-py3-none-any.whl", Some("0.2.0-rc1")),
            ("my_demo-0.2.0rc1.tar.gz", Some("0.2.0-rc1")),
            ("my-demo-0.2.0-rc.1.tgz", Some("0.2.0-rc1")),
            ("relkit-cli-0.2.0.crate", Some("0.2.0")),
            ("packaging-26.3-py3-none-any.whl", Some("26.3.0")),
            ("Demo.xcframework.zip", None),
            ("relkit-x86_64-linux.tar.gz", None),
            ("model-0.2.0.bin", None),
        ] {
            assert_eq!(named(name).as_deref(), version, "{name}");
        }
    }

    #[test]
    fn an_artifact_of_another_version_closes_the_gate() {
        let wheel = fixture::path("dist/demo-0.2.0rc1-py3-none-any.whl");
        let codes = |stated: Option<Stated>| {
            let mut facts = fixture::ready();
            facts
                .stated
                .extend(stated.map(|stated| (wheel.clone(), stated)));
            let blockers = evaluate(&facts).blockers().to_vec();
            blockers
                .into_iter()
                .map(|finding| finding.code)
                .collect::<Vec<_>>()
        };
        assert!(codes(None).is_empty());
        assert!(codes(Some(Stated::Version("0.2.0rc1".to_owned()))).is_empty());
        let older = Stated::Version("0.1.0".to_owned());
        assert_eq!(codes(Some(older)), ["candidate.artifact_version"]);
        let broken = Stated::Unreadable("no zip".to_owned());
        assert_eq!(codes(Some(broken)), ["candidate.artifact_unreadable"]);
        let mut facts = fixture::ready();
        facts.release.version = "0.2.0".parse().unwrap();
        let blockers = evaluate(&facts);
        let named = |code: &str| {
            blockers
                .blockers()
                .iter()
                .any(|finding| finding.code == code)
        };
        assert!(named("candidate.artifact_version"));
    }
}

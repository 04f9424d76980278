//! A `file:` channel: release assets under `releases/TAG`, a simple index (PEP 503, PEP 658) under
//! `simple/`.

use super::{Facts, PublishError};
use crate::{
    digest::{Digest, Identity, PublicPath},
    evidence::Ready,
    plan::{ArtifactStep, IndexStep, Listing, Step},
    sums,
    version::Version,
    wheel,
};

/// Where a channel is.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) channel: &'a str,
    pub(super) target: &'a str,
}

/// The steps: the bytes first, then their checksums, and last the index that leads people there.
pub(super) fn steps(
    ready: &Ready,
    facts: &Facts,
    place: Place<'_>,
) -> Result<Vec<Step>, PublishError> {
    let tag = ready.tag();
    let to = |name: &str| PublicPath::new(format!("releases/{tag}/{name}"));
    let mut listed = Vec::new();
    let mut bytes = Vec::new();
    let mut listings = Vec::new();
    for file in ready.artifacts().iter().chain([ready.report()]) {
        let name = file.path.file_name();
        listed.push((name.to_owned(), file.sha256));
        bytes.push(place.put(file, to(name)?));
        if let Some(wheel) = facts.wheels.get(&file.path) {
            let name = format!("{name}.metadata");
            let sha256 = Digest::of(wheel.metadata.as_bytes());
            listed.push((name.clone(), sha256));
            bytes.push(place.put_text(to(&name)?, wheel.metadata.clone()));
        }
        listings.extend(listing(file, ready, facts).map(|listing| place.list(listing)));
    }
    bytes.push(place.put_text(to("SHA256SUMS")?, sums::render(&mut listed)));
    bytes.extend(listings);
    Ok(bytes)
}

impl Place<'_> {
    fn put(self, file: &Identity, to: PublicPath) -> Step {
        Step::Artifact(ArtifactStep::Put {
            channel: self.channel.to_owned(),
            target: self.target.to_owned(),
            file: file.clone(),
            to,
        })
    }

    fn put_text(self, to: PublicPath, text: String) -> Step {
        Step::Artifact(ArtifactStep::PutText {
            channel: self.channel.to_owned(),
            target: self.target.to_owned(),
            to,
            text,
        })
    }

    fn list(self, listing: Listing) -> Step {
        Step::Index(IndexStep::List {
            channel: self.channel.to_owned(),
            target: self.target.to_owned(),
            listing,
        })
    }
}

/// How the index lists a wheel or a source distribution (PEP 625); nothing else is listed.
fn listing(file: &Identity, ready: &Ready, facts: &Facts) -> Option<Listing> {
    let name = file.path.file_name();
    let (project, wheel) = match facts.wheels.get(&file.path) {
        Some(wheel) => (wheel.project.clone(), Some(wheel)),
        None => (source_distribution(name, ready.version())?, None),
    };
    let tag = ready.tag();
    Some(Listing {
        project,
        file: PublicPath::new(format!("releases/{tag}/{name}")).ok()?,
        sha256: file.sha256,
        requires_python: wheel.and_then(|wheel| wheel.requires_python.clone()),
        metadata_sha256: wheel.map(|wheel| Digest::of(wheel.metadata.as_bytes())),
    })
}

fn source_distribution(name: &str, version: &Version) -> Option<String> {
    let (project, found) = name.strip_suffix(".tar.gz")?.rsplit_once('-')?;
    (found.parse().as_ref() == Ok(version)).then(|| wheel::normalize(project))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_source_distribution_of_this_version_is_listed() {
        let version = Version::new(0, 2, 0).candidate(1);
        let of = |name| source_distribution(name, &version);
        assert_eq!(of("my_demo-0.2.0rc1.tar.gz").as_deref(), Some("my-demo"));
        assert_eq!(of("my_demo-0.1.0.tar.gz"), None);
        assert_eq!(of("notes.tar.gz"), None);
    }
}

//! `package.json` and `package-lock.json` (npm documentation, pages of these names).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Format, Manifest, ManifestError, Publication, Role, Site};
use crate::version::Spelling;

#[derive(Deserialize)]
struct Package<'a> {
    name: Option<String>,
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    #[serde(default)]
    private: Option<bool>,
}

#[derive(Deserialize)]
struct Lock<'a> {
    name: Option<String>,
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    /// By directory; the empty one is the package that is locked.
    #[serde(borrow, default)]
    packages: BTreeMap<String, Locked<'a>>,
}

#[derive(Deserialize)]
struct Locked<'a> {
    #[serde(borrow)]
    version: Option<&'a RawValue>,
}

/// The version that `package.json` declares at its top level.
pub(super) fn read(manifest: &mut Manifest) -> Result<(), ManifestError> {
    let text = manifest.text.as_str();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let package: Package<'_> =
        serde_json::from_str(body).map_err(|error| manifest.syntax(&error))?;
    let site = package.version.and_then(|raw| site(text, raw, "version"));
    let private = package.private == Some(true);
    manifest.name = package.name;
    if private {
        manifest.publication = Publication::Private;
    }
    manifest.sites = site.into_iter().collect();
    Ok(())
}

/// The names of the packages among `manifests`.
pub(super) fn own(manifests: &[Manifest]) -> Vec<String> {
    let packages = manifests.iter().filter(|m| m.format == Format::Npm);
    packages.filter_map(|m| m.name.clone()).collect()
}

/// Where `package-lock.json` repeats the version of a package of this repository.
pub(super) fn read_lock(manifest: &mut Manifest, own: &[String]) -> Result<(), ManifestError> {
    let text = manifest.text.as_str();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lock: Lock<'_> = serde_json::from_str(body).map_err(|error| manifest.syntax(&error))?;
    let Some(name) = lock.name.filter(|name| own.contains(name)) else {
        return Ok(());
    };
    let root = lock.packages.get("").and_then(|root| root.version);
    let versions = [
        (lock.version, format!("package `{name}`")),
        (root, format!("root package `{name}`")),
    ];
    let sites = versions.iter().filter_map(|(raw, place)| {
        let site = site(text, (*raw)?, place)?;
        Some(Site {
            role: Role::Follows,
            ..site
        })
    });
    manifest.sites = sites.collect();
    Ok(())
}

/// The site of the string `raw`, a part of `text`.
fn site(text: &str, raw: &RawValue, place: &str) -> Option<Site> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    // A raw value is a slice of the text it was read from, so its address tells its place.
    let start = raw.get().as_ptr().addr() - text.as_ptr().addr() + 1;
    Some(Site {
        place: place.to_owned(),
        text: inner.to_owned(),
        span: start..start + inner.len(),
        spelling: Spelling::Semver,
        role: Role::Declares,
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        digest::PublicPath,
        manifest::{ManifestError, read},
        version::Version,
    };

    const LOCK: &str = "\u{feff}{\r\n\t\"name\" : \"web\",\r\n\t\"version\":\"0.1.0\", \"lockfileVersion\": 3,\r\n\t\"packages\": {\r\n\t\t\"node_modules/web\": {\"version\": \"0.1.0\"},\r\n\t\t\"\": {\"name\": \"web\", \"version\" : \"0.1.0\", \"dependencies\": {\"web\": \"0.1.0\"}}\r\n\t}\r\n}\r\n";

    fn bumped(name: &str, lock: &str) -> Option<String> {
        let path = |text: &str| PublicPath::new(text).unwrap();
        let package = format!("{{\"name\": \"{name}\", \"version\": \"0.1.0\"}}");
        let files = vec![
            (path("web/package-lock.json"), lock.to_owned()),
            (path("web/package.json"), package),
        ];
        let all = read(files).unwrap();
        let lock = all.iter().find(|m| m.path.as_str().contains("lock"))?;
        let to = Version::new(0, 2, 0).candidate(1);
        let there = lock.with_version(&Version::new(0, 1, 0), &to).unwrap();
        Some(there)
    }

    #[test]
    fn a_lock_follows_its_own_package_and_keeps_every_other_byte() {
        let want = LOCK
            .replace("\"version\":\"0.1.0\"", "\"version\":\"0.2.0-rc.1\"")
            .replace("\"version\" : \"0.1.0\"", "\"version\" : \"0.2.0-rc.1\"");
        assert_eq!(bumped("web", LOCK), Some(want));
        assert_eq!(bumped("other", LOCK), None);
        let old = "{\"name\": \"web\", \"version\": \"0.1.0\", \"lockfileVersion\": 1}";
        assert_eq!(bumped("web", old), Some(old.replace("0.1.0", "0.2.0-rc.1")));
    }

    #[test]
    fn a_broken_lock_is_named() {
        let path = PublicPath::new("package-lock.json").unwrap();
        let error = read(vec![(path, "{\"packages\": []}".to_owned())]).unwrap_err();
        assert!(matches!(error, ManifestError::Syntax { .. }), "{error}");
    }
}

//! `package.json` (npm documentation, "package.json").

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Manifest, ManifestError, Publication, Role, Site};
use crate::version::Spelling;

#[derive(Deserialize)]
struct Package<'a> {
    name: Option<String>,
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    #[serde(default)]
    private: Option<bool>,
}

/// The version that `package.json` declares at its top level.
pub(super) fn read(manifest: &mut Manifest) -> Result<(), ManifestError> {
    let text = manifest.text.as_str();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let package: Package<'_> =
        serde_json::from_str(body).map_err(|error| manifest.syntax(&error))?;
    let site = package.version.and_then(|raw| {
        let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
        // A raw value is a slice of the text it was read from, so its address tells its place.
        let start = raw.get().as_ptr().addr() - text.as_ptr().addr() + 1;
        Some(Site {
            place: "version".to_owned(),
            text: inner.to_owned(),
            span: start..start + inner.len(),
            spelling: Spelling::Semver,
            role: Role::Declares,
        })
    });
    let private = package.private == Some(true);
    manifest.name = package.name;
    if private {
        manifest.publication = Publication::Private;
    }
    manifest.sites = site.into_iter().collect();
    Ok(())
}

//! `Cargo.toml` and `Cargo.lock` (The Cargo Book, "The Manifest Format").

use toml_edit::{Item, TableLike};

use super::{
    Manifest, ManifestError, Publication, Role, Site,
    toml_span::{get, inner, parse, site},
};
use crate::version::{Spelling, Version};

const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The versions that the manifest declares.
pub(super) fn read(manifest: &mut Manifest) -> Result<(), ManifestError> {
    let document = parse(manifest)?;
    let table = document.as_table();
    let mut sites = Vec::new();
    for keys in [
        ["package", "version"].as_slice(),
        &["workspace", "package", "version"],
    ] {
        sites.extend(site(manifest, table, keys, Spelling::Semver)?);
    }
    let name = get(table, &["package", "name"]).and_then(Item::as_str);
    let name = name.map(str::to_owned);
    let private = get(table, &["package", "publish"]).and_then(Item::as_bool) == Some(false);
    manifest.name = name;
    if private {
        manifest.publication = Publication::Private;
    }
    manifest.sites = sites;
    Ok(())
}

/// Requirements on crates of this repository, which have a path and a version.
pub(super) fn read_requirements(
    manifest: &mut Manifest,
    own: &[String],
) -> Result<(), ManifestError> {
    let document = parse(manifest)?;
    let root = document.as_table();
    let mut sites = Vec::new();
    collect(manifest, root, own, &mut sites);
    if let Some(workspace) = root.get("workspace").and_then(Item::as_table_like) {
        collect(manifest, workspace, own, &mut sites);
    }
    if let Some(targets) = root.get("target").and_then(Item::as_table_like) {
        for (_, target) in targets.iter() {
            if let Some(target) = target.as_table_like() {
                collect(manifest, target, own, &mut sites);
            }
        }
    }
    manifest.sites.extend(sites);
    Ok(())
}

fn collect(manifest: &Manifest, table: &dyn TableLike, own: &[String], sites: &mut Vec<Site>) {
    for kind in DEPENDENCIES {
        let Some(dependencies) = table.get(kind).and_then(Item::as_table_like) else {
            continue;
        };
        for (key, item) in dependencies.iter() {
            let Some(dependency) = item.as_table_like() else {
                continue;
            };
            let name = dependency
                .get("package")
                .and_then(Item::as_str)
                .unwrap_or(key);
            let path = dependency.get("path").and_then(Item::as_str);
            if path.is_none() || !own.iter().any(|own| own == name) {
                continue;
            }
            let Some(requirement) = dependency.get("version") else {
                continue;
            };
            sites.extend(follow(
                manifest,
                requirement,
                &format!("{kind}.{key}.version"),
            ));
        }
    }
}

/// The version in a requirement with one comparator; its operator stays.
fn follow(manifest: &Manifest, requirement: &Item, place: &str) -> Option<Site> {
    let span = inner(manifest, requirement)?;
    let text = requirement.as_str()?;
    let version = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let version = version.trim_end();
    version.parse::<Version>().ok()?;
    let start = span.start + text.find(version)?;
    Some(Site {
        place: place.to_owned(),
        text: version.to_owned(),
        span: start..start + version.len(),
        spelling: Spelling::Semver,
        role: Role::Follows,
    })
}

/// The lock entries of this repository's own crates: those without a source.
pub(super) fn read_lock(manifest: &mut Manifest, own: &[String]) -> Result<(), ManifestError> {
    let document = parse(manifest)?;
    let packages = document
        .as_table()
        .get("package")
        .and_then(Item::as_array_of_tables);
    let mut sites = Vec::new();
    for package in packages.into_iter().flatten() {
        let Some(name) = package.get("name").and_then(Item::as_str) else {
            continue;
        };
        if package.contains_key("source") || !own.iter().any(|own| own == name) {
            continue;
        }
        if let Some(mut found) = site(manifest, package, &["version"], Spelling::Semver)? {
            found.place = format!("package `{name}`");
            found.role = Role::Follows;
            sites.push(found);
        }
    }
    manifest.sites = sites;
    Ok(())
}

//! `Cargo.toml` and `Cargo.lock` (The Cargo Book, "The Manifest Format").

use semver::VersionReq;
use toml_edit::{Item, TableLike};

use super::{
    Format, Manifest, ManifestError, Publication, Role, Site,
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

/// A crate of this repository, and the version that it states or inherits.
pub(super) struct Own {
    name: String,
    version: Option<String>,
}

/// The crates among `manifests`.
pub(super) fn own(manifests: &[Manifest]) -> Vec<Own> {
    let stated = |manifest: &Manifest, place: &str| {
        let site = manifest.sites.iter().find(|site| site.place == place)?;
        Some(site.text.clone())
    };
    let crates = manifests.iter().filter(|m| m.format == Format::Cargo);
    let one = |manifest: &Manifest| {
        let inherited = || {
            // Of the workspaces above a crate, the nearest is its own.
            let above = crates.clone().filter(|m| holds(m, manifest));
            let workspaces = above.filter_map(|m| {
                let version = stated(m, "workspace.package.version")?;
                Some((m.path.as_str().len(), version))
            });
            workspaces.max().map(|(_, version)| version)
        };
        Some(Own {
            name: manifest.name.clone()?,
            version: stated(manifest, "package.version").or_else(inherited),
        })
    };
    crates.clone().filter_map(one).collect()
}

/// Whether `inner` stands in the directory of `outer` or below it.
fn holds(outer: &Manifest, inner: &Manifest) -> bool {
    let directory = outer.path.as_str().strip_suffix("Cargo.toml");
    directory.is_some_and(|directory| inner.path.as_str().starts_with(directory))
}

/// Requirements on crates of this repository, which have a path and a version.
pub(super) fn read_requirements(manifest: &mut Manifest, own: &[Own]) -> Result<(), ManifestError> {
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

fn collect(manifest: &Manifest, table: &dyn TableLike, own: &[Own], sites: &mut Vec<Site>) {
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
            let Some(own) = own.iter().find(|own| own.name == name && path.is_some()) else {
                continue;
            };
            let Some(requirement) = dependency.get("version") else {
                continue;
            };
            let (Some(text), Some(span)) = (requirement.as_str(), inner(manifest, requirement))
            else {
                continue;
            };
            sites.push(Site {
                place: format!("{kind}.{key}.version"),
                text: text.to_owned(),
                span,
                spelling: Spelling::Semver,
                role: Role::Requires(own.version.clone()),
            });
        }
    }
}

/// A requirement that the new version would not meet, and that cannot be made to follow.
pub(super) struct Stuck;

/// What the requirement `text` becomes when the crate that it names goes from one version to the
/// next; `None` if it stays. Where it names the whole old version, it names the new one; otherwise
/// it moves only if the new version would not meet it (The Cargo Book, "Specifying Dependencies").
pub(super) fn follow(text: &str, from: &Version, to: &Version) -> Result<Option<String>, Stuck> {
    let new = to.semver();
    let (Ok(old), Ok(release)) = (VersionReq::parse(text), semver::Version::parse(&new)) else {
        return Ok(None);
    };
    let start = text.find(|c: char| !"^~=<>".contains(c) && !c.is_whitespace());
    let (operator, version) = text.split_at(start.unwrap_or(0));
    let whole = version.trim_end().parse().as_ref() == Ok(from);
    if old.matches(&release) && !whole {
        return Ok(None);
    }
    let moved = format!("{operator}{new}{}", &version[version.trim_end().len()..]);
    let meets = |text: &str| VersionReq::parse(text).is_ok_and(|req| req.matches(&release));
    match old.comparators.len() {
        0 | 1 if meets(&moved) => Ok(Some(moved)),
        // `>0.1.0` is met without moving.
        _ if old.matches(&release) => Ok(None),
        _ => Err(Stuck),
    }
}

/// The lock entries of this repository's own crates: those without a source.
pub(super) fn read_lock(manifest: &mut Manifest, own: &[Own]) -> Result<(), ManifestError> {
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
        if package.contains_key("source") || !own.iter().any(|own| own.name == name) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest::PublicPath, manifest};

    #[test]
    fn a_requirement_follows_where_the_new_version_would_not_meet_it() {
        for (text, from, to, want) in [
            ("0.1", "0.1.0", "0.2.0", Some("0.2.0")),
            ("^0.1", "0.1.0", "0.2.0", Some("^0.2.0")),
            ("~ 0.1 ", "0.1.0", "0.2.0", Some("~ 0.2.0 ")),
            ("=0.1.0", "0.1.0", "0.2.0-rc.1", Some("=0.2.0-rc.1")),
            ("= 0.1", "0.1.0", "0.2.0", Some("= 0.2.0")),
            ("0.1.*", "0.1.0", "0.2.0", Some("0.2.0")),
            ("*", "0.1.0", "0.2.0-rc.1", Some("0.2.0-rc.1")),
            (">=0.1", "0.1.0", "0.2.0-rc.1", Some(">=0.2.0-rc.1")),
            ("0.2.0-rc.1", "0.2.0-rc.1", "0.2.0", Some("0.2.0")),
            // Left behind by an earlier bump.
            ("0.1", "0.2.0-rc.1", "0.2.0-rc.2", Some("0.2.0-rc.2")),
            ("0.1.0", "0.1.0", "0.1.1", Some("0.1.1")),
            ("0.1", "0.1.0", "0.1.1", None),
            ("1", "1.2.0", "1.3.0", None),
            ("*", "0.1.0", "0.2.0", None),
            (">0.1.0", "0.1.0", "0.2.0", None),
            (">=0.1, <0.3", "0.1.0", "0.2.0", None),
            ("no requirement", "0.1.0", "0.2.0", None),
        ] {
            let version = |text: &str| text.parse::<Version>().unwrap();
            let found = follow(text, &version(from), &version(to));
            assert_eq!(found.ok().unwrap().as_deref(), want, "{text} {from} {to}");
        }
        for text in [">=0.1, <0.2", "=0.1.0, <0.3", "<0.2", "<0.1.1"] {
            let stuck = follow(text, &Version::new(0, 1, 0), &Version::new(0, 2, 0));
            assert!(stuck.is_err(), "{text}");
        }
    }

    fn project(requirement: &str) -> Vec<Manifest> {
        let b = format!(
            "[package]\nname = \"b\"\nversion.workspace = true\n[dependencies]\na = {{ path = \"../a\", version = \"{requirement}\" }}\nown = {{ path = \"../own\", version = \"0.7\" }}\nserde = \"0.1\"\n"
        );
        let files = [
            ("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n"),
            (
                "a/Cargo.toml",
                "[package]\nname = \"a\"\nversion.workspace = true\n",
            ),
            ("b/Cargo.toml", &b),
            (
                "own/Cargo.toml",
                "[package]\nname = \"own\"\nversion = \"0.7.1\"\npublish = false\n",
            ),
        ];
        let files = files.map(|(path, text)| (PublicPath::new(path).unwrap(), text.to_owned()));
        manifest::read(files.into()).unwrap()
    }

    #[test]
    fn only_requirements_on_crates_that_move_follow() {
        let (from, to) = (Version::new(0, 1, 0), Version::new(0, 2, 0));
        let all = project("^0.1");
        let b = all.iter().find(|m| m.path.as_str() == "b/Cargo.toml");
        let b = b.unwrap();
        let want = b.text.replace("\"^0.1\"", "\"^0.2.0\"");
        assert_eq!(b.with_version(&from, &to).unwrap(), want);

        let all = project(">=0.1, <0.2");
        let mut texts = all.iter().map(|m| m.with_version(&from, &to));
        let error = texts.find_map(Result::err).unwrap();
        assert_eq!(
            error.to_string(),
            "`b/Cargo.toml` cannot be edited safely at `dependencies.a.version`"
        );
    }
}

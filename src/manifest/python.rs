//! `pyproject.toml` (PEP 621; Poetry's own table) and modules that assign `__version__`.

use toml_edit::Item;

use super::{
    Manifest, ManifestError, Role, Site,
    toml_span::{get, parse, site},
};
use crate::version::{Spelling, Version};

/// The versions that `pyproject.toml` declares.
pub(super) fn read_pyproject(manifest: &mut Manifest) -> Result<(), ManifestError> {
    let document = parse(manifest)?;
    let table = document.as_table();
    let mut sites = Vec::new();
    for keys in [
        ["project", "version"].as_slice(),
        &["tool", "poetry", "version"],
    ] {
        sites.extend(site(manifest, table, keys, Spelling::Pep440)?);
    }
    let name = ["project", "tool.poetry"].iter().find_map(|table_name| {
        let keys: Vec<_> = table_name.split('.').chain(["name"]).collect();
        get(table, &keys)?.as_str()
    });
    let name = name.map(str::to_owned);
    let dynamic = get(table, &["project", "dynamic"])
        .and_then(Item::as_array)
        .is_some_and(|names| names.iter().any(|name| name.as_str() == Some("version")));
    manifest.name = name;
    manifest.dynamic = dynamic;
    manifest.sites = sites;
    Ok(())
}

/// The first `__version__ = "…"` at the beginning of a line, if it holds a version.
pub(super) fn read_module(manifest: &mut Manifest) {
    let mut start = 0;
    for line in manifest.text.split_inclusive('\n') {
        if let Some(site) = assignment(line, start) {
            manifest.sites = vec![site];
            return;
        }
        start += line.len();
    }
}

fn assignment(line: &str, start: usize) -> Option<Site> {
    let (left, right) = line.strip_prefix("__version__")?.split_once('=')?;
    let annotation = left.trim();
    if !annotation.is_empty() && !annotation.starts_with(':') {
        return None;
    }
    let value = right.trim_start();
    let quote = value.chars().next().filter(|c| "\"'".contains(*c))?;
    let (text, _) = value[1..].split_once(quote)?;
    text.parse::<Version>().ok()?;
    let from = start + (line.len() - value.len()) + 1;
    Some(Site {
        place: "__version__".to_owned(),
        text: text.to_owned(),
        span: from..from + text.len(),
        spelling: Spelling::Pep440,
        role: Role::Declares,
    })
}

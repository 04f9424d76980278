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

/// The first `__version__ = "…"` at the beginning of a line, if it holds a version. A line inside a
/// string, such as an example in a docstring, assigns nothing.
pub(super) fn read_module(manifest: &mut Manifest) {
    let mut start = 0;
    let mut open = None;
    for line in manifest.text.split_inclusive('\n') {
        if open.is_none()
            && let Some(site) = assignment(line, start)
        {
            manifest.sites = vec![site];
            return;
        }
        open = left_open(line, open);
        start += line.len();
    }
}

/// The quotes of the string that is open after `line`, given those that were open before it
/// (The Python Language Reference, "String and Bytes literals").
fn left_open(line: &str, mut open: Option<&'static str>) -> Option<&'static str> {
    const QUOTES: [&str; 4] = ["\"\"\"", "'''", "\"", "'"];
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let mut step = first.len_utf8();
        match open {
            // What follows the backslash closes nothing, not even the line.
            Some(_) if first == '\\' => {
                let escaped = rest[step..].trim_start_matches('\r').chars().next();
                step = match escaped {
                    Some('\n') => rest.len(),
                    other => step + other.map_or(0, char::len_utf8),
                };
            }
            Some(quotes) if rest.starts_with(quotes) => {
                step = quotes.len();
                open = None;
            }
            Some(quotes) if first == '\n' && quotes.len() == 1 => open = None,
            Some(_) => {}
            None if first == '#' => break,
            None => {
                open = QUOTES.into_iter().find(|quotes| rest.starts_with(quotes));
                step = open.map_or(step, str::len);
            }
        }
        rest = &rest[step..];
    }
    open
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

#[cfg(test)]
mod tests {
    use crate::{digest::PublicPath, manifest::read};

    #[test]
    fn an_assignment_inside_a_string_is_none() {
        let real = "__version__ = '0.1.0'\n";
        let fake = "__version__ = \"9.9.9\"\n";
        for before in [
            format!("\"\"\"Example:\n\n{fake}\"\"\"\n"),
            format!("r'''\\'\n{fake} \" \"\"\" '''  # it's\n"),
            format!("x = \"\"\"a\\\"\"\"\n{fake}\"\"\"\n"),
            format!("x = 'a\\\n{fake}'\n"),
            "\"\"\"One line's.\"\"\"\n# \"\"\"\nx = '\"\"\"' + '' + \"\"\n".to_owned(),
            "x = 'C:\\\\'\ny = b\"\\'\" # '''\n".to_owned(),
        ] {
            for end in ["\n", "\r\n"] {
                let text = format!("{before}{real}").replace('\n', end);
                let path = PublicPath::new("src/x/__init__.py").unwrap();
                let all = read(vec![(path.clone(), text.clone())]).unwrap();
                let site = &all[0].sites[0];
                assert_eq!(site.text, "0.1.0", "{text}");
                assert_eq!(&text[site.span.clone()], "0.1.0");
                let only = before.replace('\n', end);
                assert!(read(vec![(path, only)]).unwrap().is_empty(), "{text}");
            }
        }
    }
}

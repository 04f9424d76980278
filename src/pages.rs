//! The pages about error and blocker codes, which `relkit explain` prints.

/// Every page: `## code`, then prose.
const PAGES: &str = include_str!("../docs/codes.md");

/// Every code that has a page, in the order of the pages.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::trim)
}

/// The page about `code`.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    let start = PAGES.find(&format!("\n## {code}\n"))? + code.len() + 5;
    let rest = &PAGES[start..];
    let page = rest.split("\n## ").next().unwrap_or(rest);
    Some(page.trim())
}

/// The code that is spelled most like `code`.
#[must_use]
pub fn nearest(code: &str) -> &'static str {
    let score = |name: &str| strsim::jaro_winkler(name, code);
    codes()
        .max_by(|a, b| score(a).total_cmp(&score(b)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_to_its_page() {
        assert!(codes().count() > 50);
        for code in codes() {
            assert!(page(code).is_some_and(|page| !page.is_empty()), "{code}");
        }
        assert_eq!(page("bump"), None);
        assert_eq!(nearest("bump.dirt"), "bump.dirty");
    }
}

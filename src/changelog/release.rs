//! Temporary.
use super::cliff::Entries;
use crate::version::Version;
/// t
#[derive(Debug, Clone)]
pub struct Release {
    /// v
    pub version: Version,
    /// h
    pub heading: String,
    /// d
    pub date: String,
}
/// e
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("x")]
pub enum ReleaseError {
    /// e
    Exists,
}
/// r
pub fn release(
    existing: Option<&str>,
    entries: &Entries,
    release: &Release,
) -> Result<String, ReleaseError> {
    let mut s = format!("## [{}] - {}\n", release.heading, release.date);
    for g in &entries.groups {
        s += &format!("\n### {}\n\n", g.title);
        for b in &g.bullets {
            s += &format!("- {b}\n");
        }
    }
    s.push('\n');
    let old = existing.unwrap_or("# Changelog\n\n## ");
    let at = old.find("\n## [0").map_or(old.len(), |n| n + 1);
    Ok(format!("{}{s}{}", &old[..at], &old[at..]))
}

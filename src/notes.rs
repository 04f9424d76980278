//! The text that goes out with a release: what the changelog says, and the digests of its files.

use crate::{changelog::section::Section, digest::Identity, evidence::markdown::code};

/// What the notes are made of.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The release's tag.
    pub tag: String,
    /// Its section of the changelog.
    pub section: Option<Section>,
    /// Its files, as they are now.
    pub artifacts: Vec<Identity>,
}

/// There are no notes.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum NotesError {
    /// The changelog says nothing about the release.
    #[error("the changelog has no section for {tag}")]
    #[diagnostic(
        code("notes.no_section"),
        help("run `relkit changelog release VERSION`, or name a release that the changelog has")
    )]
    NoSection {
        /// The release.
        tag: String,
    },
}

/// The notes, as Markdown.
pub fn render(facts: &Facts) -> Result<String, NotesError> {
    let section = facts
        .section
        .as_ref()
        .ok_or_else(|| NotesError::NoSection {
            tag: facts.tag.clone(),
        })?;
    let mut text = section.body.replace("\r\n", "\n");
    text.push('\n');
    if !facts.artifacts.is_empty() {
        text += "\n### Artifacts\n\n| file | size in bytes | SHA-256 |\n|---|---:|---|\n";
        for file in &facts.artifacts {
            let name = code(file.path.file_name());
            text += &format!("| {name} | {} | `{}` |\n", file.size, file.sha256);
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::PublicPath;

    #[test]
    fn the_section_comes_first_and_the_digests_after_it() {
        let text = "## [0.2.0-rc1] - 2026-01-01\n\n### Added\n\n- a thing\n";
        let path = PublicPath::new("dist/a|b.whl").unwrap();
        let file = Identity::of(path, b"wheel");
        let mut facts = Facts {
            tag: "v0.2.0-rc1".to_owned(),
            section: crate::changelog::section::section(text, &"0.2.0-rc1".parse().unwrap()),
            artifacts: vec![file.clone()],
        };
        let notes = render(&facts).unwrap();
        assert_eq!(
            notes,
            format!(
                "### Added\n\n- a thing\n\n### Artifacts\n\n| file | size in bytes | SHA-256 |\n|---|---:|---|\n| `a\\|b.whl` | 5 | `{}` |\n",
                file.sha256
            )
        );
        facts.artifacts.clear();
        assert_eq!(render(&facts).unwrap(), "### Added\n\n- a thing\n");
        facts.section = None;
        assert!(matches!(render(&facts), Err(NotesError::NoSection { .. })));
    }
}

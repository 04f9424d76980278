//! The language of a GitHub Actions runner: outputs and annotations, escaped as its toolkit does.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    hash::{BuildHasher as _, Hasher as _, RandomState},
};

use camino::Utf8PathBuf;

use crate::{
    finding::Finding,
    world::fs::{self, FileError},
};

/// A runner shows at most ten annotations of a step.
const MOST: usize = 10;

/// A GitHub Actions step.
#[derive(Debug)]
pub struct Github {
    file: Option<Utf8PathBuf>,
    outputs: RefCell<BTreeMap<&'static str, String>>,
}

impl Github {
    /// A step whose outputs go into `file` (`GITHUB_OUTPUT`). Every output is there from the
    /// start, so that a workflow can always read it.
    #[must_use]
    pub fn new(file: Option<&str>) -> Self {
        let names = ["version", "tag", "report", "ready", "exit_code"];
        Self {
            file: file.map(Utf8PathBuf::from),
            outputs: RefCell::new(names.map(|name| (name, String::new())).into()),
        }
    }

    pub(super) fn set(&self, name: &'static str, value: &str) {
        self.outputs.borrow_mut().insert(name, value.to_owned());
    }

    pub(super) fn write(&self) -> Result<(), FileError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let mut text = String::new();
        for (name, value) in self.outputs.borrow().iter() {
            // Random, so that no value can end its own output and begin another.
            let delimiter = format!("relkit-{:016x}{:016x}", random(), random());
            text += &format!("{name}<<{delimiter}\n{value}\n{delimiter}\n");
        }
        fs::append(file, &text)
    }

    pub(super) fn annotate_error(code: &str, message: &str) -> String {
        annotation(code, None, message)
    }

    /// Nine and "and N more", where there are more than ten.
    pub(super) fn annotate_findings(findings: &[Finding]) -> String {
        // One place is left for the error that follows.
        let shown = if findings.len() < MOST {
            findings.len()
        } else {
            MOST - 2
        };
        let mut out: String = findings[..shown]
            .iter()
            .map(|finding| {
                let path = finding.path.as_ref().map(crate::digest::PublicPath::as_str);
                annotation(&finding.code, path, &finding.message)
            })
            .collect();
        if shown < findings.len() {
            let more = format!("and {} more", findings.len() - shown);
            out += &annotation("relkit", None, &more);
        }
        out
    }
}

fn annotation(title: &str, path: Option<&str>, message: &str) -> String {
    let file = path.map(|path| format!("file={},", property(path)));
    format!(
        "::error {}title={}::{}\n",
        file.unwrap_or_default(),
        property(title),
        data(message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_output() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("out");
        let github = Github::new(file.to_str());
        github.set("version", "1\nEOF\nready=true");
        github.write().unwrap();
        let text =
            String::from_utf8(fs::read(camino::Utf8Path::from_path(&file).unwrap()).unwrap())
                .unwrap();
        assert_eq!(text.matches("<<relkit-").count(), 5);
        assert!(text.contains("ready<<relkit-"));
        let other = Github::new(None);
        assert!(other.write().is_ok());
        assert_ne!(random(), random());
    }

    #[test]
    fn annotations_are_escaped_and_few() {
        let one = Github::annotate_error("a:b", "50 %\nnext");
        assert_eq!(one, "::error title=a%3Ab::50 %25%0Anext\n");
        let many: Vec<_> = (0..12)
            .map(|n| Finding::new("x.y", n.to_string()))
            .collect();
        let text = Github::annotate_findings(&many);
        assert_eq!(text.lines().count(), 9);
        assert!(text.ends_with("and 4 more\n"));
    }
}

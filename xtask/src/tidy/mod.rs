//! The rules about our own files that no compiler knows.
//!
//! Each rule is a pure function from the tracked files to what is wrong with them, and has a test
//! that shows it going red. Nothing here repairs a file.

mod codes;
mod files;
mod made;
mod words;

use std::{fs, path::Path};

use crate::{Result, shell};

/// A tracked or new file. Bytes that are no UTF-8 are replaced.
struct File {
    path: String,
    text: String,
}

/// What a rule has to say.
type Complaints = Vec<String>;

const RULES: &[fn(&[File]) -> Complaints] = &[
    files::top_level,
    files::length,
    files::median,
    files::heads,
    words::leaks,
    words::marks,
    codes::check,
];

/// Reads the repository and applies every rule.
pub(crate) fn run() -> Result {
    let files = read()?;
    let wrong: Complaints = RULES.iter().flat_map(|rule| rule(&files)).collect();
    for complaint in &wrong {
        println!("{complaint}");
    }
    eprintln!("        Tidy {}", files::summary(&files));
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("tidy: {} complaints", wrong.len()).into())
}

fn read() -> Result<Vec<File>> {
    let list = shell::read("git", &["ls-files", "-z", "-co", "--exclude-standard"])?;
    let mut files = Vec::new();
    for path in list.split_terminator('\0') {
        match fs::read(path) {
            Ok(bytes) => files.push(File {
                path: path.to_owned(),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }),
            // Removed, but the index still has it.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(format!("`{path}`: {e}").into()),
        }
    }
    Ok(files)
}

impl File {
    /// Rust that we wrote; the repositories inside test cases are data.
    fn is_ours(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|end| end == "rs")
            && !self.is_data()
    }

    /// What tests read: not our prose, not our code.
    fn is_data(&self) -> bool {
        ["tests/cases/", "fixtures/"]
            .iter()
            .any(|folder| self.path.starts_with(folder))
    }
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

//! A fresh repository in a directory of its own, gone when the test is over.

use std::{
    cell::Cell,
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::environment;

/// The seconds of the first commit: 2025-12-01. Each further git command is a minute later.
const FIRST: u64 = 1_764_547_200;

/// `root/` is the repository, `data/` is relkit's data directory.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
    minutes: Cell<u64>,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("root")).unwrap();
        fs::create_dir(dir.path().join("data")).unwrap();
        Self {
            dir,
            minutes: Cell::new(0),
        }
    }

    pub(crate) fn root(&self) -> PathBuf {
        fs::canonicalize(self.dir.path()).unwrap().join("root")
    }

    pub(crate) fn data(&self) -> PathBuf {
        fs::canonicalize(self.dir.path()).unwrap().join("data")
    }

    /// `program` in the repository, with the scrubbed environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        environment::scrub(&mut command, &self.data());
        command.current_dir(self.root()).stdin(Stdio::null());
        command
    }

    /// An empty repository on `main` with an identity of its own.
    pub(crate) fn init(&self) {
        self.git("init -q -b main");
        self.git("config user.name Tester");
        self.git("config user.email tester@example.com");
        self.git("config core.autocrlf false");
    }

    /// Runs one git command, written as in a shell with `'` and `"`, and gives its output.
    pub(crate) fn git(&self, line: &str) -> String {
        let date = format!("{} +0000", FIRST + 60 * self.minutes.get());
        self.minutes.set(self.minutes.get() + 1);
        let mut command = self.command("git");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = command
            .args(words(line))
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {line}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Writes a file below the root.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Copies what stands in `from` into the root.
    pub(crate) fn copy(&self, from: &Path) {
        for (path, bytes) in files(from) {
            let path = self.root().join(visible(&path));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// Everything that relkit could change: files, its own state, references.
    pub(crate) fn state(&self) -> BTreeMap<String, Vec<u8>> {
        let mut state = files(self.dir.path());
        // The lock file stays when the lock is gone; it says nothing.
        state.retain(|path, _| {
            let relkits = path.contains("/.git/relkit") && !path.ends_with("/lock");
            !path.starts_with("root/.git/") || relkits
        });
        if self.root().join(".git").exists() {
            let head = fs::read(self.root().join(".git/HEAD")).unwrap();
            state.insert("(HEAD)".to_owned(), head);
            state.insert("(refs)".to_owned(), self.git("for-each-ref").into());
        }
        state
    }
}

/// The path in the repository of a file of a case: `_gitignore` stands for `.gitignore`, so that
/// it does not rule over the folder that it is kept in.
pub(crate) fn visible(path: &str) -> String {
    path.replace("_gitignore", ".gitignore")
}

/// Every file below `dir`: its path with `/`, and its bytes.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![dir.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap();
                found.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The words of a command line.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

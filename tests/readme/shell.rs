//! One shell session in a fresh directory, offline, with relkit on its path.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::environment;

/// A session. The working directory and the files carry over from command to command.
pub(crate) struct Shell {
    dir: tempfile::TempDir,
    here: PathBuf,
}

impl Shell {
    /// A session in which `relkit` is the program `binary`.
    pub(crate) fn new(binary: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for name in ["bin", "home", "data", "here"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        std::os::unix::fs::symlink(binary, dir.path().join("bin/relkit")).unwrap();
        let identity =
            "[user]\nname = Tester\nemail = tester@example.com\n[init]\ndefaultBranch = main\n";
        fs::write(dir.path().join("home/.gitconfig"), identity).unwrap();
        let here = dir.path().join("here");
        Self { dir, here }
    }

    /// Runs `script`; gives what it wrote to both streams, and whether it succeeded.
    pub(crate) fn run(&mut self, script: &str) -> (String, bool) {
        let root = self.dir.path();
        let last = root.join("last");
        let script = script.replace("cargo run --release --", "relkit");
        let mut command = Command::new("bash");
        environment::scrub(&mut command, &root.join("data"));
        let path = std::env::var("PATH").unwrap_or_default();
        let output = command
            .args([
                "-uc",
                "exec 2>&1; trap 'pwd > \"$LAST\"' EXIT; eval \"$SCRIPT\"",
            ])
            .env("PATH", format!("{}:{path}", root.join("bin").display()))
            .env("HOME", root.join("home"))
            .env_remove("GIT_CONFIG_GLOBAL")
            .env("GIT_AUTHOR_DATE", environment::NOW)
            .env("GIT_COMMITTER_DATE", environment::NOW)
            // Nothing listens there: whoever wants the network fails.
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("SCRIPT", script)
            .env("LAST", &last)
            .current_dir(&self.here)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if let Ok(here) = fs::read_to_string(last) {
            self.here = PathBuf::from(here.trim_end());
        }
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            output.status.success(),
        )
    }
}

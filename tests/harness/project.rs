//! The sample project, released by the demo, and relkit in it.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use super::environment;

/// The sample project in a directory of its own, gone when the test is over.
pub(crate) struct Project {
    /// It holds the project, and room beside it.
    pub(crate) dir: tempfile::TempDir,
}

impl Project {
    /// The project as the demo leaves it: bumped, judged, published.
    pub(crate) fn released() -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let output = project.run(&["demo", project.root().to_str().unwrap(), "-q"]);
        assert!(output.status.success(), "{}", said(&output));
        project
    }

    pub(crate) fn root(&self) -> PathBuf {
        let dir = self.dir.path().canonicalize().unwrap();
        dir.join("project")
    }

    /// Where the demo keeps the keys of its signatures.
    pub(crate) fn data(&self) -> PathBuf {
        self.root().join(".relkit/out/data")
    }

    /// relkit, in the project once there is one.
    pub(crate) fn relkit(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
        environment::scrub(&mut command, &self.data());
        let at = if self.root().exists() {
            self.root()
        } else {
            self.dir.path().to_owned()
        };
        command.current_dir(at).args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.relkit(args).output().unwrap()
    }

    /// What git prints; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
            .args(args)
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// What was said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

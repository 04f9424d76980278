//! What a run that publishes has begun and finished, on the disk before and after each request.
//!
//! A rerun looks at the remote first; the journal holds only what cannot be looked up there, and
//! who did what. It is appended to, never rewritten.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

use super::fs::{self, FileError};
use crate::{digest::Digest, plan::Outcome};

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: Utf8PathBuf,
    points: KillPoints,
}

impl Journal {
    /// Opens the journal of the plan `key` in the repository's private directory `state`.
    pub fn open(state: &Utf8Path, key: &Digest, points: KillPoints) -> Result<Self, FileError> {
        let directory = state.join("journal");
        fs::create_dir(&directory)?;
        Ok(Self {
            path: directory.join(format!("{key}.jsonl")),
            points,
        })
    }

    /// `step` is about to be attempted.
    pub fn begin(&mut self, step: &Digest) -> Result<(), FileError> {
        self.points.pass();
        self.write(&json!({ "begin": step }))?;
        self.points.pass();
        Ok(())
    }

    /// `step` holds now.
    pub fn end(&mut self, step: &Digest, outcome: Outcome) -> Result<(), FileError> {
        self.points.pass();
        self.write(&json!({ "end": step, "outcome": outcome }))?;
        self.points.pass();
        Ok(())
    }

    /// A place between two changes of the world where a test may end the process.
    pub fn point(&mut self) {
        self.points.pass();
    }

    fn write(&self, entry: &serde_json::Value) -> Result<(), FileError> {
        fs::append(&self.path, &format!("{entry}\n"))
    }
}

/// Ends the process at the N-th place it passes, as SIGKILL would: tests of interrupted work set
/// `RELKIT_TEST_KILL_AT=N`. A release build knows no such variable.
#[derive(Debug, Default)]
pub struct KillPoints {
    left: Option<u32>,
}

impl KillPoints {
    /// Reads the variable's value, in a debug build.
    #[must_use]
    pub fn new(value: Option<&str>) -> Self {
        let left = value.filter(|_| cfg!(debug_assertions));
        Self {
            left: left.and_then(|text| text.parse().ok()),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that ends the process"
    )]
    pub(super) fn pass(&mut self) {
        match &mut self.left {
            Some(0) => std::process::abort(),
            Some(left) => *left -= 1,
            None => {}
        }
    }
}

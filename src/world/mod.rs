//! The doors to the outside. Nothing else opens a file for writing, a repository or a process.

pub mod fs;
pub mod git;
pub mod history;
pub mod journal;
pub mod local;
pub mod lock;
pub mod private;
pub mod release;
pub mod seed;
pub mod sigstore;
pub mod take;
pub mod walk;

//! The doors to the outside. Nothing else opens a file for writing, a repository or a process.

pub mod framework;
pub mod fs;
pub mod git;
pub mod history;
pub mod journal;
pub mod local;
pub mod lock;
mod part;
pub mod private;
pub mod release;
pub mod retag;
pub mod seed;
pub mod sigstore;
pub mod take;
pub mod walk;

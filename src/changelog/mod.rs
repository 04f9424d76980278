//! The changelog room: from a history and a `cliff.toml` to text, and from an existing
//! `CHANGELOG.md` to the next one with every hand-written byte kept.
//!
//! Nothing here reads a repository, a file, the environment or the clock: histories, texts and
//! dates come in as values.

pub mod cliff;
pub mod document;
pub mod history;
pub mod release;
pub mod section;

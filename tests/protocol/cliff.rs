//! Byte for byte against git-cliff: real repositories, real configurations, and random ones of
//! both. `git` and the `git-cliff` program are needed; a missing one is a failure.
//!
//! `CLIFF_SEEDS` is the number of random repositories (60), `CLIFF_SEED` the first seed (1).
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test starts the foreign program, reads its own settings, and fails by a panic"
)]

#[path = "cliff/oracle.rs"]
mod oracle;
#[path = "cliff/random.rs"]
mod random;
#[path = "cliff/scenarios.rs"]
mod scenarios;

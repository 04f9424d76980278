//! Takes a repository from "ready to release" to "published, and provably so".
//!
//! Every command is one of two shapes:
//!
//! * a **change** is planned by a pure function into a [`plan::Plan`], shown, and then applied;
//! * a **check** gathers facts, finds what is wrong, and reports it. It executes nothing.
//!
//! Nothing below `commands` prints, reads the environment, or asks for the time.
//! `docs/architecture.md` names the floors and the invariants.

pub mod digest;
pub mod finding;
pub mod json;
pub mod trust;
pub mod version;

#[cfg(feature = "release")]
pub mod apply;
#[cfg(feature = "release")]
pub mod archive;
#[cfg(feature = "release")]
pub mod bump;
#[cfg(feature = "release")]
pub mod changelog;
#[cfg(feature = "release")]
pub mod config;
pub mod context;
#[cfg(feature = "release")]
pub mod error;
#[cfg(feature = "release")]
pub mod event;
#[cfg(feature = "release")]
pub mod evidence;
#[cfg(feature = "release")]
pub mod exit;
#[cfg(feature = "release")]
pub mod gate;
#[cfg(feature = "release")]
pub mod gather;
#[cfg(feature = "release")]
pub mod init;
#[cfg(feature = "release")]
pub mod junit;
#[cfg(feature = "release")]
pub mod manifest;
#[cfg(feature = "release")]
pub mod notes;
#[cfg(feature = "release")]
pub mod pages;
pub mod plan;
#[cfg(feature = "release")]
pub mod publish;
#[cfg(feature = "release")]
pub mod sample;
#[cfg(feature = "release")]
pub mod sign;
#[cfg(feature = "release")]
pub mod sums;
#[cfg(feature = "release")]
pub mod wheel;
#[cfg(feature = "release")]
pub mod world;
#[cfg(feature = "release")]
pub mod xcframework;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod commands;
#[cfg(feature = "cli")]
pub mod ui;

#[cfg(feature = "release")]
pub use context::Context;
#[cfg(feature = "release")]
pub use error::{Error, Result};

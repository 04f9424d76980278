//! Takes a repository from "ready to release" to "published, and provably so".
//!
//! Every command is one of two shapes:
//!
//! * a **change** is planned by a pure function into a [`plan::Plan`], shown, and then applied;
//! * a **check** gathers facts, finds what is wrong, and reports it. It executes nothing.
//!
//! Nothing below `commands` prints, reads the environment, or asks for the time.
//! `docs/architecture.md` names the floors and the invariants.

#[cfg(feature = "release")]
pub mod config;
pub mod digest;
#[cfg(feature = "release")]
pub mod evidence;
pub mod finding;
pub mod json;
#[cfg(feature = "release")]
pub mod junit;
pub mod version;

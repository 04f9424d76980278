//! x
mod metadata;
pub use metadata::*;

//! What happens while work is under way, for whoever watches.

use crate::plan::{Outcome, Step};

/// Something that just happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step of a plan holds now.
    Step {
        /// The step.
        step: &'a Step,
        /// Whether it was done now or before.
        outcome: Outcome,
    },
}

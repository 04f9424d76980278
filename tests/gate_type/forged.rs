//! Plans a publication. See tests/gate_type.rs for which of the twins compile.

use relkit::{
    config::Channel,
    evidence::Ready,
    plan::Plan,
    publish::{self, Facts},
};

fn publication(given: &Ready, channels: &[Channel], facts: &Facts) -> Option<Plan> {
    let ready: &Ready = &Ready {};
    publish::plan(ready, channels, facts).ok()
}

fn main() {
    let _ = publication;
}

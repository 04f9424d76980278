//! Plans as people read them.

use crate::plan::{Plan, Step};

/// A unified diff of every text that the plan rewrites.
pub(super) fn diff(plan: &Plan) -> String {
    let mut out = String::new();
    for edit in plan.in_order().into_iter().flat_map(Step::edits) {
        let before = edit.before.as_deref().unwrap_or_default();
        let old = match &edit.before {
            Some(_) => format!("a/{}", edit.path),
            None => "/dev/null".to_owned(),
        };
        let new = format!("b/{}", edit.path);
        out += &similar::TextDiff::from_lines(before, &edit.after)
            .unified_diff()
            .context_radius(1)
            .header(&old, &new)
            .to_string();
    }
    out
}

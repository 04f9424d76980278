//! Exit codes are an API. 1 to 9: relkit could not do its work. 10 to 19: it did, and the answer
//! is no. (6 is kept from the tools that relkit replaces.)

use crate::evidence::Verdict;

/// Success, or already so.
pub const SUCCESS: u8 = 0;
/// Unexpected or internal.
pub const INTERNAL: u8 = 1;
/// Usage.
pub const USAGE: u8 = 2;
/// Storage.
pub const STORAGE: u8 = 7;

/// Every exit code and what it means.
pub const MEANINGS: &[(u8, &str)] = &[
    (0, "success, or already so"),
    (1, "unexpected or internal"),
    (2, "usage"),
    (3, "not found at the remote"),
    (4, "not installed or absent here"),
    (5, "network (retries used up, rate limit)"),
    (6, "digest, signature or schema verification failed"),
    (7, "storage"),
    (8, "configuration or manifest"),
    (
        9,
        "precondition (dirty tree, tag taken, stale plan, remote moved, permission)",
    ),
    (10, "not ready: the gate is closed"),
    (11, "findings at or above the threshold"),
    (12, "drift: `--check` found work to do"),
    (
        13,
        "not ready, and every blocker is transient: a retry may help",
    ),
    (14, "not ready, and what is missing is an approval"),
    (130, "interrupted"),
];

/// The exit code of each error code. An error that is not listed exits with 1.
pub const ERRORS: &[(&str, u8)] = &[
    ("apply.not_cleared", 10),
    ("apply.stale", 9),
    ("bump.branch", 9),
    ("bump.detached", 9),
    ("bump.dirty", 9),
    ("bump.downgrade", 9),
    ("bump.drift", 9),
    ("bump.interrupted", 9),
    ("bump.tag_exists", 9),
    ("changelog.config", 8),
    ("changelog.exists", 9),
    ("changelog.first_tag", 9),
    ("changelog.no_current_tag", 9),
    ("changelog.pattern", 8),
    ("changelog.range", 2),
    ("changelog.template", 8),
    ("changelog.unconventional", 9),
    ("changelog.unmatched", 9),
    ("channel.artifact_changed", 10),
    ("channel.foreign_page", 9),
    ("channel.other_bytes", 10),
    ("config.absent", 8),
    ("config.invalid", 8),
    ("config.syntax", 8),
    ("config.unknown_key", 8),
    ("context.time", 2),
    ("demo.gate_open", 1),
    ("digest.invalid", 6),
    ("file.absent", 4),
    ("file.io", 7),
    ("file.link", 9),
    ("file.name", 7),
    ("file.not_text", 8),
    ("file.refused", 6),
    ("gate.forged", 6),
    ("gate.moved_on", 10),
    ("gate.no_report", 10),
    ("gate.not_published", 12),
    ("gate.not_ready", 10),
    ("git.bare", 9),
    ("git.failed", 9),
    ("git.identity", 9),
    ("git.locked", 9),
    ("git.moved", 9),
    ("git.no_commit", 9),
    ("git.no_repository", 9),
    ("git.not_restored", 7),
    ("git.shallow", 9),
    ("git.unsafe_directory", 9),
    ("init.exists", 9),
    ("json.bom", 6),
    ("json.invalid", 6),
    ("json.too_large", 6),
    ("junit.counters_differ", 6),
    ("junit.doctype", 6),
    ("junit.invalid", 6),
    ("junit.not_junit", 6),
    ("junit.truncated", 6),
    ("lock.held", 9),
    ("manifest.none", 8),
    ("manifest.syntax", 8),
    ("manifest.unsafe_edit", 8),
    ("manifest.version", 8),
    ("notes.no_section", 4),
    ("path.not_public", 8),
    ("private.exposed", 9),
    ("publish.exposed", 8),
    ("publish.name_clash", 8),
    ("publish.no_channel", 8),
    ("publish.no_channels", 8),
    ("report.forged", 6),
    ("report.invalid", 6),
    ("report.markdown", 1),
    ("report.not_canonical", 6),
    ("schema.incompatible", 6),
    ("sign.bundle", 2),
    ("sign.cryptography", 1),
    ("sign.identity", 9),
    ("sign.later", 4),
    ("sign.name_clash", 2),
    ("sign.occupied", 9),
    ("signature.identity", 6),
    ("signature.invalid", 6),
    ("signature.issuer", 6),
    ("signature.malformed", 6),
    ("signature.missing", 6),
    ("signature.not_verified", 6),
    ("signature.other_bytes", 6),
    ("signature.trust_local", 6),
    ("trust.key", 7),
    ("trust.log", 6),
    ("trust.no_directory", 7),
    ("trust.no_instance", 4),
    ("trust.record", 6),
    ("trust.root", 6),
    ("trust.unknown", 2),
    ("usage.arguments", 2),
    ("usage.no_signer", 2),
    ("usage.no_such_code", 2),
    ("usage.not_a_plan", 2),
    ("usage.not_empty", 2),
    ("usage.one_bundle", 2),
    ("usage.plan_schema", 2),
    ("usage.two_stages", 2),
    ("version.invalid", 2),
    ("wheel.build", 2),
    ("wheel.changed", 9),
    ("wheel.clash", 2),
    ("wheel.exists", 9),
    ("wheel.malformed", 6),
    ("wheel.metadata", 6),
    ("wheel.name", 6),
    ("wheel.no_tag_left", 2),
    ("wheel.tag", 2),
    ("wheel.unreadable", 6),
    ("xcframework.archive", 6),
    ("xcframework.changed", 9),
    ("xcframework.clash", 6),
    ("xcframework.link", 6),
    ("xcframework.name", 2),
    ("xcframework.no_info_plist", 6),
    ("xcframework.output", 2),
    ("xcframework.special", 6),
];

/// The exit code of the error `code`.
#[must_use]
pub fn of(code: &str) -> u8 {
    listed(code).unwrap_or(INTERNAL)
}

/// The exit code of the error `code`, if it is one; blockers have none of their own.
#[must_use]
pub fn listed(code: &str) -> Option<u8> {
    let at = ERRORS.binary_search_by_key(&code, |(name, _)| name).ok()?;
    Some(ERRORS[at].1)
}

/// The exit code of a candidate.
#[must_use]
pub fn of_verdict(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Ready => SUCCESS,
        Verdict::NotReady => 10,
        Verdict::Transient => 13,
        Verdict::NeedsApproval => 14,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_knows_its_meanings() {
        assert!(ERRORS.is_sorted_by(|a, b| a.0 < b.0));
        for (code, exit) in ERRORS {
            assert!(MEANINGS.iter().any(|(known, _)| known == exit), "{code}");
            assert_eq!(of(code), *exit);
        }
        assert_eq!(of("no.such_code"), INTERNAL);
    }
}

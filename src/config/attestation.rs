//! The keys of an `attestation` row: a signing policy.

use toml::Spanned;

use super::{ConfigError, Globs, Place, raw, row::Attestation};
use crate::trust::{Signer, Trust};

/// The keys as they are written.
pub(super) struct Keys {
    pub(super) files: Globs,
    pub(super) signers: Vec<raw::Signer>,
    pub(super) trust: Option<raw::OneOrMany>,
    pub(super) threshold: u64,
}

pub(super) fn validate(
    name: &Spanned<String>,
    keys: Keys,
    text: &str,
) -> Result<Attestation, ConfigError> {
    let row = name.get_ref();
    let here = Place::new(text, name.span().start);
    let Keys {
        files,
        signers,
        trust,
        threshold,
    } = keys;
    if files.is_empty() {
        return Err(ConfigError::invalid(
            format!("row `{row}` names no file"),
            here,
            "give `attestation` at least one glob",
        ));
    }
    let signers = signers.into_iter();
    let signers = signers.map(|raw::Signer { identity, issuer }| Signer { identity, issuer });
    let signers: Vec<_> = signers.collect();
    if threshold == 0 || threshold > signers.len() as u64 {
        return Err(ConfigError::invalid(
            format!("row `{row}` wants {threshold} of {} signers", signers.len()),
            here,
            "name who must have signed: `signer = [{ identity = \"…\", issuer = \"…\" }]`, and at least `threshold` of them",
        ));
    }
    let trust = match &trust {
        None => vec![Trust::Public],
        Some(names) => tiers(names, text)?,
    };
    Ok(Attestation {
        files,
        signers,
        trust,
        threshold,
    })
}

fn tiers(names: &raw::OneOrMany, text: &str) -> Result<Vec<Trust>, ConfigError> {
    let tier = |name: &Spanned<String>| {
        name.get_ref()
            .parse()
            .map_err(|e: crate::trust::UnknownTrust| {
                let place = Place::new(text, name.span().start);
                ConfigError::invalid(e.to_string(), place, "the tiers are `public` and `local`")
            })
    };
    names.0.iter().map(tier).collect()
}

//! `attestation`: each file has a bundle beside it that verifies, by one who may sign.
//!
//! The cryptography is done before: the facts say what each bundle proves. This judges who.

use std::collections::BTreeSet;

use crate::{
    config::row::Attestation,
    digest::PublicPath,
    evidence::{
        facts::{Facts, File, Taken},
        outcome::{Check, Outcome, Tally},
    },
    finding::{Class, Finding, counted},
    sign::{self, Attested, SUFFIX, Signature, SignatureError, Tier},
    trust::{Signer, Trust},
};

/// The kind's name.
pub const KIND: &str = "attestation";
/// What it is for.
pub const SUMMARY: &str = "files have bundles that verify, by signers who may";

/// The answer of an `attestation` row.
#[must_use]
pub fn check(keys: &Attestation, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let files = tally.take(facts, &keys.files);
    let files: Vec<_> = files.into_iter().filter(|file| !is_bundle(file)).collect();
    if files.is_empty() {
        tally.missing(
            Finding::new(
                "signature.no_file",
                format!("{} matches no file", keys.files),
            )
            .help("build what is to be signed, then run `relkit sign`"),
        );
        return tally.finish("");
    }
    for file in &files {
        judge(&mut tally, keys, (facts, file));
    }
    let signers = counted(keys.signers.len(), "signer");
    let number = counted(files.len(), "file");
    tally.finish(format!(
        "{number} signed by {} of {signers}",
        keys.threshold
    ))
}

fn is_bundle(file: &Taken) -> bool {
    file.identity.path.as_str().ends_with(SUFFIX)
}

fn judge(tally: &mut Tally, keys: &Attestation, (facts, file): (&Facts, &Taken)) {
    let path = &file.identity.path;
    let bundles = facts.signatures.get(path).map_or(&[][..], Vec::as_slice);
    let mut present = BTreeSet::new();
    let mut findings = Vec::new();
    for attested in bundles {
        tally.bind(facts, &attested.bundle.path);
        match accept(keys, attested) {
            Ok(signer) => drop(present.insert(signer)),
            Err(error) => findings.push(finding(keys, (facts, path), &error)),
        }
    }
    let number = present.len() as u64;
    let ok = number >= keys.threshold;
    tally.check(Check {
        expr: format!("signed by at least {} of those named", keys.threshold),
        path: Some(path.clone()),
        observed: observed(bundles),
        ok,
    });
    if ok {
        return;
    }
    if bundles.is_empty() {
        missing(tally, facts, path);
    } else if findings.is_empty() {
        let text = format!("`{path}` is signed by {number}, not {}", keys.threshold);
        findings.push(
            Finding::new("signature.threshold", text)
                .at(path)
                .help("let the others sign too, or lower `threshold` in `relkit.toml`"),
        );
    }
    for finding in findings {
        tally.fail(finding);
    }
}

/// There is no bundle, or one that was refused, which is said of the file that it is.
fn missing(tally: &mut Tally, facts: &Facts, path: &PublicPath) {
    let bundle = format!("{path}{SUFFIX}");
    let refused = facts
        .files
        .iter()
        .find(|(place, _)| place.as_str() == bundle);
    if let Some((place, File::Refused(problem))) = refused {
        tally.error(problem.finding(place));
    } else {
        let error = SignatureError::Missing { bundle };
        tally.missing(error.finding(path.as_str()).at(path));
    }
}

/// The signer in the policy whose signature it is.
fn accept<'a>(keys: &'a Attestation, attested: &Attested) -> Result<&'a Signer, SignatureError> {
    let signature = attested.result.as_ref().map_err(Clone::clone)?;
    let tier = signature.root.trust;
    if !keys.trust.iter().any(|trust| Tier::from(*trust) == tier) {
        return Err(match tier {
            Tier::Local => SignatureError::TrustLocal { root: Tier::Public },
            tier => SignatureError::Invalid {
                reason: format!("it is of the trust `{tier}`, which the row does not allow"),
            },
        });
    }
    let mut nearest = None;
    for signer in &keys.signers {
        match sign::require(signature, signer) {
            Ok(()) => return Ok(signer),
            // The right name at a wrong issuer says more than a wrong name.
            Err(error @ SignatureError::Issuer { .. }) => nearest = Some(error),
            Err(error) => nearest = nearest.or(Some(error)),
        }
    }
    Err(nearest.unwrap_or(SignatureError::Invalid {
        reason: "nobody may sign".to_owned(),
    }))
}

fn finding(keys: &Attestation, place: (&Facts, &PublicPath), error: &SignatureError) -> Finding {
    let (facts, path) = place;
    match error {
        SignatureError::TrustLocal { .. } if keys.trust.contains(&Trust::Local) => {
            let text =
                format!("`{path}`: this machine does not have the local instance that signed it");
            let mut finding = Finding::new("signature.no_instance", text)
                .at(path)
                .help("judge where it was signed, or sign again here: `relkit sign`");
            finding.class = Class::Undetermined;
            finding
        }
        SignatureError::OtherBytes {
            signed: Some(signed),
        } => {
            let other = facts.files.iter().find_map(|(other, file)| match file {
                File::Taken(taken) if taken.identity.sha256 == *signed => Some(other),
                _ => None,
            });
            match other {
                Some(other) => Finding::new(
                    "signature.swapped",
                    format!("the bundle beside `{path}` is that of `{other}`"),
                )
                .at(path)
                .help("put each bundle beside its own file, or run `relkit sign` again"),
                None => error.finding(path.as_str()).at(path),
            }
        }
        error => error.finding(path.as_str()).at(path),
    }
}

fn observed(bundles: &[Attested]) -> String {
    let one = |attested: &Attested| match &attested.result {
        Ok(signature) => by(signature),
        Err(_) => "nothing that verifies".to_owned(),
    };
    match bundles {
        [] => "no bundle".to_owned(),
        bundles => bundles.iter().map(one).collect::<Vec<_>>().join("; "),
    }
}

fn by(signature: &Signature) -> String {
    let Signature {
        identity,
        issuer,
        root,
        ..
    } = signature;
    let times: Vec<_> = signature.times.iter().map(ToString::to_string).collect();
    crate::evidence::observed::public(&format!(
        "{identity} ({issuer}) at {}, trust {}, root {}, entry {}",
        times.join(", "),
        root.trust,
        root.sha256.short(),
        signature.log_index
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::{Digest, Identity},
        evidence::{fixture, outcome::Status},
        sign::Root,
    };

    const WHEEL: &str = "dist/demo-0.2.0rc1-py3-none-any.whl";
    const KEYS: &str = "attestation = \"dist/*.whl\"\n\
        signer = [{ identity = \"a@x.org\", issuer = \"https://i\" }]\ntrust = [\"local\", \"public\"]";

    fn signature(identity: &str, issuer: &str, trust: Tier) -> Signature {
        Signature {
            identity: identity.to_owned(),
            issuer: issuer.to_owned(),
            root: Root {
                trust,
                sha256: Digest::of(b"root"),
            },
            times: vec!["2026-06-01T00:00:00Z".parse().unwrap()],
            log_index: 3,
        }
    }

    fn signed(facts: &mut Facts, result: Result<Signature, SignatureError>) {
        let bundle = format!("{WHEEL}{SUFFIX}");
        fixture::put(facts, &bundle, b"{}");
        let attested = Attested {
            bundle: Identity::of(fixture::path(&bundle), b"{}"),
            result,
        };
        facts
            .signatures
            .insert(fixture::path(WHEEL), vec![attested]);
    }

    fn outcome(keys: &str, result: Result<Signature, SignatureError>) -> Outcome {
        let mut facts = fixture::with_row(keys);
        signed(&mut facts, result);
        fixture::row("extra", &facts)
    }

    #[test]
    fn passes_for_a_signer_who_may_and_binds_the_bundle() {
        for tier in [Tier::Local, Tier::Public] {
            let outcome = outcome(KEYS, Ok(signature("a@x.org", "https://i", tier)));
            assert_eq!(outcome.status, Status::Pass, "{:?}", outcome.findings);
            assert_eq!(outcome.message, "1 file signed by 1 of 1 signer");
            let bound: Vec<_> = outcome
                .evidence
                .iter()
                .map(|one| one.path.as_str())
                .collect();
            assert!(bound.contains(&"dist/demo-0.2.0rc1-py3-none-any.whl.sigstore.json"));
        }
    }

    #[test]
    fn each_thing_that_is_wrong_has_its_own_code() {
        let good = || signature("a@x.org", "https://i", Tier::Local);
        let public = KEYS.replace("\"local\", ", "");
        let only_local = KEYS.replace(", \"public\"", "");
        let refused = |reason: &str| SignatureError::Invalid {
            reason: reason.to_owned(),
        };
        let sdist = Digest::of(b"sdist");
        let other = |signed| SignatureError::OtherBytes { signed };
        let local = SignatureError::TrustLocal { root: Tier::Public };
        for (keys, result, code) in [
            (
                KEYS,
                Ok(signature("b@x.org", "https://i", Tier::Local)),
                "signature.identity",
            ),
            (
                KEYS,
                Ok(signature("a@x.org", "https://j", Tier::Local)),
                "signature.issuer",
            ),
            (
                KEYS,
                Ok(signature("A@x.org", "https://i", Tier::Local)),
                "signature.identity",
            ),
            (&public, Ok(good()), "signature.trust_local"),
            (&public, Err(local.clone()), "signature.trust_local"),
            (
                &only_local,
                Ok(signature("a@x.org", "https://i", Tier::Public)),
                "signature.invalid",
            ),
            (KEYS, Err(local), "signature.no_instance"),
            (KEYS, Err(refused("x")), "signature.invalid"),
            (KEYS, Err(other(None)), "signature.other_bytes"),
            (
                KEYS,
                Err(other(Some(Digest::of(b"old")))),
                "signature.other_bytes",
            ),
            (KEYS, Err(other(Some(sdist))), "signature.swapped"),
        ] {
            let outcome = outcome(keys, result);
            assert_eq!(fixture::codes(&outcome), [code]);
            assert_eq!(outcome.status, Status::Fail, "{code}");
        }
    }

    #[test]
    fn a_file_without_a_bundle_and_a_glob_without_a_file_are_missing() {
        let facts = fixture::with_row(KEYS);
        let outcome = fixture::row("extra", &facts);
        assert_eq!(fixture::codes(&outcome), ["signature.missing"]);
        assert_eq!(outcome.status, Status::Missing);
        let facts = fixture::with_row(&KEYS.replace("whl", "zip"));
        assert_eq!(
            fixture::codes(&fixture::row("extra", &facts)),
            ["signature.no_file"]
        );
    }

    #[test]
    fn one_signer_twice_is_not_two() {
        let two = KEYS.replace(
            "issuer = \"https://i\" }",
            "issuer = \"https://i\" }, { identity = \"b@x.org\", issuer = \"https://i\" }",
        );
        let two = format!("{two}\nthreshold = 2");
        let mut facts = fixture::with_row(&two);
        let of = |name| Ok(signature(name, "https://i", Tier::Local));
        signed(&mut facts, of("a@x.org"));
        let bundles = facts.signatures.get_mut(&fixture::path(WHEEL)).unwrap();
        bundles.push(bundles[0].clone());
        assert_eq!(
            fixture::codes(&fixture::row("extra", &facts)),
            ["signature.threshold"]
        );
        facts.signatures.get_mut(&fixture::path(WHEEL)).unwrap()[1].result = of("b@x.org");
        assert_eq!(fixture::row("extra", &facts).status, Status::Pass);
    }
}

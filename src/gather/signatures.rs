//! What the bundles beside files prove.

use std::collections::BTreeMap;

use super::Result;
use crate::{
    context::Context,
    digest::{Digest, PublicPath},
    evidence::{File, Needs},
    sign::{Attested, SUFFIX, Signature, SignatureError, Verifier},
    trust::Trust,
    world::{
        git::Git,
        sigstore::{self, SigstoreError},
    },
};

/// For each file whose signature is wanted, its bundle and what it proves. The bytes are those that
/// were taken, and so those whose digest is bound.
pub fn of(
    ctx: &Context,
    git: &Git,
    (needs, files): (&Needs, &BTreeMap<PublicPath, File>),
) -> Result<BTreeMap<PublicPath, Vec<Attested>>> {
    let mut found = BTreeMap::new();
    if needs.attested.is_empty() {
        return Ok(found);
    }
    let roots = Roots::new(ctx, git)?;
    for (path, file) in files {
        let wanted = needs.attested.matches(path.as_str()) && !path.as_str().ends_with(SUFFIX);
        let File::Taken(file) = file else { continue };
        if !wanted {
            continue;
        }
        let bundle = PublicPath::new(format!("{path}{SUFFIX}"))?;
        let Some(File::Taken(bundle)) = files.get(&bundle) else {
            continue;
        };
        let bytes = bundle.content.as_deref().unwrap_or_default();
        let attested = Attested {
            bundle: bundle.identity.clone(),
            result: roots.verify(file.identity.sha256, bytes),
        };
        found.insert(path.clone(), vec![attested]);
    }
    Ok(found)
}

/// The roots that a row may name.
struct Roots {
    public: Verifier,
    local: Option<Verifier>,
}

impl Roots {
    fn new(ctx: &Context, git: &Git) -> Result<Self> {
        let local = match sigstore::of(ctx, git) {
            Ok(instance) => Some(instance.verifier()?),
            // Elsewhere than where it was signed.
            Err(SigstoreError::None | SigstoreError::NoDirectory) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            public: super::sign::verifier(ctx, Trust::Public)?,
            local,
        })
    }

    fn verify(
        &self,
        artifact: Digest,
        bundle: &[u8],
    ) -> std::result::Result<Signature, SignatureError> {
        match (self.public.verify(artifact, bundle), &self.local) {
            (Err(SignatureError::TrustLocal { .. }), Some(local)) => local.verify(artifact, bundle),
            (result, _) => result,
        }
    }
}

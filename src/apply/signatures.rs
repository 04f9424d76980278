//! Performs steps that sign: looks whether a good bundle stands there, signs, and verifies it.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{Outcome, SignatureStep},
    sign::{MAX_SIZE, SignatureError, Verifier, plan::SignError},
    trust::Trust,
    world::{
        fs,
        git::Git,
        sigstore::{self, Instance, Signer, SigstoreError},
        take::{self, Keep},
    },
};

/// Everything that is signed in one run is signed under one certificate.
#[derive(Debug, Default)]
pub(super) struct Signing {
    local: Option<Local>,
}

#[derive(Debug)]
struct Local {
    instance: Instance,
    verifier: Verifier,
    email: String,
    /// Made for the first file that wants signing.
    signer: Option<Signer>,
}

impl Signing {
    pub(super) fn perform(
        &mut self,
        ctx: &Context,
        git: &Git,
        step: &SignatureStep,
    ) -> Result<Outcome, ApplyError> {
        let SignatureStep::Sign {
            file,
            to,
            trust,
            identity,
        } = step;
        if *trust != Trust::Local {
            return Err(SignError::Later { trust: *trust }.into());
        }
        let local = match &mut self.local {
            Some(local) => local,
            none => none.insert(Local::open(ctx, git)?),
        };
        if local.email != *identity {
            return Err(ApplyError::Stale {
                what: format!(
                    "the signer has changed from `{identity}` to `{}`",
                    local.email
                ),
            });
        }
        // The plan's word is not enough: what is signed are the bytes that are there.
        let there = take::take(&ctx.root, &file.path, Keep::Digest).ok();
        if there.map(|taken| taken.identity).as_ref() != Some(file) {
            return Err(ApplyError::Stale {
                what: format!("`{}` has changed", file.path),
            });
        }
        fs::require_no_link(&ctx.root, to)?;
        let place = ctx.root.join(to.as_str());
        if let Some(there) = fs::read_small(&place, MAX_SIZE)? {
            match local.verifier.verify(file.sha256, &there) {
                Ok(signature) if signature.identity == local.email => return Ok(Outcome::Already),
                // Ours, for somebody else or over an earlier build: it can be made again.
                Ok(_) | Err(SignatureError::OtherBytes { .. }) => {}
                Err(_) => {
                    let path = to.to_string();
                    return Err(SigstoreError::Occupied { path }.into());
                }
            }
        }
        let signer = match &mut local.signer {
            Some(signer) => signer,
            none => none.insert(Signer::new(&local.instance, &local.email, ctx.clock)?),
        };
        let bundle = signer.sign(file.sha256)?;
        local.verifier.verify(file.sha256, &bundle)?;
        fs::write(&place, &bundle)?;
        Ok(Outcome::Done)
    }

    /// Closes what was opened.
    pub(super) fn finish(self) -> Result<(), ApplyError> {
        match self.local.and_then(|local| local.signer) {
            Some(signer) => Ok(signer.finish()?),
            None => Ok(()),
        }
    }
}

impl Local {
    fn open(ctx: &Context, git: &Git) -> Result<Self, ApplyError> {
        let instance = Instance::ensure(sigstore::directory(ctx, git)?, ctx.clock)?;
        Ok(Self {
            verifier: instance.verifier()?,
            instance,
            email: git.email(ctx)?,
            signer: None,
        })
    }
}

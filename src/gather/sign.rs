//! Facts for `relkit sign`, and the files that a user names.

use camino::{Utf8Path, Utf8PathBuf};

use super::Result;
use crate::{
    context::Context,
    digest::{Digest, Identity, PublicPath},
    sign::{
        MAX_SIZE, SUFFIX, Signature, SignatureError, Tier, Verifier,
        plan::{Facts, Unsigned, place},
        root,
    },
    trust::Trust,
    world::{
        fs::{self, FileError},
        git::Git,
        sigstore,
        take::{self, Keep, Refused},
    },
};

/// Takes each of `files`, and looks at what stands where its bundle goes.
pub fn facts(ctx: &Context, files: &[Utf8PathBuf], out: Option<&Utf8Path>) -> Result<Facts> {
    let git = Git::discover(&ctx.root)?;
    let out = out.map(|directory| ctx.seen(directory));
    let unsigned = |path: &Utf8PathBuf| -> Result<Unsigned> {
        let path = PublicPath::new(ctx.seen(path))?;
        let file = taken(ctx, &path)?;
        let to = place(&path, out.as_deref().map(Utf8Path::new))?;
        let there = fs::digest_optional(&ctx.root.join(to.as_str()))?;
        Ok(Unsigned { file, to, there })
    };
    Ok(Facts {
        files: files.iter().map(unsigned).collect::<Result<_>>()?,
        identity: git.email(ctx)?,
    })
}

fn taken(ctx: &Context, path: &PublicPath) -> Result<Identity> {
    let refused = match take::take(&ctx.root, path, Keep::Digest) {
        Ok(taken) => return Ok(taken.identity),
        Err(refused) => refused,
    };
    let place = ctx.root.join(path.as_str());
    if refused == Refused::Unreadable && !fs::exists(&place) {
        return Err(FileError::Absent {
            path: path.to_string(),
        }
        .into());
    }
    Err(FileError::Refused {
        path: path.to_string(),
        refused,
    }
    .into())
}

/// The verifier of a tier.
pub fn verifier(ctx: &Context, trust: Trust) -> Result<Verifier> {
    Ok(Verifier::new(trust.into(), &root(ctx, trust)?, "the root")?)
}

/// The verifier of the trusted root in a file.
pub fn verifier_of(ctx: &Context, root: &Utf8Path) -> Result<Verifier> {
    let bytes = fs::read(&ctx.given(root))?;
    Ok(Verifier::new(Tier::File, &bytes, root.as_str())?)
}

/// Verifies the file that the user names by its bundle: the one named, or the one beside it. The
/// older name `FILE.sigstore` is found too.
pub fn verify(
    ctx: &Context,
    verifier: &Verifier,
    (file, bundle): (&Utf8Path, Option<&Utf8Path>),
) -> Result<(Digest, std::result::Result<Signature, SignatureError>)> {
    let place = ctx.given(file);
    let absent = || FileError::Absent {
        path: file.to_string(),
    };
    let digest = fs::digest_optional(&place)?.ok_or_else(absent)?;
    let beside = |suffix: &str| Utf8PathBuf::from(format!("{place}{suffix}"));
    let found = match bundle {
        Some(bundle) => fs::read_small(&ctx.given(bundle), MAX_SIZE)?,
        None => match fs::read_small(&beside(SUFFIX), MAX_SIZE)? {
            Some(bytes) => Some(bytes),
            None => fs::read_small(&beside(".sigstore"), MAX_SIZE)?,
        },
    };
    let missing = || SignatureError::Missing {
        bundle: bundle.map_or_else(|| format!("{file}{SUFFIX}"), ToString::to_string),
    };
    let result = found.ok_or_else(missing);
    Ok((
        digest,
        result.and_then(|bytes| verifier.verify(digest, &bytes)),
    ))
}

/// The bytes of a tier's root.
pub fn root(ctx: &Context, trust: Trust) -> Result<Vec<u8>> {
    Ok(match trust {
        Trust::Public => root::PUBLIC.as_bytes().to_vec(),
        Trust::Local => sigstore::of(ctx, &Git::discover(&ctx.root)?)?.root(),
    })
}

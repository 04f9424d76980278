//! `relkit verify`

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

use crate::{
    Result,
    context::Context,
    digest::Digest,
    error::UsageError,
    gather,
    sign::{self, NotVerified, Signature, SignatureError},
    trust::{Signer, Trust},
    ui::Ui,
};

/// Verify files by their Sigstore bundles, without the network
///
/// Exits with 6 when a file does not verify. The public-good root is embedded.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to verify; its bundle is looked for beside it, as `FILE.sigstore.json`
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<Utf8PathBuf>,
    /// The bundle, for one file
    #[arg(long, value_name = "BUNDLE")]
    pub(super) bundle: Option<Utf8PathBuf>,
    /// Who must have signed: an e-mail address or a URI, compared exactly
    #[arg(long, value_name = "IDENTITY", requires = "issuer")]
    pub(super) identity: Option<String>,
    /// Who vouches for that identity, compared exactly
    #[arg(long, value_name = "URL", requires = "identity")]
    pub(super) issuer: Option<String>,
    /// Whoever signed: checks the integrity only
    #[arg(long, conflicts_with = "identity")]
    pub(super) any_identity: bool,
    /// The root to trust
    #[arg(long, value_name = "TRUST", default_value = "public")]
    pub(super) trust: String,
    /// The root to trust, from a file
    #[arg(long, value_name = "FILE", conflicts_with = "trust")]
    pub(super) trusted_root: Option<Utf8PathBuf>,
}

impl Args {
    /// `relkit verify --trust local --identity I --issuer U FILE…`.
    #[must_use]
    pub fn local(files: Vec<Utf8PathBuf>, signer: Signer) -> Self {
        Self {
            files,
            bundle: None,
            identity: Some(signer.identity),
            issuer: Some(signer.issuer),
            any_identity: false,
            trust: Trust::Local.to_string(),
            trusted_root: None,
        }
    }
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let signer = match (&args.identity, &args.issuer) {
        (Some(identity), Some(issuer)) => Some(Signer {
            identity: identity.clone(),
            issuer: issuer.clone(),
        }),
        _ if args.any_identity => None,
        _ => return Err(UsageError::NoSigner.into()),
    };
    let (bundle, total) = (args.bundle.as_deref(), args.files.len());
    if bundle.is_some() && total > 1 {
        return Err(UsageError::OneBundle { files: total }.into());
    }
    let verifier = match &args.trusted_root {
        Some(root) => gather::sign::verifier_of(ctx, root)?,
        None => gather::sign::verifier(ctx, args.trust.parse()?)?,
    };
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for file in &args.files {
        let (digest, result) = gather::sign::verify(ctx, &verifier, (file, bundle))?;
        let result = result.and_then(|signature| {
            signer
                .as_ref()
                .map_or(Ok(()), |signer| sign::require(&signature, signer))?;
            Ok(signature)
        });
        match result {
            Ok(signature) => {
                tell(ui, file, &signature);
                good.push((file, digest, signature));
            }
            Err(error) => {
                ui.status("Refused", file.as_str());
                refused.push((file, error));
            }
        }
    }
    refuse(refused, total)?;
    let root = verifier.root();
    ui.status(
        "Trust",
        &format!("{}, root sha256:{}", root.trust, root.sha256),
    );
    let verdict = if signer.is_some() {
        "verified"
    } else {
        "integrity only"
    };
    ui.document(&json!({
        "schema": "relkit.verification/1",
        "verdict": verdict,
        "root": root,
        "files": good.iter().map(describe).collect::<Vec<_>>(),
    }));
    let asserted = good
        .iter()
        .any(|(_, _, signature)| signature.self_asserted());
    if asserted {
        ui.status(
            "Note",
            "no third party witnessed it; the identity is self-asserted",
        );
    }
    if signer.is_none() {
        ui.status("Note", "integrity only: nobody was required to have signed");
    }
    Ok(())
}

fn refuse(refused: Vec<(&Utf8PathBuf, SignatureError)>, total: usize) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    if total > 1 {
        let findings = refused
            .iter()
            .map(|(file, error)| error.finding(file.as_str()));
        let findings = findings.collect();
        return Err(NotVerified::Some { findings, total }.into());
    }
    refused
        .into_iter()
        .try_for_each(|(_, error)| Err(NotVerified::One(error).into()))
}

fn tell(ui: &Ui, file: &Utf8Path, signature: &Signature) {
    ui.status("Verified", file.as_str());
    let times: Vec<_> = signature.times.iter().map(ToString::to_string).collect();
    ui.status(
        "by",
        &format!("{} ({})", signature.identity, signature.issuer),
    );
    ui.status(
        "at",
        &format!("{}, entry {}", times.join(", "), signature.log_index),
    );
}

fn describe((file, digest, signature): &(&Utf8PathBuf, Digest, Signature)) -> serde_json::Value {
    json!({
        "file": file,
        "sha256": digest,
        "identity": signature.identity,
        "issuer": signature.issuer,
        "self_asserted": signature.self_asserted(),
        "times": signature.times,
        "log_index": signature.log_index,
    })
}

//! `relkit sign`

use camino::Utf8PathBuf;

use super::{DryRun, show_or_apply};
use crate::{Result, apply::Clearance, context::Context, gather, sign, trust::Trust, ui::Ui};

/// Sign files: a Sigstore bundle `FILE.sigstore.json` for each
///
/// With the trust `local` this project's own instance on this machine signs, offline, for the self-asserted address of `git config user.email`. It shows that the bytes are those that were signed here; no third party witnesses it. Any Sigstore client reads the bundles, given the root of `relkit trust export`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to sign
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<Utf8PathBuf>,
    /// Whose instance signs
    #[arg(long, value_name = "TRUST", default_value = "local")]
    pub(super) trust: String,
    /// Where the bundles go [default: beside their files]
    #[arg(long, value_name = "DIR")]
    pub(super) out_dir: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(super) dry_run: DryRun,
}

impl Args {
    /// `relkit sign FILE…`.
    #[must_use]
    pub fn local(files: Vec<Utf8PathBuf>) -> Self {
        Self {
            files,
            trust: Trust::Local.to_string(),
            out_dir: None,
            dry_run: DryRun::default(),
        }
    }
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let trust: Trust = args.trust.parse()?;
    let facts = gather::sign::facts(ctx, &args.files, args.out_dir.as_deref())?;
    let plan = sign::plan::plan(&facts, trust)?;
    ui.status(
        "Note",
        &format!(
            "no third party witnesses the trust `{trust}`: `{}` is self-asserted",
            facts.identity
        ),
    );
    show_or_apply(ctx, ui, (&plan, args.dry_run), Clearance::None).map(drop)
}

//! `relkit init`

use super::{DryRun, show_or_apply};
use crate::{Result, apply::Clearance, context::Context, gather, init, ui::Ui, world::git::Git};

/// Make this repository ready: relkit.toml, cliff.toml, ignore lines
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    pub(super) dry_run: DryRun,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let git = Git::discover(&ctx.root)?;
    let facts = gather::init::facts(ctx, &git)?;
    let plan = init::plan(&facts)?;
    for line in init::found(&facts) {
        ui.status("Found", &line);
    }
    show_or_apply(ctx, ui, (&plan, args.dry_run), Clearance::None).map(drop)
}

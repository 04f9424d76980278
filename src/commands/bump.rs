//! `relkit bump`

use super::{DryRun, show_or_apply, wanted};
use crate::{
    Result,
    apply::{Clearance, recover},
    bump,
    context::Context,
    gather,
    ui::Ui,
    world::{git::Git, release::Recovered},
};

/// Set the version everywhere, release the changelog, commit and tag
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The version to release, for example 0.2.0
    pub(super) version: String,
    /// Make it release candidate N of that version
    #[arg(long, value_name = "N")]
    pub(super) rc: Option<u64>,
    #[command(flatten)]
    pub(super) dry_run: DryRun,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let to = wanted(&args.version, args.rc)?;
    if args.dry_run.is_off()
        && let Some(recovered) = recover(ctx)?
    {
        let what = match recovered {
            Recovered::Finished => "an earlier bump was interrupted; it is finished now",
            Recovered::Undone => "an earlier bump was interrupted; it is undone now",
        };
        ui.status("Recovered", what);
    }
    let git = Git::discover(&ctx.root)?;
    let facts = gather::bump::facts(ctx, &git, &to)?;
    let plan = bump::plan(&facts, &to)?;
    ui.output("version", &to.to_string());
    ui.output("tag", &facts.style.tag(&to));
    show_or_apply(ctx, ui, (&plan, args.dry_run), Clearance::None).map(drop)
}

//! `relkit publish`

use camino::Utf8PathBuf;
use serde_json::json;

use super::{DryRun, keep_receipt, show_or_apply};
use crate::{
    Result,
    apply::Clearance,
    context::Context,
    gate::{self, GateError},
    gather,
    plan::Plan,
    publish,
    ui::Ui,
};

/// Where the demo publishes to.
pub(super) const DEFAULT_CHANNEL: &str = ".relkit/out/published";

/// Publish exactly the artifacts of a ready candidate
#[derive(clap::Args, Debug, Default)]
pub struct Args {
    /// The channels, as relkit.toml names them [default: all, in its order]
    channels: Vec<String>,
    /// The report that makes it possible [default: the one that `relkit candidate` writes]
    #[arg(long, value_name = "REPORT")]
    candidate: Option<Utf8PathBuf>,
    /// Only look whether everything is published (12: something is missing, 10: other bytes stand there)
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Args {
    /// `relkit publish --check`.
    pub(super) fn check() -> Self {
        Self {
            check: true,
            ..Self::default()
        }
    }
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    publish::choose(gather::project::named_config(ctx)?.channels, &args.channels)?;
    let path = gate::report_path(ctx, args.candidate.as_ref());
    let publication = gate::publication(ctx, &path, &args.channels)?;
    let ready = publication.ready();
    ui.output("version", &ready.version().to_string());
    ui.output("tag", ready.tag());
    ui.output("report", &path);
    ui.output("ready", "true");
    if args.check {
        return check(ctx, ui, publication.plan());
    }
    let mut plan = publication.plan().clone();
    plan.next = Some("relkit publish --check".to_owned());
    let dry_run = (&plan, args.dry_run);
    match show_or_apply(ctx, ui, dry_run, Clearance::Publication(&publication))? {
        Some(receipt) => keep_receipt(ctx, &receipt),
        None => Ok(()),
    }
}

fn check(ctx: &Context, ui: &Ui, plan: &Plan) -> Result<()> {
    let mut missing = Vec::new();
    for step in &plan.steps {
        let (_, object) = step.line();
        if gather::publish::holds(ctx, step)? {
            ui.status("Verified", &object);
        } else {
            missing.push(object);
        }
    }
    if !missing.is_empty() {
        return Err(GateError::NotPublished { missing }.into());
    }
    ui.document(&json!({
        "schema": "relkit.publish-check/1",
        "published": plan.steps.len(),
        "missing": missing,
    }));
    Ok(())
}

//! Thin: arguments in; gather, plan or check; show or apply. No rule lives here.

pub mod apply;
pub mod bump;
pub mod candidate;
pub mod changelog;
pub mod completions;
pub mod demo;
pub mod explain;
pub mod init;
pub mod notes;
pub mod publish;
pub mod reference;
pub mod sign;
pub mod status;
pub mod trust;
pub mod verify;
pub mod wheel;
pub mod xcframework;

use crate::{
    Result,
    apply::{Clearance, apply},
    context::Context,
    digest::PublicPath,
    error::UsageError,
    plan::{FileStep, Plan, Receipt, Step},
    ui::Ui,
    version::Version,
};

/// Whether a change is performed.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub struct DryRun {
    /// Show what would be done, and do nothing; with `--json` a plan that `relkit apply` takes
    #[arg(long, short = 'n')]
    dry_run: bool,
}

impl DryRun {
    /// True if the change is to be performed.
    fn is_off(self) -> bool {
        !self.dry_run
    }
}

/// The version that the user asks for.
fn wanted(version: &str, rc: Option<u64>) -> Result<Version> {
    let version: Version = version.parse()?;
    match rc {
        None => Ok(version),
        Some(number) if version.is_prerelease() => Err(UsageError::TwoStages {
            version: version.to_string(),
            base: version.base(),
            number,
        }
        .into()),
        Some(number) => Ok(version.candidate(number)),
    }
}

/// What was published, for later commands.
const RECEIPT: &str = ".relkit/out/publish_report.json";

/// Writes the receipt of a publication.
fn keep_receipt(ctx: &Context, receipt: &Receipt) -> Result<()> {
    let value = serde_json::to_value(receipt).unwrap_or_default();
    let mut plan = Plan::new("relkit publish", "write the receipt");
    plan.steps.push(Step::File(FileStep::Report {
        path: PublicPath::new(RECEIPT)?,
        text: String::from_utf8_lossy(&crate::json::render(&value)).into_owned(),
    }));
    apply(ctx, &plan, Clearance::None, &mut |_| {})?;
    Ok(())
}

/// Shows the plan, or performs it; returns the receipt of what was performed.
fn show_or_apply(
    ctx: &Context,
    ui: &Ui,
    (plan, dry_run): (&Plan, DryRun),
    clearance: Clearance<'_>,
) -> Result<Option<Receipt>> {
    if dry_run.dry_run {
        ui.plan(plan);
        return Ok(None);
    }
    let receipt = apply(ctx, plan, clearance, &mut |event| ui.watch(&event))?;
    ui.document(&receipt);
    if let Some(next) = &plan.next {
        ui.next(next);
    }
    Ok(Some(receipt))
}

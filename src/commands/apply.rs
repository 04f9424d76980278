//! `relkit apply`

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use serde::Deserialize;

use crate::{
    Result,
    apply::{ApplyError, Clearance, apply},
    context::Context,
    error::UsageError,
    evidence::Ready,
    gate, gather,
    plan::{ArtifactStep, Gated, IndexStep, Plan, SCHEMA, Step},
    publish,
    ui::Ui,
    world::fs,
};

/// Perform a plan that was saved with `-n --json`
///
/// It is refused when anything that the plan was made from has changed. A plan that publishes is performed only when the gate opens for the report that it names. A plan is text that anybody can edit: read one that you did not make.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The plan's file
    plan: Utf8PathBuf,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let plan = read(ctx, args)?;
    let ready = match plan.gated() {
        Gated::No => None,
        Gated::Yes => Some(cleared(ctx, &plan)?),
    };
    let clearance = ready.as_ref().map_or(Clearance::None, Clearance::Ready);
    let receipt = apply(ctx, &plan, clearance, &mut |event| ui.watch(&event))?;
    ui.document(&receipt);
    if let Some(next) = &plan.next {
        ui.next(next);
    }
    Ok(())
}

fn read(ctx: &Context, args: &Args) -> Result<Plan> {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    let bytes = fs::read(&ctx.given(&args.plan))?;
    let not_a_plan = |source| UsageError::NotAPlan {
        path: args.plan.to_string(),
        source,
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(not_a_plan)?;
    if head.schema != SCHEMA {
        return Err(UsageError::PlanSchema {
            path: args.plan.to_string(),
            schema: head.schema,
        }
        .into());
    }
    Ok(serde_json::from_slice(&bytes).map_err(not_a_plan)?)
}

/// Opens the gate for the report that the plan names, and plans again: each step that publishes
/// must be one that the planner makes of that candidate.
fn cleared(ctx: &Context, plan: &Plan) -> Result<Ready> {
    let refused = |what: String| ApplyError::NotCleared { what };
    let gated: Vec<&Step> = plan
        .steps
        .iter()
        .filter(|step| step.gated() == Gated::Yes)
        .collect();
    let Some(report) = &plan.report else {
        let what = gated.first().map(|step| step.line().1).unwrap_or_default();
        return Err(refused(what).into());
    };
    let ready = gate::open(ctx, report.path.as_str())?;
    if ready.report() != report {
        return Err(refused(report.path.to_string()).into());
    }
    let names: BTreeSet<_> = gated.iter().filter_map(|step| channel(step)).collect();
    let mut channels = gather::project::config(ctx)?.channels;
    channels.retain(|channel| names.contains(channel.name.as_str()));
    let facts = gather::publish::facts(ctx, &ready)?;
    let again = publish::plan(&ready, &channels, &facts)?;
    match gated.iter().find(|step| !again.steps.contains(step)) {
        Some(step) => Err(refused(step.line().1).into()),
        None => Ok(ready),
    }
}

fn channel(step: &Step) -> Option<&str> {
    match step {
        Step::Artifact(
            ArtifactStep::Put { channel, .. } | ArtifactStep::PutText { channel, .. },
        )
        | Step::Index(IndexStep::List { channel, .. }) => Some(channel),
        Step::File(_) | Step::Git(_) | Step::Artifact(_) | Step::Signature(_) => None,
    }
}

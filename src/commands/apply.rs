//! `relkit apply`

use camino::Utf8PathBuf;
use serde::Deserialize;

use super::keep_receipt;
use crate::{
    Result,
    apply::{ApplyError, Clearance, apply},
    context::Context,
    error::UsageError,
    gate::{self, Publication},
    plan::{Gated, Plan, SCHEMA, SCHEMA_VERSION, Step},
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
    let publication = match plan.gated() {
        Gated::No => None,
        Gated::Yes => Some(publication(ctx, &plan)?),
    };
    let clearance = publication
        .as_ref()
        .map_or(Clearance::None, Clearance::Publication);
    let receipt = apply(ctx, &plan, clearance, &mut |event| ui.watch(&event))?;
    if publication.is_some() {
        keep_receipt(ctx, &receipt)?;
    }
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
        #[serde(default)]
        schema_version: String,
    }
    let bytes = fs::read(&ctx.given(&args.plan))?;
    let not_a_plan = |source| UsageError::NotAPlan {
        path: args.plan.to_string(),
        source,
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(not_a_plan)?;
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    if head.schema != SCHEMA || major(&head.schema_version) != major(SCHEMA_VERSION) {
        return Err(UsageError::PlanSchema {
            path: args.plan.to_string(),
            schema: format!("{} {}", head.schema, head.schema_version)
                .trim_end()
                .to_owned(),
        }
        .into());
    }
    Ok(serde_json::from_slice(&bytes).map_err(not_a_plan)?)
}

/// Opens the gate for the report that the plan names, and lets it plan anew for the same channels;
/// `apply` compares.
fn publication(ctx: &Context, plan: &Plan) -> Result<Publication> {
    let Some(report) = &plan.report else {
        let step = plan.steps.iter().find(|step| step.gated() == Gated::Yes);
        return Err(ApplyError::NotCleared {
            what: step.map(|step| step.line().1).unwrap_or_default(),
        }
        .into());
    };
    let mut names: Vec<String> = Vec::new();
    for name in plan.steps.iter().filter_map(Step::channel) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let publication = gate::publication(ctx, report.path.as_str(), &names)?;
    if publication.ready().report() != report {
        return Err(ApplyError::NotCleared {
            what: report.path.to_string(),
        }
        .into());
    }
    Ok(publication)
}

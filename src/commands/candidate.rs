//! `relkit candidate`

use camino::Utf8PathBuf;
use serde_json::json;

use crate::{
    Result,
    apply::{Clearance, apply},
    context::Context,
    digest::PublicPath,
    evidence::{describe, markdown::markdown},
    gate::{self, GateError, REPORT},
    plan::{FileStep, Plan, Step},
    ui::Ui,
};

/// The same for people.
const MARKDOWN: &str = ".relkit/out/release_candidate_report.md";

/// Check every row of the gate and write the release-candidate report
///
/// Exits with 10 and names what is missing when the candidate is not ready (13: only a retry is, 14: only an approval is).
#[derive(clap::Args, Debug, Default)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Regenerate the report from files, policy and git, and compare; writes nothing
    #[arg(long, value_name = "REPORT", num_args = 0..=1, default_missing_value = "")]
    check: Option<Utf8PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand, Clone, Copy, Debug)]
enum Command {
    /// Print the rows of the gate as relkit understands them
    Explain,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    match (args.command, &args.check) {
        (Some(Command::Explain), _) => explain(ctx, ui),
        (None, Some(path)) => check(ctx, ui, path),
        (None, None) => write(ctx, ui),
    }
}

fn write(ctx: &Context, ui: &Ui) -> Result<()> {
    let candidate = gate::judge(ctx)?;
    let predicate = &candidate.statement().predicate;
    for row in &predicate.readiness {
        let verb = format!("{:?}", row.status);
        let aside = if row.required { "" } else { " (not required)" };
        ui.status(&verb, &format!("{}: {}{aside}", row.code, row.message));
    }
    let texts = [
        (
            REPORT,
            String::from_utf8_lossy(&candidate.bytes()).into_owned(),
        ),
        (MARKDOWN, markdown(&candidate.value())?),
    ];
    let mut plan = Plan::new("relkit candidate", "write the candidate report");
    for (path, text) in texts {
        let path = PublicPath::new(path)?;
        plan.steps.push(Step::File(FileStep::Report { path, text }));
    }
    apply(ctx, &plan, Clearance::None, &mut |event| ui.watch(&event))?;
    ui.output("version", &predicate.release.version.to_string());
    ui.output("tag", &predicate.release.tag);
    ui.output("report", REPORT);
    ui.output("ready", &candidate.is_ready().to_string());
    if !candidate.is_ready() {
        return Err(GateError::NotReady {
            tag: predicate.release.tag.clone(),
            blockers: candidate.blockers().to_vec(),
        }
        .into());
    }
    ui.document(&json!({
        "schema": "relkit.candidate/1",
        "ready": true,
        "report": REPORT,
        "statement": candidate.value(),
    }));
    ui.status("Ready", &predicate.release.tag);
    ui.next("relkit publish");
    Ok(())
}

fn check(ctx: &Context, ui: &Ui, path: &Utf8PathBuf) -> Result<()> {
    let path = gate::report_path(ctx, Some(path).filter(|path| !path.as_str().is_empty()));
    let checked = gate::check(ctx, &path)?;
    for note in &checked.notes {
        ui.status("Note", &note.message);
    }
    ui.output("report", &path);
    ui.output("ready", &checked.blockers.is_empty().to_string());
    ui.status(
        "Verified",
        &format!("{path} is what its files, policy and commit give"),
    );
    if !checked.blockers.is_empty() {
        return Err(GateError::NotReady {
            tag: checked.tag,
            blockers: checked.blockers,
        }
        .into());
    }
    ui.document(&json!({
        "schema": "relkit.candidate-check/1",
        "report": path,
        "ready": true,
        "notes": checked.notes,
    }));
    Ok(())
}

fn explain(ctx: &Context, ui: &Ui) -> Result<()> {
    let config = crate::gather::project::config(ctx)?;
    let rows: Vec<_> = config.gate.iter().map(describe).collect();
    ui.document(&json!({ "schema": "relkit.gate/1", "rows": rows }));
    for row in &rows {
        ui.text(&format!("{row}\n"));
    }
    Ok(())
}

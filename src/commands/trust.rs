//! `relkit trust`

use camino::Utf8PathBuf;
use serde_json::json;

use crate::{
    Result,
    apply::{Clearance, apply},
    context::Context,
    digest::{Digest, PublicPath},
    gather,
    plan::{FileStep, Plan, Step},
    sign::root::Form,
    trust::Trust,
    ui::Ui,
};

/// The roots that signatures are verified with
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Export(ExportArgs),
}

/// Write a trusted root, for those who verify elsewhere or with other tools
#[derive(clap::Args, Debug)]
struct ExportArgs {
    /// Whose root
    #[arg(long, value_name = "TRUST", default_value = "local")]
    trust: String,
    /// Wrap it as sigstore-python's `--trust-config` wants it
    #[arg(long)]
    client_config: bool,
    /// The file, below the repository's root [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<Utf8PathBuf>,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let Command::Export(args) = &args.command;
    export(ctx, ui, args)
}

fn export(ctx: &Context, ui: &Ui, args: &ExportArgs) -> Result<()> {
    let trust: Trust = args.trust.parse()?;
    let form = if args.client_config {
        Form::ClientConfig
    } else {
        Form::TrustedRoot
    };
    let root = gather::sign::root(ctx, trust)?;
    let bytes = form.write(&root);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let Some(output) = &args.output else {
        ui.text(&text);
        ui.document(&serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_default());
        return Ok(());
    };
    let path = PublicPath::new(ctx.seen(output))?;
    let mut plan = Plan::new("relkit trust export", format!("export the {trust} root"));
    plan.steps.push(Step::File(FileStep::Report {
        path: path.clone(),
        text,
    }));
    apply(ctx, &plan, Clearance::None, &mut |event| ui.watch(&event))?;
    ui.document(&json!({
        "schema": "relkit.trust-export/1",
        "file": path,
        "root": { "trust": trust, "sha256": Digest::of(&root) },
    }));
    Ok(())
}

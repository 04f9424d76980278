//! `relkit completions`

use crate::{Result, ui::Ui};

/// Print completions for a shell
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command; `tree` holds every command.
pub fn run(ui: &Ui, mut tree: clap::Command, args: &Args) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree, "relkit", &mut script);
    let script = String::from_utf8_lossy(&script);
    ui.document(&serde_json::json!({ "schema": "relkit.completions/1", "script": script }));
    ui.text(&script);
    Ok(())
}

//! `relkit explain`

use serde_json::json;

use crate::{Result, error::UsageError, exit, pages, ui::Ui};

/// Print the page about an error or blocker code
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The code in square brackets, for example `bump.dirty`
    code: String,
}

/// Runs the command.
pub fn run(ui: &Ui, args: &Args) -> Result<()> {
    let code = args.code.trim_matches(['[', ']', '`']);
    let Some(page) = pages::page(code) else {
        return Err(UsageError::NoSuchCode {
            code: code.to_owned(),
            near: pages::nearest(code).to_owned(),
        }
        .into());
    };
    let exit = exit::listed(code);
    ui.document(&json!({
        "schema": "relkit.explanation/1",
        "code": code,
        "exit_code": exit,
        "page": page,
    }));
    let exit = exit.map_or_else(String::new, |exit| format!(" (exit {exit})"));
    ui.text(&format!("{code}{exit}\n\n{page}\n"));
    Ok(())
}

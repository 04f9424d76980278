//! `relkit notes`

use serde_json::json;

use crate::{Result, context::Context, gather, notes, ui::Ui};

/// Print the release notes: the changelog's section, and the digests of the artifacts
#[derive(clap::Args, Debug)]
pub struct Args {
    /// A tag or a version, for example v0.2.0-rc1 [default: the version that the manifests are at]
    release: Option<String>,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let facts = gather::notes::facts(ctx, args.release.as_deref())?;
    let text = notes::render(&facts)?;
    ui.output("tag", &facts.tag);
    ui.document(&json!({
        "schema": "relkit.notes/1",
        "tag": facts.tag,
        "text": text,
        "artifacts": facts.artifacts,
    }));
    ui.text(&text);
    Ok(())
}

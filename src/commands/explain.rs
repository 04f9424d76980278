//! `relkit explain`

use serde_json::json;

use crate::{Result, error::UsageError, exit, ui::Ui};

/// Every page: `## code`, then prose.
pub(super) const PAGES: &str = include_str!("../../docs/codes.md");

/// Print the page about an error or blocker code
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The code in square brackets, for example `bump.dirty`
    code: String,
}

/// Runs the command.
pub fn run(ui: &Ui, args: &Args) -> Result<()> {
    let code = args.code.trim_matches(['[', ']', '`']);
    let Some(page) = page(code) else {
        return Err(UsageError::NoSuchCode {
            code: code.to_owned(),
            near: nearest(code),
        }
        .into());
    };
    let exit = exit::ERRORS
        .iter()
        .find(|(name, _)| *name == code)
        .map(|(_, exit)| *exit);
    ui.document(&json!({
        "schema": "relkit.explanation/1",
        "code": code,
        "exit_code": exit,
        "page": page.trim(),
    }));
    let exit = exit
        .map(|exit| format!(" (exit {exit})"))
        .unwrap_or_default();
    ui.text(&format!("{code}{exit}\n\n{}\n", page.trim()));
    Ok(())
}

/// Every code that has a page, in the order of the pages.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    PAGES
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::trim)
}

fn page(code: &str) -> Option<&'static str> {
    let start = PAGES.find(&format!("\n## {code}\n"))? + code.len() + 5;
    let rest = &PAGES[start..];
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

fn nearest(code: &str) -> String {
    let score = |name: &str| strsim::jaro_winkler(name, code);
    codes()
        .max_by(|a, b| score(a).total_cmp(&score(b)))
        .unwrap_or_default()
        .to_owned()
}

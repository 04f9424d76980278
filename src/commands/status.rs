//! `relkit status`

use serde_json::json;

use crate::{
    Error, Result,
    bump::{self, Next},
    context::Context,
    error::code_of,
    finding::{Finding, counted},
    gate,
    gather::{self, status::Facts},
    ui::Ui,
    version::Version,
};

/// Show where the project stands: versions, last tag, next versions, what the gate lacks
#[derive(clap::Args, Debug)]
pub struct Args {}

/// What the gate says.
enum Gate {
    Ready(String),
    NotReady(Vec<Finding>),
    /// It cannot be asked; why.
    Unknown(Error),
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, _args: &Args) -> Result<()> {
    let facts = gather::status::facts(ctx)?;
    let next = facts.version.as_ref().map_or_else(Vec::new, bump::next);
    let gate = match gate::judge(ctx) {
        Ok(candidate) if candidate.is_ready() => {
            Gate::Ready(candidate.statement().predicate.release.tag.clone())
        }
        Ok(candidate) => Gate::NotReady(candidate.blockers().to_vec()),
        Err(error) => Gate::Unknown(error.into()),
    };
    ui.document(&json!({
        "schema": "relkit.status/1",
        "version": facts.version,
        "sites": facts.sites,
        "last_tag": facts.last_tag,
        "next": next,
        "ready": matches!(gate, Gate::Ready(_)),
        "blockers": match &gate {
            Gate::NotReady(blockers) => blockers.as_slice(),
            _ => &[],
        },
    }));
    ui.text(&page(&facts, &next, &gate));
    Ok(())
}

fn page(facts: &Facts, next: &[Next], gate: &Gate) -> String {
    let version = facts.version.as_ref().map(Version::to_string);
    let mut page = format!("version   {}\n", version.as_deref().unwrap_or("none found"));
    for site in &facts.sites {
        page += &format!(
            "          {:<12} {} ({})\n",
            site.text, site.path, site.place
        );
    }
    page += &match &facts.last_tag {
        Some(last) => {
            let since = match last.commits {
                0 => "on HEAD".to_owned(),
                n => format!("{} since", counted(n, "commit")),
            };
            format!("last tag  {} ({since})\n", last.name)
        }
        None => "last tag  none\n".to_owned(),
    };
    for (n, Next { name, version }) in next.iter().enumerate() {
        let head = if n == 0 { "next" } else { "" };
        page += &format!("{head:<9} {version:<12} {name}\n");
    }
    page += &match gate {
        Gate::Ready(tag) => format!("gate      {tag} is ready: `relkit publish`\n"),
        Gate::NotReady(blockers) => {
            format!("gate      closed: {}\n", counted(blockers.len(), "blocker"))
        }
        Gate::Unknown(error) => format!("gate      cannot judge: [{}] {error}\n", code_of(error)),
    };
    if let Gate::NotReady(blockers) = gate {
        for blocker in blockers {
            page += &format!("          [{}] {}\n", blocker.code, blocker.message);
        }
    }
    page
}

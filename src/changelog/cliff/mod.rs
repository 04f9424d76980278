//! The `cliff.toml` engine: the bytes of git-cliff 2.14.2 from a history and a configuration.
//!
//! The semantics come from git-cliff's documentation and from what its binary prints; none of its
//! code is here. It runs no command: a `replace_command` is left out, as under `--no-exec`.

mod commit;
mod config;
mod context;
mod entries;
mod error;
mod filters;
mod link;
mod parser;
mod release;
mod table;
mod template;

pub use config::{Cliff, Processor};
pub use entries::{Entries, Group, entries};
pub use error::CliffError;

use self::{context::Fields, template::Template};
use crate::changelog::history::{History, Selection};

/// What the command line adds to a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which commits; see [`Cliff::query`].
    pub selection: Selection,
    /// The name of the release that unreleased commits are for (`--tag`).
    pub tag: Option<String>,
    /// Which parts are left out (`--strip`).
    pub strip: Strip,
    /// The time of the release named by `tag`, in seconds since the epoch.
    pub now: i64,
}

/// Parts of a changelog that are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strip {
    /// None.
    #[default]
    Nothing,
    /// The header.
    Header,
    /// The footer.
    Footer,
    /// Both.
    All,
}

/// The `cliff.toml` that relkit uses itself, and that `relkit init` writes where there is none.
pub const TEMPLATE: &str = include_str!("../../../cliff.toml");

/// What follows a header that depends on variables, so that `--prepend` can find its end.
const END_OF_HEADER: &str = "<!-- git-cliff: end of header -->";

/// The whole changelog, as git-cliff prints it.
pub fn render(config: &Cliff, history: &History, options: &Options) -> Result<String, CliffError> {
    let compile = |name, text: Option<&String>, without: Strip| {
        let stripped = options.strip == Strip::All || options.strip == without;
        text.filter(|_| !stripped)
            .map(|text| Template::compile(name, text, config))
            .transpose()
    };
    let header = compile("header", config.header.as_ref(), Strip::Header)?;
    let footer = compile("footer", config.footer.as_ref(), Strip::Footer)?;
    let body = Template::compile("body", &config.body, config)?;
    let templates = [Some(&body), header.as_ref(), footer.as_ref()];
    let texts: Vec<&str> = templates
        .into_iter()
        .flatten()
        .map(Template::text)
        .collect();

    let drafts = release::drafts(config, history, options);
    let releases = release::kept(config, release::prepared(config, drafts)?);
    let context = context::Builder {
        config,
        history,
        fields: Fields::used_in(&texts),
        now: options.now,
    };
    let around = context.around(&releases);

    let mut out = String::new();
    if let Some(header) = header {
        out += &header.render(&around, &config.postprocessors)?;
        out.push('\n');
        if header.has_variables() {
            out += END_OF_HEADER;
            out.push('\n');
        }
    }
    for release in &releases {
        out += &body.render(&context.release(release), &config.postprocessors)?;
    }
    if let Some(footer) = footer {
        out += &footer.render(&around, &config.postprocessors)?;
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests;

//! What a run may know about the outside, read once at the door.
//!
//! There are no globals: two contexts can live side by side in one process. Library users build one
//! with [`Context::new`] and set its fields.

use std::collections::BTreeMap;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use crate::digest::{InvalidPath, PublicPath};

/// The world as values.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Context {
    /// The repository's root, absolute; every path in a plan or report is relative to it.
    pub root: Utf8PathBuf,
    /// Where below the root relkit was started, with `/`: paths on the command line are seen from
    /// there. Empty at the root itself.
    pub prefix: String,
    /// The moment that stamps outputs: `RELKIT_NOW`, else `SOURCE_DATE_EPOCH`, else the clock.
    pub now: Timestamp,
    /// The real moment, which judges validity.
    pub clock: Timestamp,
    /// The environment as it was at the start.
    pub env: BTreeMap<String, String>,
    /// The configuration file, relative to the root.
    pub config: String,
    /// The running executable, whose digest enters reports; `None` inside another program.
    pub executable: Option<Utf8PathBuf>,
}

/// `RELKIT_NOW` or `SOURCE_DATE_EPOCH` holds no time.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{name}` holds no time")]
#[diagnostic(
    code("context.time"),
    help(
        "write `RELKIT_NOW` as 2026-01-01T00:00:00Z and `SOURCE_DATE_EPOCH` as seconds since 1970"
    )
)]
pub struct InvalidTime {
    name: &'static str,
}

impl Context {
    /// A context at `clock`, with the given environment.
    pub fn new(
        root: Utf8PathBuf,
        clock: Timestamp,
        env: BTreeMap<String, String>,
    ) -> Result<Self, InvalidTime> {
        let now = if let Some(text) = env.get("RELKIT_NOW") {
            text.parse()
                .map_err(|_| InvalidTime { name: "RELKIT_NOW" })?
        } else if let Some(text) = env.get("SOURCE_DATE_EPOCH") {
            let invalid = || InvalidTime {
                name: "SOURCE_DATE_EPOCH",
            };
            let seconds = text.parse().map_err(|_| invalid())?;
            Timestamp::from_second(seconds).map_err(|_| invalid())?
        } else {
            clock
        };
        Ok(Self {
            root,
            prefix: String::new(),
            now,
            clock,
            env,
            config: "relkit.toml".to_owned(),
            executable: None,
        })
    }

    /// `path`, as given on the command line, as it is seen from the root: with `/`, normal, and empty
    /// for the root itself. A path outside of the repository is refused.
    pub fn within(&self, path: &Utf8Path) -> Result<String, InvalidPath> {
        let outside = || PublicPath::new(path.as_str()).err();
        let seen = match path.strip_prefix(&self.root) {
            Ok(below) => below.to_owned(),
            Err(_) => Utf8Path::new(&self.prefix).join(path),
        };
        let mut parts = Vec::new();
        for part in seen.components() {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::Normal(part) => parts.push(part),
                Utf8Component::ParentDir if parts.pop().is_some() => {}
                _ => return outside().map_or(Ok(String::new()), Err),
            }
        }
        if parts.is_empty() {
            return Ok(String::new());
        }
        PublicPath::new(parts.join("/")).map(|path| path.as_str().to_owned())
    }

    /// `SOURCE_DATE_EPOCH`: the date of what is made reproducibly.
    pub fn source_date(&self) -> Result<Option<Timestamp>, InvalidTime> {
        let Some(text) = self.var("SOURCE_DATE_EPOCH") else {
            return Ok(None);
        };
        let invalid = || InvalidTime {
            name: "SOURCE_DATE_EPOCH",
        };
        let seconds = text.parse().map_err(|_| invalid())?;
        Timestamp::from_second(seconds)
            .map(Some)
            .map_err(|_| invalid())
    }

    /// A variable of the environment; an empty one counts as unset.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// True on a GitHub Actions runner.
    #[must_use]
    pub fn on_github_actions(&self) -> bool {
        self.var("GITHUB_ACTIONS") == Some("true")
    }

    /// `now` as a day, `2026-01-01` (UTC).
    #[must_use]
    pub fn today(&self) -> String {
        self.now.strftime("%Y-%m-%d").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(name: &str, value: &str) -> Result<Context, InvalidTime> {
        let env = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        Context::new("/r".into(), Timestamp::UNIX_EPOCH, env)
    }

    #[test]
    fn the_environment_may_stamp_outputs_and_not_validity() {
        let ctx = context("RELKIT_NOW", "2026-02-03T04:05:06Z").unwrap();
        assert_eq!(ctx.today(), "2026-02-03");
        assert_eq!(ctx.clock, Timestamp::UNIX_EPOCH);
        assert_eq!(
            context("SOURCE_DATE_EPOCH", "86400").unwrap().today(),
            "1970-01-02"
        );
        assert!(context("RELKIT_NOW", "yesterday").is_err());
        assert!(context("SOURCE_DATE_EPOCH", "-x").is_err());
        assert_eq!(context("EMPTY", "").unwrap().var("EMPTY"), None);
    }
}

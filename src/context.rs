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
    /// The moment that stamps outputs: `RELKIT_NOW`, else `SOURCE_DATE_EPOCH`, else the clock.
    pub now: Timestamp,
    /// The real moment, which judges validity.
    pub clock: Timestamp,
    /// The environment as it was at the start.
    pub env: BTreeMap<String, String>,
    /// The directory that the user works in, absolute; paths on the command line are relative to it.
    pub directory: Utf8PathBuf,
    /// The configuration file.
    pub config: Configuration,
    /// The running executable, whose digest enters reports; `None` inside another program.
    pub executable: Option<Utf8PathBuf>,
}

/// Where the configuration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Configuration {
    /// `relkit.toml` at the root, if it is there.
    Default,
    /// This file, relative to the root; it must be there.
    Named(String),
}

impl Configuration {
    /// Its path, relative to the root.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Default => "relkit.toml",
            Self::Named(path) => path,
        }
    }
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
            directory: root.clone(),
            root,
            now,
            clock,
            env,
            config: Configuration::Default,
            executable: None,
        })
    }

    /// A path as the user gave it, absolute.
    #[must_use]
    pub fn given(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.directory.join(path)
    }

    /// A path that the configuration names (relative to the root), as seen from the root; `None` if
    /// it does not lie below it, empty for the root itself.
    #[must_use]
    pub fn below_root(&self, path: &Utf8Path) -> Option<String> {
        self.below(&self.root.join(path))
    }

    /// A path of the command line as reports name it: relative to the root, where it lies below it.
    #[must_use]
    pub fn seen(&self, path: &Utf8Path) -> String {
        self.below(&self.given(path))
            .unwrap_or_else(|| path.to_string())
    }

    /// A path of the command line that a plan may hold: below the root, with `/`, normal, and empty for
    /// the root itself.
    pub fn within(&self, path: &Utf8Path) -> Result<String, InvalidPath> {
        match self.below(&self.given(path)) {
            Some(below) if below.is_empty() => Ok(below),
            Some(below) => PublicPath::new(below).map(|path| path.to_string()),
            // It is absolute or leads upwards, which is what is said.
            None => PublicPath::new(path.as_str()).map(|path| path.to_string()),
        }
    }

    fn below(&self, path: &Utf8Path) -> Option<String> {
        let mut whole = Utf8PathBuf::new();
        for part in path.components() {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => drop(whole.pop()),
                part => whole.push(part),
            }
        }
        let below = whole.strip_prefix(&self.root).ok()?;
        let parts: Vec<_> = below.components().map(|part| part.as_str()).collect();
        Some(parts.join("/"))
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

    /// Where relkit keeps what belongs to this user on this machine: `RELKIT_DATA_DIR`, else below
    /// the platform's place for such data.
    #[must_use]
    pub fn data_directory(&self) -> Option<Utf8PathBuf> {
        if let Some(own) = self.var("RELKIT_DATA_DIR") {
            return Some(self.directory.join(own));
        }
        let home = |below: &str| Some(Utf8Path::new(self.var("HOME")?).join(below));
        let place = if cfg!(windows) {
            self.var("LOCALAPPDATA").map(Utf8PathBuf::from)
        } else if cfg!(target_os = "macos") {
            home("Library/Application Support")
        } else {
            let given = self.var("XDG_DATA_HOME").map(Utf8PathBuf::from);
            // The specification has relative ones ignored.
            given
                .filter(|path| path.is_absolute())
                .or_else(|| home(".local/share"))
        };
        place.map(|place| place.join("relkit"))
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

    #[test]
    fn data_stands_where_the_user_says_or_where_the_platform_does() {
        let of = |name, value| context(name, value).unwrap().data_directory();
        assert_eq!(of("RELKIT_DATA_DIR", "/d"), Some("/d".into()));
        assert_eq!(of("RELKIT_DATA_DIR", "d"), Some("/r/d".into()));
        assert_eq!(of("NONE", ""), None);
        if cfg!(target_os = "linux") {
            assert_eq!(of("HOME", "/h"), Some("/h/.local/share/relkit".into()));
            assert_eq!(of("XDG_DATA_HOME", "/x"), Some("/x/relkit".into()));
            assert_eq!(of("XDG_DATA_HOME", "x"), None);
        }
    }

    #[test]
    fn given_paths_are_seen_from_the_root() {
        let mut ctx = context("X", "").unwrap();
        ctx.directory = "/r/sub".into();
        let seen = |path: &str| ctx.seen(path.into());
        assert_eq!(seen("a.toml"), "sub/a.toml");
        assert_eq!(seen("../a.toml"), "a.toml");
        assert_eq!(seen("./x/../a.toml"), "sub/a.toml");
        assert_eq!(seen("/r/b.toml"), "b.toml");
        assert_eq!(seen("../../b.toml"), "../../b.toml");
        let within = |path: &str| ctx.within(path.into()).ok();
        for (path, found) in [
            ("a/", Some("sub/a")),
            ("../b/./c", Some("b/c")),
            ("..", Some("")),
            ("/r/d", Some("d")),
            ("../../e", None),
            ("/e", None),
        ] {
            assert_eq!(within(path).as_deref(), found, "{path}");
        }
    }
}

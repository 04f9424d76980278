//! Files that carry the version, read for where it stands and edited by span.
//!
//! A manifest is parsed to find the place, and its bytes are spliced; it is never serialized again,
//! so comments, indentation, line ends and a byte-order mark stay.

mod cargo;
mod npm;
mod python;
mod toml_span;

use std::ops::Range;

use crate::{
    digest::PublicPath,
    version::{Spelling, Version},
};

/// The manifest formats that relkit knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// `Cargo.toml`.
    Cargo,
    /// `pyproject.toml` (PEP 621, and Poetry's own table).
    Pyproject,
    /// `package.json`.
    Npm,
    /// A Python module that assigns `__version__`.
    PythonModule,
    /// `Cargo.lock`.
    CargoLock,
    /// `package-lock.json`.
    NpmLock,
}

/// One place where a version stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// What the place is called, for example `package.version`.
    pub place: String,
    /// The version as it is written there.
    pub text: String,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// How this ecosystem writes it.
    pub spelling: Spelling,
    /// What the place says.
    pub role: Role,
}

/// What a site says about a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The version of what the manifest describes.
    Declares,
    /// A version that must follow: the lock entry of a package of this repository.
    Follows,
    /// A requirement on a package of this repository, which states this version.
    Requires(Option<String>),
}

/// A manifest as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Where it is.
    pub path: PublicPath,
    /// Its format.
    pub format: Format,
    /// Its whole text.
    pub text: String,
    /// The name it gives.
    pub name: Option<String>,
    /// Whether it says that it is published.
    pub publication: Publication,
    /// Every site, in the order of the text.
    pub sites: Vec<Site>,
    /// True if it leaves its version to the build (`dynamic = ["version"]`).
    pub dynamic: bool,
}

/// Whether a package is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// As far as the manifest says.
    Public,
    /// `publish = false`, `"private": true`.
    Private,
}

/// A manifest cannot be read or edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum ManifestError {
    /// Its syntax is wrong.
    #[error("`{path}` cannot be read")]
    #[diagnostic(
        code("manifest.syntax"),
        help("correct it at the place that the cause names")
    )]
    Syntax {
        /// The manifest.
        path: PublicPath,
        /// What the parser says.
        source: SyntaxError,
    },
    /// A version that is none.
    #[error("`{path}` holds `{text}` at `{place}`, which is not a version")]
    #[diagnostic(
        code("manifest.version"),
        help("write MAJOR.MINOR.PATCH there, or leave the file out with `[bump] exclude`")
    )]
    Version {
        /// The manifest.
        path: PublicPath,
        /// The site.
        place: String,
        /// What stands there.
        text: String,
    },
    /// The edited text does not say what it should.
    #[error("`{path}` cannot be edited safely at `{place}`")]
    #[diagnostic(
        code("manifest.unsafe_edit"),
        help(
            "write the version there as a plain one-line string, a requirement with one comparator"
        )
    )]
    UnsafeEdit {
        /// The manifest.
        path: PublicPath,
        /// The site.
        place: String,
    },
    /// No manifest at all.
    #[error("no manifest with a version was found")]
    #[diagnostic(
        code("manifest.none"),
        help(
            "relkit looks for Cargo.toml, pyproject.toml, package.json and `__version__` in tracked files"
        )
    )]
    None,
}

/// What a parser says, with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SyntaxError(pub String);

impl Format {
    /// The format of the file at `path`, by its name.
    #[must_use]
    pub fn of(path: &PublicPath) -> Option<Self> {
        match path.file_name() {
            "Cargo.toml" => Some(Self::Cargo),
            "Cargo.lock" => Some(Self::CargoLock),
            "pyproject.toml" => Some(Self::Pyproject),
            "package.json" => Some(Self::Npm),
            "package-lock.json" => Some(Self::NpmLock),
            "__init__.py" | "__about__.py" | "_version.py" | "version.py" => {
                Some(Self::PythonModule)
            }
            _ => None,
        }
    }
}

/// Directories whose manifests are data, not packages of the project.
const OUTSIDE: &[&str] = &[
    "tests",
    "test",
    "testdata",
    "fixtures",
    "examples",
    "benches",
    "vendor",
    "third_party",
    "node_modules",
    "site-packages",
];

/// Whether the file at `path` may carry the project's version.
#[must_use]
pub fn is_candidate(path: &PublicPath) -> bool {
    let mut parts: Vec<_> = path.as_str().split('/').collect();
    parts.pop();
    Format::of(path).is_some() && !parts.iter().any(|part| OUTSIDE.contains(part))
}

/// Reads the manifests of a project together: a lock file and a requirement are sites only where
/// they name a package of the project. A text without any site is left out, unless it is dynamic.
pub fn read(files: Vec<(PublicPath, String)>) -> Result<Vec<Manifest>, ManifestError> {
    let mut manifests = Vec::new();
    for (path, text) in files {
        let Some(format) = Format::of(&path) else {
            continue;
        };
        let mut manifest = Manifest {
            path,
            format,
            text,
            name: None,
            publication: Publication::Public,
            sites: Vec::new(),
            dynamic: false,
        };
        match format {
            Format::Cargo => cargo::read(&mut manifest)?,
            Format::Pyproject => python::read_pyproject(&mut manifest)?,
            Format::Npm => npm::read(&mut manifest)?,
            Format::PythonModule => python::read_module(&mut manifest),
            Format::CargoLock | Format::NpmLock => {}
        }
        manifests.push(manifest);
    }
    let own = cargo::own(&manifests);
    let packages = npm::own(&manifests);
    for manifest in &mut manifests {
        match manifest.format {
            Format::CargoLock => cargo::read_lock(manifest, &own)?,
            Format::NpmLock => npm::read_lock(manifest, &packages)?,
            Format::Cargo => cargo::read_requirements(manifest, &own)?,
            _ => {}
        }
    }
    for manifest in &mut manifests {
        manifest.sites.sort_by_key(|site| site.span.start);
    }
    manifests.retain(|manifest| !manifest.sites.is_empty() || manifest.dynamic);
    manifests.sort_by(|a, b| (a.format, &a.path).cmp(&(b.format, &b.path)));
    Ok(manifests)
}

impl Manifest {
    /// The sites that declare a version.
    pub fn declared(&self) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(|site| site.role == Role::Declares)
    }

    /// The version at `site`.
    pub fn version(&self, site: &Site) -> Result<Version, ManifestError> {
        site.text.parse().map_err(|_| ManifestError::Version {
            path: self.path.clone(),
            place: site.place.clone(),
            text: site.text.clone(),
        })
    }

    /// The text with `to` at every site that declares `from` or follows it. What was written is
    /// read again, and must say `to` at the same sites.
    pub fn with_version(&self, from: &Version, to: &Version) -> Result<String, ManifestError> {
        let is_from = |text: &str| text.parse().as_ref() == Ok(from);
        let moves = |site: &&Site| is_from(&site.text);
        let mut text = self.text.clone();
        for site in self.sites.iter().rev() {
            let new = match &site.role {
                // A package at another version goes its own way.
                Role::Requires(Some(own)) if !is_from(own) => None,
                Role::Requires(_) => cargo::follow(&site.text, from, to)
                    .map_err(|cargo::Stuck| self.unsafe_edit(&site.place))?,
                _ => is_from(&site.text).then(|| to.spell(site.spelling)),
            };
            if let Some(new) = new {
                text.replace_range(site.span.clone(), &new);
            }
        }
        let mut again = self.clone();
        again.text.clone_from(&text);
        again.sites.clear();
        again.read_alone()?;
        for site in self.declared().filter(moves) {
            let same = again.declared().find(|other| other.place == site.place);
            if same.and_then(|other| other.text.parse().ok()).as_ref() != Some(to) {
                return Err(self.unsafe_edit(&site.place));
            }
        }
        Ok(text)
    }

    fn read_alone(&mut self) -> Result<(), ManifestError> {
        match self.format {
            Format::Cargo => cargo::read(self),
            Format::Pyproject => python::read_pyproject(self),
            Format::Npm => npm::read(self),
            Format::PythonModule => {
                python::read_module(self);
                Ok(())
            }
            Format::CargoLock | Format::NpmLock => Ok(()),
        }
    }

    fn unsafe_edit(&self, place: &str) -> ManifestError {
        ManifestError::UnsafeEdit {
            path: self.path.clone(),
            place: place.to_owned(),
        }
    }

    fn syntax(&self, message: &dyn ToString) -> ManifestError {
        ManifestError::Syntax {
            path: self.path.clone(),
            source: SyntaxError(message.to_string().trim_end().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(path: &str, text: &str) -> Manifest {
        let path = PublicPath::new(path).unwrap();
        let mut all = read(vec![(path, text.to_owned())]).unwrap();
        all.remove(0)
    }

    fn bumped(path: &str, text: &str) -> String {
        let from = Version::new(0, 1, 0);
        let to = Version::new(0, 2, 0).candidate(1);
        read_one(path, text).with_version(&from, &to).unwrap()
    }

    #[test]
    fn cargo_keeps_every_other_byte() {
        let text = "# c\r\n[package]\r\nname = 'a'\r\nversion   = '0.1.0' # keep\r\n[dependencies]\r\nserde = \"0.1.0\"\r\n";
        assert_eq!(
            bumped("Cargo.toml", text),
            text.replace("'0.1.0'", "'0.2.0-rc.1'")
        );
        let workspace = "[workspace.package]\nversion = \"0.1.0\"\n";
        assert!(bumped("Cargo.toml", workspace).contains("\"0.2.0-rc.1\""));
    }

    #[test]
    fn cargo_requirements_and_lock_entries_of_own_crates_follow() {
        let path = |text: &str| PublicPath::new(text).unwrap();
        let a = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";
        let b = "[package]\nname = \"b\"\nversion = \"0.1.0\"\n[dependencies]\na = { path = \"../a\", version = \"=0.1.0\" }\n[dev-dependencies.x]\npackage = \"a\"\npath = \"../a\"\nversion = \"^0.1.0\"\n";
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\nsource = \"registry\"\n";
        let all = read(vec![
            (path("a/Cargo.toml"), a.to_owned()),
            (path("b/Cargo.toml"), b.to_owned()),
            (path("Cargo.lock"), lock.to_owned()),
        ])
        .unwrap();
        let text = |name: &str| {
            let manifest = all.iter().find(|m| m.path.as_str() == name).unwrap();
            manifest
                .with_version(&Version::new(0, 1, 0), &Version::new(0, 2, 0))
                .unwrap()
        };
        assert_eq!(text("b/Cargo.toml"), b.replace("0.1.0", "0.2.0"));
        assert_eq!(text("Cargo.lock"), lock.replacen("0.1.0", "0.2.0", 2));
    }

    #[test]
    fn python_spells_pep_440() {
        let text = "[project]\nname = \"x\"\nversion = \"0.1.0\"\n[tool.poetry]\nversion = '0.1.0'\n[tool.other]\nversion = \"0.1.0\"\n";
        assert_eq!(
            bumped("pyproject.toml", text),
            text.replacen("0.1.0", "0.2.0rc1", 2)
        );
        let module = "\"\"\"Doc: __version__ = 1\"\"\"\n__version__: str = '0.1.0'  # x\n";
        assert_eq!(
            bumped("src/x/__init__.py", module),
            module.replace("0.1.0", "0.2.0rc1")
        );
        assert!(
            read_one(
                "pyproject.toml",
                "[project]\nname='x'\ndynamic = [\"version\"]\n"
            )
            .dynamic
        );
    }

    #[test]
    fn npm_edits_the_top_level_version_only() {
        let text = "\u{feff}{\r\n\t\"config\": {\"version\": \"0.1.0\"},\r\n\t\"version\" : \"0.1.0\",\r\n\t\"name\": \"x\"}";
        let want = text.replace("\"version\" : \"0.1.0\"", "\"version\" : \"0.2.0-rc.1\"");
        assert_eq!(bumped("package.json", text), want);
    }

    #[test]
    fn there_and_back_is_byte_identical() {
        let text = "[package]\nname = \"a\"\nversion = \"0.1.0\"";
        let (a, b) = (Version::new(0, 1, 0), Version::new(0, 2, 0).candidate(1));
        let there = read_one("Cargo.toml", text).with_version(&a, &b).unwrap();
        assert_eq!(
            read_one("Cargo.toml", &there).with_version(&b, &a).unwrap(),
            text
        );
    }

    #[test]
    fn broken_manifests_are_named() {
        for (path, text) in [
            ("Cargo.toml", "[package\n"),
            ("pyproject.toml", "x = \n"),
            ("package.json", "{\"version\": }"),
        ] {
            let path = PublicPath::new(path).unwrap();
            let error = read(vec![(path, text.to_owned())]).unwrap_err();
            assert!(matches!(error, ManifestError::Syntax { .. }), "{text}");
        }
    }

    #[test]
    fn data_directories_hold_no_manifests_of_the_project() {
        let is = |text: &str| is_candidate(&PublicPath::new(text).unwrap());
        assert!(is("Cargo.toml") && is("crates/a/Cargo.toml") && is("tests.d/Cargo.toml"));
        assert!(!is("tests/cases/x/Cargo.toml") && !is("a/node_modules/b/package.json"));
        assert!(!is("README.md"));
    }
}

//! The file name of a wheel (PEP 427), read and printed.

use std::fmt;

use super::{TagSet, WheelError, normalize};

/// What a wheel's file name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelName {
    /// The project, as the file name spells it.
    pub project: String,
    /// The version, as the file name spells it.
    pub version: String,
    /// The build number: digits, then anything.
    pub build: Option<String>,
    /// What it runs on.
    pub tags: TagSet,
}

impl WheelName {
    /// Reads the file name `name`.
    pub fn parse(name: &str) -> Result<Self, WheelError> {
        let named = || WheelError::Name {
            name: name.to_owned(),
        };
        let stem = name.strip_suffix(".whl").ok_or_else(named)?;
        let parts: Vec<_> = stem.split('-').collect();
        let (project, version, build, python, abi, platform) = match parts[..] {
            [project, version, python, abi, platform] => {
                (project, version, None, python, abi, platform)
            }
            [project, version, build, python, abi, platform] if is_build(build) => {
                (project, version, Some(build), python, abi, platform)
            }
            _ => return Err(named()),
        };
        let tags = TagSet::read(python, abi, platform);
        let sets = [&tags.python, &tags.abi, &tags.platform];
        let empty = project.is_empty() || version.is_empty();
        if empty || sets.into_iter().flatten().any(String::is_empty) {
            return Err(named());
        }
        Ok(Self {
            project: project.to_owned(),
            version: version.to_owned(),
            build: build.map(str::to_owned),
            tags,
        })
    }

    /// The directory of its metadata, as the name spells it.
    #[must_use]
    pub fn dist_info(&self) -> String {
        format!("{}-{}.dist-info", self.project, self.version)
    }

    /// Whether `directory`, at the top of the archive, is the one of its metadata, spelled otherwise:
    /// installers compare the project's normalized name.
    #[must_use]
    pub fn owns(&self, directory: &str) -> bool {
        let even = |text: &str| text.replace('_', "-").to_ascii_lowercase();
        directory
            .strip_suffix(".dist-info")
            .and_then(|stem| stem.rsplit_once('-'))
            .is_some_and(|(project, version)| {
                normalize(project) == normalize(&self.project)
                    && even(version) == even(&self.version)
            })
    }

    /// Whether `other` is the same release of the same project, letter by letter.
    #[must_use]
    pub fn is_sibling(&self, other: &Self) -> bool {
        (&self.project, &self.version) == (&other.project, &other.version)
    }
}

/// Whether `text` is a build number: it begins with a digit and has no dash.
#[must_use]
pub(super) fn is_build(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl fmt::Display for WheelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-", self.project, self.version)?;
        if let Some(build) = &self.build {
            write!(f, "{build}-")?;
        }
        write!(f, "{}.whl", self.tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_with_and_without_a_build_number() {
        for name in [
            "a-1-py3-none-any.whl",
            "My.Demo-1.0rc1-2b-py2.py3-none-any.whl",
            "x-1!2+l.1-cp311-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        ] {
            assert_eq!(WheelName::parse(name).unwrap().to_string(), name);
        }
        for name in [
            "a.whl",
            "a-1-py3-none.whl",
            "a--py3-none-any.whl",
            "a-1-py3-none-any.zip",
            "a-1-b2-py3-none-any.whl",
            "a-1-py3..py2-none-any.whl",
            "a-1-2-py3-none-any-more.whl",
        ] {
            assert!(
                matches!(WheelName::parse(name), Err(WheelError::Name { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn metadata_may_be_spelled_otherwise_but_is_of_this_project() {
        let name = WheelName::parse("My_Demo-1.0-py3-none-any.whl").unwrap();
        assert_eq!(name.dist_info(), "My_Demo-1.0.dist-info");
        assert!(name.owns("my.demo-1.0.dist-info"));
        assert!(!name.owns("setuptools-1.0.dist-info") && !name.owns("my_demo-1.1.dist-info"));
        assert!(!name.owns("My_Demo-1.0"));
    }
}

//! Making a repository ready for relkit: `relkit.toml`, a `cliff.toml`, the ignore lines.

use crate::{
    changelog::cliff,
    digest::PublicPath,
    finding::counted,
    manifest::{Format, Manifest, Publication},
    plan::{Edit, FileStep, Plan, Step},
    version::Version,
};

/// The first line of the template: editors find the schema by it.
pub const SCHEMA_LINE: &str = "#:schema https://relkit.dev/schema/relkit.json";

/// The lines that `.gitignore` must hold.
const IGNORED: [&str; 2] = ["/dist/", "/.relkit/out/"];

/// What was found in the repository.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The name of the repository's directory.
    pub directory: String,
    /// Every manifest.
    pub manifests: Vec<Manifest>,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// The remote, as a web address.
    pub remote: Option<String>,
    /// Workflow files of a CI service.
    pub workflows: Vec<PublicPath>,
    /// JUnit reports that stand there now, or are named in workflows.
    pub junit: Option<String>,
    /// `.gitignore`, if there is one.
    pub gitignore: Option<String>,
    /// Whether a `cliff.toml` exists.
    pub cliff: Existing,
    /// Whether a `relkit.toml` exists.
    pub config: Existing,
}

/// Whether a file exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// `relkit init` is refused.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum InitError {
    /// It was run before.
    #[error("`relkit.toml` exists already")]
    #[diagnostic(
        code("init.exists"),
        help(
            "edit it, or remove it and run `relkit init` again; `relkit candidate explain` shows what it says"
        )
    )]
    Exists,
}

/// Plans the files.
pub fn plan(facts: &Facts) -> Result<Plan, InitError> {
    if facts.config == Existing::Yes {
        return Err(InitError::Exists);
    }
    let mut plan = Plan::new(
        "relkit init",
        format!("make {} ready for relkit", name(facts)),
    );
    let mut write = |path: &str, before: Option<&String>, after: String| {
        if before != Some(&after)
            && let Ok(path) = PublicPath::new(path)
        {
            plan.reads.file(&path, before.map(String::as_bytes));
            let before = before.cloned();
            plan.steps.push(Step::File(FileStep::Write(Edit {
                path,
                before,
                after,
            })));
        }
    };
    write("relkit.toml", None, config(facts));
    if facts.cliff == Existing::No {
        write("cliff.toml", None, cliff::TEMPLATE.to_owned());
    }
    write(".gitignore", facts.gitignore.as_ref(), ignore(facts));
    plan.next = Some("git add -A && git commit -m \"ci: release with relkit\"".to_owned());
    Ok(plan)
}

/// What was found, a line each.
#[must_use]
pub fn found(facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    for manifest in &facts.manifests {
        let sites: Vec<_> = manifest
            .declared()
            .map(|site| format!("{} {}", site.place, site.text))
            .collect();
        if !sites.is_empty() {
            lines.push(format!("{} ({})", manifest.path, sites.join(", ")));
        } else if manifest.dynamic {
            lines.push(format!(
                "{} (leaves its version to the build)",
                manifest.path
            ));
        }
    }
    if facts.manifests.is_empty() {
        lines.push("no manifest; the version will be that of the tag on HEAD".to_owned());
    }
    if !facts.tags.is_empty() {
        let tags = counted(facts.tags.len(), "tag");
        lines.push(match known_template(facts) {
            Some(template) => format!("{tags}, read as `{template}`"),
            None => format!("{tags}, none of a version; the next one will be a `v{{version}}`"),
        });
    }
    lines.extend(facts.remote.iter().map(|url| format!("remote {url}")));
    lines.extend(
        facts
            .workflows
            .iter()
            .map(|path| format!("workflow {path}")),
    );
    lines.extend(
        facts
            .junit
            .iter()
            .map(|glob| format!("test reports `{glob}`")),
    );
    lines
}

/// The name that most published manifests give; of several, the first.
fn name(facts: &Facts) -> &str {
    let names: Vec<_> = facts
        .manifests
        .iter()
        .filter(|manifest| manifest.publication == Publication::Public)
        .filter_map(|manifest| manifest.name.as_deref())
        .collect();
    let count = |name: &str| names.iter().filter(|other| **other == name).count();
    let most = names.iter().map(|name| count(name)).max();
    let first = names.iter().find(|name| Some(count(name)) == most);
    first.copied().unwrap_or(&facts.directory)
}

/// The tag template that most of the tags there are follow, if any does.
fn known_template(facts: &Facts) -> Option<&'static str> {
    let known = [
        "v{version}",
        "{version}",
        "v{pep440}",
        "{pep440}",
        "v{semver}",
        "{semver}",
        "{name}-v{version}",
        "{name}-{version}",
    ];
    let count = |template: &str| {
        let fits = |tag: &&String| Version::from_tag(tag, template, name(facts)).is_some();
        facts.tags.iter().filter(fits).count()
    };
    let best = known.iter().map(|template| count(template)).max();
    known
        .into_iter()
        .find(|template| Some(count(template)) == best && count(template) > 0)
}

fn tag_template(facts: &Facts) -> &'static str {
    known_template(facts).unwrap_or("v{version}")
}

/// Where the ecosystems found leave what they build.
fn artifacts(facts: &Facts) -> Vec<&'static str> {
    let has = |format| {
        facts.manifests.iter().any(|manifest| {
            manifest.format == format && manifest.publication == Publication::Public
        })
    };
    let mut globs = Vec::new();
    if has(Format::Pyproject) {
        globs.push("dist/*.whl");
    }
    if has(Format::Npm) {
        globs.push("dist/*.tgz");
    }
    if has(Format::Cargo) && globs.is_empty() {
        globs.push("dist/*.crate");
    }
    if globs.is_empty() {
        globs.push("dist/*");
    }
    globs
}

fn config(facts: &Facts) -> String {
    let globs = artifacts(facts);
    let list: Vec<_> = globs.iter().map(|glob| format!("\"{glob}\"")).collect();
    let expect: Vec<_> = globs.iter().map(|glob| format!("\"{glob}\" = 1")).collect();
    let tests = match &facts.junit {
        Some(glob) => format!("[gate.tests]\njunit = \"{glob}\"\n"),
        None => "# Add the reports of your test run (JUnit XML):\n# [gate.tests]\n# junit = \"reports/**/*.xml\"\n".to_owned(),
    };
    format!(
        "{SCHEMA_LINE}\n\
         # How this project is released. `relkit candidate explain` prints what the gate demands.\n\n\
         [project]\nname = {name}\n\n\
         [release]\ntag = \"{tag}\"\nartifacts = [{list}]\n\n\
         # The gate: nothing is published unless every row holds.\n\
         [gate.outputs]\nexpect = {{ {expect} }}\n\n\
         {version}[gate.changelog]\n\n[gate.git]\n\n{tests}\n\
         # Where it is published: a directory that pip and sha256sum can read.\n\
         [channel.local]\nkind = \"file\"\npath = \".relkit/out/published\"\n",
        name = toml_string(name(facts)),
        version = if facts.manifests.is_empty() {
            "# No manifest was found: the version is that of the tag on HEAD.\n"
        } else {
            "[gate.version]\n\n"
        },
        tag = tag_template(facts),
        list = list.join(", "),
        expect = expect.join(", "),
    )
}

fn toml_string(text: &str) -> String {
    toml_edit::value(text).to_string()
}

fn ignore(facts: &Facts) -> String {
    let mut text = facts.gitignore.clone().unwrap_or_default();
    let present: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    for line in IGNORED {
        let bare = line.trim_matches('/');
        let same = |have: &String| have.trim_matches('/') == bare && !have.starts_with('!');
        if present.iter().any(same) {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text += end;
        }
        text += line;
        text += end;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            directory: "demo".to_owned(),
            manifests: Vec::new(),
            tags: Vec::new(),
            remote: None,
            workflows: Vec::new(),
            junit: None,
            gitignore: None,
            cliff: Existing::No,
            config: Existing::No,
        }
    }

    fn tags(names: &[&str]) -> &'static str {
        tag_template(&Facts {
            tags: names.iter().map(ToString::to_string).collect(),
            ..facts()
        })
    }

    #[test]
    fn the_tags_there_are_decide_the_template() {
        assert_eq!(tags(&[]), "v{version}");
        assert_eq!(tags(&["v0.1.0", "v0.2.0-rc1"]), "v{version}");
        assert_eq!(tags(&["0.1.0", "nightly"]), "{version}");
        assert_eq!(tags(&["v0.1.0", "v0.2.0rc1"]), "v{pep440}");
        assert_eq!(tags(&["v0.1.0", "v0.2.0-rc.1"]), "v{semver}");
        assert_eq!(tags(&["demo-0.1.0", "nightly"]), "{name}-{version}");
        assert_eq!(tags(&["nightly"]), "v{version}");
    }

    #[test]
    fn ignore_lines_are_added_once_and_end_as_the_file_does() {
        let with = |text: &str| {
            ignore(&Facts {
                gitignore: Some(text.to_owned()),
                ..facts()
            })
        };
        assert_eq!(ignore(&facts()), "/dist/\n/.relkit/out/\n");
        assert_eq!(with("target"), "target\n/dist/\n/.relkit/out/\n");
        assert_eq!(with("dist\r\n"), "dist\r\n/.relkit/out/\r\n");
        assert_eq!(with("/.relkit/out\ndist/\n"), "/.relkit/out\ndist/\n");
    }

    #[test]
    fn what_is_written_names_its_schema_first_and_is_a_configuration() {
        let text = config(&facts());
        assert_eq!(text.lines().next(), Some(SCHEMA_LINE));
        assert!(crate::config::Config::parse(&text).is_ok());
        let again = Facts {
            config: Existing::Yes,
            ..facts()
        };
        assert!(matches!(plan(&again), Err(InitError::Exists)));
    }
}

//! The planner of `relkit sign`: one step a file.

use camino::Utf8Path;

use super::SUFFIX;
use crate::{
    digest::{Digest, Identity, InvalidPath, PublicPath},
    finding::counted,
    plan::{Plan, SignatureStep, Step},
    trust::Trust,
};

/// What the planner needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What to sign, each with what stands where its bundle goes.
    pub files: Vec<Unsigned>,
    /// Whom the certificate will name.
    pub identity: String,
}

/// A file to sign.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// Which bytes.
    pub file: Identity,
    /// Where the bundle goes.
    pub to: PublicPath,
    /// What stands there now.
    pub there: Option<Digest>,
}

/// A file cannot be signed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SignError {
    /// Only local signing is built.
    #[error("signing with the trust `{trust}` is not built yet")]
    #[diagnostic(
        code("sign.later"),
        help(
            "sign with `--trust local`; the public instance needs a network client, which comes later"
        )
    )]
    Later {
        /// The trust asked for.
        trust: Trust,
    },
    /// Two files have one name, and their bundles one place.
    #[error("two bundles would stand at `{path}`")]
    #[diagnostic(
        code("sign.name_clash"),
        help("sign them one by one with different `--out-dir`, or leave it out")
    )]
    NameClash {
        /// Where.
        path: PublicPath,
    },
    /// A bundle is not signed.
    #[error("`{path}` is itself a bundle")]
    #[diagnostic(
        code("sign.bundle"),
        help("name the files to sign, not their bundles: `dist/*.whl`, not `dist/*`")
    )]
    Bundle {
        /// The file.
        path: PublicPath,
    },
}

/// Where the bundle of `file` goes: beside it, or into `directory`.
pub fn place(file: &PublicPath, directory: Option<&Utf8Path>) -> Result<PublicPath, InvalidPath> {
    match directory {
        None => PublicPath::new(format!("{file}{SUFFIX}")),
        Some(directory) => {
            let directory = directory.as_str().replace('\\', "/");
            let directory = directory.trim_end_matches('/');
            let name = file.file_name();
            if matches!(directory, "" | ".") {
                return PublicPath::new(format!("{name}{SUFFIX}"));
            }
            PublicPath::new(format!("{directory}/{name}{SUFFIX}"))
        }
    }
}

/// One step a file, all under one certificate.
pub fn plan(facts: &Facts, trust: Trust) -> Result<Plan, SignError> {
    if trust != Trust::Local {
        return Err(SignError::Later { trust });
    }
    let title = format!(
        "sign {} as {}, trust {trust}",
        counted(facts.files.len(), "file"),
        facts.identity
    );
    let mut plan = Plan::new("relkit sign", title);
    for Unsigned { file, to, there } in &facts.files {
        if file.path.as_str().ends_with(SUFFIX) {
            let path = file.path.clone();
            return Err(SignError::Bundle { path });
        }
        let reads = &mut plan.reads.files;
        reads.insert(file.path.clone(), Some(file.sha256));
        if reads.insert(to.clone(), *there).is_some() {
            return Err(SignError::NameClash { path: to.clone() });
        }
        plan.steps.push(Step::Signature(SignatureStep::Sign {
            file: file.clone(),
            to: to.clone(),
            trust,
            identity: facts.identity.clone(),
        }));
    }
    plan.next = next(facts, trust);
    Ok(plan)
}

/// The command that verifies what was signed, where one is short enough to say.
fn next(facts: &Facts, trust: Trust) -> Option<String> {
    let beside = |one: &Unsigned| one.to.as_str() == format!("{}{SUFFIX}", one.file.path);
    let files = match &facts.files[..] {
        [one] if !beside(one) => format!("--bundle {} {}", one.to, one.file.path),
        several if several.len() <= 3 && several.iter().all(beside) => {
            let paths = several.iter().map(|one| one.file.path.as_str());
            paths.collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    let (identity, issuer) = (&facts.identity, super::LOCAL_ISSUER);
    Some(format!(
        "relkit verify --trust {trust} --identity {identity} --issuer {issuer} {files}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Gated, Reach};

    fn path(text: &str) -> PublicPath {
        PublicPath::new(text).unwrap()
    }

    fn facts(files: &[&str], directory: Option<&str>) -> Facts {
        let files = files.iter().map(|name| Unsigned {
            file: Identity::of(path(name), b"x"),
            to: place(&path(name), directory.map(Utf8Path::new)).unwrap(),
            there: None,
        });
        Facts {
            files: files.collect(),
            identity: "a@example.com".to_owned(),
        }
    }

    #[test]
    fn a_plan_binds_each_file_and_needs_no_gate() {
        let plan = plan(&facts(&["dist/a", "dist/b"], None), Trust::Local).unwrap();
        assert_eq!(plan.gated(), Gated::No);
        assert!(plan.steps.iter().all(|step| step.reach() == Reach::Local));
        let read: Vec<_> = plan.reads.files.keys().map(PublicPath::as_str).collect();
        let expected = [
            "dist/a",
            "dist/a.sigstore.json",
            "dist/b",
            "dist/b.sigstore.json",
        ];
        assert_eq!(read, expected);
        assert_eq!(plan.reads.files[&path("dist/a.sigstore.json")], None);
    }

    #[test]
    fn refuses_bundles_clashes_and_what_is_not_built() {
        let refused = |files: &[&str], trust| plan(&facts(files, Some("out/")), trust).unwrap_err();
        assert!(matches!(
            refused(&["a/x", "b/x"], Trust::Local),
            SignError::NameClash { path } if path.as_str() == "out/x.sigstore.json"
        ));
        assert!(matches!(
            refused(&["x.sigstore.json"], Trust::Local),
            SignError::Bundle { .. }
        ));
        assert!(matches!(
            refused(&["x"], Trust::Public),
            SignError::Later { .. }
        ));
        assert_eq!(
            place(&path("a/x"), Some(".".into())).unwrap().as_str(),
            "x.sigstore.json"
        );
    }
}

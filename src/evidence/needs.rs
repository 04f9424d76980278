//! What must be read before a candidate can be judged.

use crate::{
    config::{Config, Glob, Globs, Kind, assertion::Assertion, row::Covers},
    digest::PublicPath,
    sign::SUFFIX,
};

/// What the gather layer has to supply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Every file under the root that these match, tracked, ignored or neither, must be in
    /// [`super::Facts::files`].
    pub files: Globs,
    /// Of those, the ones whose content is wanted too.
    pub contents: Globs,
    /// The files whose bundles are verified into [`super::Facts::signatures`].
    pub attested: Globs,
    /// Whether any row looks at the version sites.
    pub version_sites: bool,
}

/// What the policy needs.
#[must_use]
pub fn needs(config: &Config) -> Needs {
    let mut needs = Needs::default();
    needs
        .files
        .0
        .extend(config.release.artifacts.0.iter().cloned());
    if let Some(boundary) = &config.release.claim_boundary {
        needs.read(&boundary.path);
    }
    for row in &config.gate {
        match &row.kind {
            // `expect` looks at the artifacts only; its globs are listed so that a file which no
            // artifact glob names can be pointed out.
            Kind::Expect(expect) => {
                let globs = expect.outputs.iter().map(|(glob, _)| glob.clone());
                needs.files.0.extend(globs);
            }
            Kind::File(file) => needs.files.0.extend(file.files.0.iter().cloned()),
            Kind::Junit(junit) => {
                needs.read_all(&junit.reports);
                needs.assertions(&junit.require);
            }
            Kind::Json(json) => {
                needs.read_all(&json.documents);
                needs.assertions(&json.require);
            }
            Kind::Sums(sums) => {
                needs.files.0.extend(sums.beside().0);
                for list in &sums.lists {
                    needs.read(list);
                }
                if let Covers::Only(globs) = &sums.covers {
                    needs.files.0.extend(globs.0.iter().cloned());
                }
            }
            Kind::Attestation(row) => {
                needs.files.0.extend(row.files.0.iter().cloned());
                needs.attested.0.extend(row.files.0.iter().cloned());
                let bundles = row.files.0.iter();
                let bundles = bundles.filter_map(|glob| Glob::new(&format!("{glob}{SUFFIX}")).ok());
                needs.read_all(&Globs(bundles.collect()));
            }
            Kind::Changelog(row) => {
                needs.read(row.path.as_ref().unwrap_or(&config.changelog.path));
            }
            Kind::Version => needs.version_sites = true,
            Kind::Git(_) => {}
        }
    }
    needs
}

impl Needs {
    fn read_all(&mut self, globs: &Globs) {
        self.files.0.extend(globs.0.iter().cloned());
        self.contents.0.extend(globs.0.iter().cloned());
    }

    fn read(&mut self, path: &PublicPath) {
        self.read_all(&Globs(Glob::exact(path).into_iter().collect()));
    }

    fn assertions(&mut self, assertions: &[Assertion]) {
        for assertion in assertions {
            for path in assertion.documents() {
                self.read(path);
            }
            self.files
                .0
                .extend(assertion.digests().into_iter().filter_map(Glob::exact));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_file_that_a_row_reads() {
        let config = Config::parse(
            r#"
[release]
artifacts = "dist/*"
[gate.outputs]
expect = { "dist/*.whl" = 1 }
[gate.changelog]
[gate.version]
[gate.signed]
attestation = ["dist/*.whl", "a[1].bin"]
signer = [{ identity = "a", issuer = "b" }]
[gate.quality]
json = "eval/*.json"
require = ["/a == x[1].json#/a", "/b == @sha256(model.bin)"]
"#,
        )
        .unwrap();
        let needs = needs(&config);
        for (path, listed, read) in [
            ("dist/a.whl", true, false),
            ("dist/a.whl.sigstore.json", true, true),
            ("a1.bin.sigstore.json", true, true),
            ("eval/m.json", true, true),
            ("x[1].json", true, true),
            ("x1.json", false, false),
            ("model.bin", true, false),
            ("CHANGELOG.md", true, true),
            ("README.md", false, false),
        ] {
            assert_eq!(needs.files.matches(path), listed, "{path}");
            assert_eq!(needs.contents.matches(path), read, "{path}");
        }
        assert!(needs.version_sites);
    }
}

//! What `relkit xcframework package` will do.

use crate::{
    digest::{Digest, InvalidPath, PublicPath},
    plan::{ArchiveStyle, ArtifactStep, Plan, Step},
};

/// A framework that is to be packaged.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its directory, relative to the repository's root.
    pub from: PublicPath,
    /// What it holds; see [`super::Listing`].
    pub tree: Digest,
}

/// There is no such plan.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PlanError {
    /// The framework has another kind of name.
    #[error("`{path}` is not named as an XCFramework")]
    #[diagnostic(
        code("xcframework.name"),
        help("name a directory that ends with .xcframework")
    )]
    Name {
        /// What was named.
        path: PublicPath,
    },
    /// The archive has no fit place.
    #[error("`{path}` is no place for the archive of `{from}`")]
    #[diagnostic(
        code("xcframework.output"),
        help("name a file that ends with .zip, outside of the framework")
    )]
    Output {
        /// What was named.
        path: PublicPath,
        /// The framework.
        from: PublicPath,
    },
    /// A path that may not stand in a plan.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
}

/// Packages the framework into `to`, or else beside itself.
pub fn plan(
    facts: &Facts,
    to: Option<PublicPath>,
    archive: ArchiveStyle,
) -> Result<Plan, PlanError> {
    let Facts { from, tree } = facts;
    let stem = from.file_name().strip_suffix(".xcframework");
    if stem.is_none_or(str::is_empty) {
        return Err(PlanError::Name { path: from.clone() });
    }
    let to = match to {
        Some(to) => to,
        None => PublicPath::new(format!("{from}.zip"))?,
    };
    let inside = to.as_str().starts_with(&format!("{from}/"));
    if inside
        || to
            .file_name()
            .strip_suffix(".zip")
            .is_none_or(str::is_empty)
    {
        return Err(PlanError::Output {
            path: to,
            from: from.clone(),
        });
    }
    let title = format!("package {}", from.file_name());
    let mut plan = Plan::new("relkit xcframework package", title);
    plan.steps
        .push(Step::Artifact(ArtifactStep::PackageFramework {
            from: from.clone(),
            tree: *tree,
            to,
            archive,
        }));
    Ok(plan)
}

/// Where the checksum of the archive `zip` stands: `X.xcframework.sha256` for `X.xcframework.zip`.
#[must_use]
pub fn sums_path(zip: &str) -> String {
    format!("{}.sha256", zip.strip_suffix(".zip").unwrap_or(zip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(from: &str, to: Option<&str>) -> Result<String, PlanError> {
        let facts = Facts {
            from: PublicPath::new(from).unwrap(),
            tree: Digest::of(b""),
        };
        let style = ArchiveStyle {
            date: jiff::Timestamp::UNIX_EPOCH,
            level: 6,
        };
        let plan = plan(&facts, to.map(|to| PublicPath::new(to).unwrap()), style)?;
        Ok(plan.steps[0].line().1)
    }

    #[test]
    fn the_archive_stands_beside_the_framework_or_where_it_is_wanted() {
        let line = to("build/D.xcframework", None).unwrap();
        assert_eq!(line, "build/D.xcframework as build/D.xcframework.zip");
        let line = to("D.xcframework", Some("dist/E.zip")).unwrap();
        assert_eq!(line, "D.xcframework as dist/E.zip");
        assert_eq!(
            sums_path("dist/D.xcframework.zip"),
            "dist/D.xcframework.sha256"
        );
        for bad in ["D.xcframework/a.zip", "dist/D.tar", ".zip"] {
            let refused = to("D.xcframework", Some(bad));
            assert!(matches!(refused, Err(PlanError::Output { .. })), "{bad}");
        }
        assert!(matches!(
            to("D.framework", None),
            Err(PlanError::Name { .. })
        ));
    }
}

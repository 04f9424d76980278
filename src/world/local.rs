//! The client of a `file:` channel: a directory laid out as a simple index and release assets.
//!
//! For each step it looks, does, and looks again. Nothing that stands there is ever replaced by
//! other bytes; only the index pages, which are derived from what stands there, are rewritten.

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    fs::{self, Copied, FileError},
    journal::Journal,
    lock::{Lock, LockError},
};
use crate::{
    digest::{Digest, Identity, PublicPath},
    plan::{ArtifactStep, IndexStep, Listing, Outcome},
};

/// The channel refused.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum LocalError {
    /// Other bytes stand there.
    #[error("`{path}` stands in the channel already, with other bytes")]
    #[diagnostic(
        code("channel.other_bytes"),
        help("published bytes never change; take the next version: `relkit bump`")
    )]
    OtherBytes {
        /// Relative to the channel's directory.
        path: PublicPath,
    },
    /// The artifact is no longer what the gate saw.
    #[error("`{path}` changed after the gate had seen it")]
    #[diagnostic(
        code("channel.artifact_changed"),
        help("build it again and run `relkit candidate`; nothing of it was published")
    )]
    ArtifactChanged {
        /// Relative to the repository's root.
        path: PublicPath,
    },
    /// A page that somebody else wrote.
    #[error("`{page}` of the channel was not written by relkit")]
    #[diagnostic(
        code("channel.foreign_page"),
        help("publish to a directory of its own; relkit rewrites only its own index pages")
    )]
    ForeignPage {
        /// Relative to the channel's directory.
        page: String,
    },
    /// Another relkit publishes there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
}

/// A `file:` channel.
#[derive(Debug)]
pub struct LocalChannel<'a> {
    root: &'a Utf8Path,
    directory: Utf8PathBuf,
}

impl<'a> LocalChannel<'a> {
    /// The channel at `target`, which is relative to the repository's `root` unless absolute.
    #[must_use]
    pub fn new(root: &'a Utf8Path, target: &str) -> Self {
        Self {
            root,
            directory: root.join(target),
        }
    }

    /// The lock of the channel: one relkit at a time, from whatever checkout.
    pub fn lock(&self) -> Result<Lock, LocalError> {
        Ok(Lock::take(&self.directory, ".relkit.lock")?)
    }

    /// Refuses a step at whose place other bytes stand.
    pub fn look(&self, step: &ArtifactStep) -> Result<(), LocalError> {
        match step {
            ArtifactStep::Put { file, to, .. } => self.holds(to, file.sha256).map(drop),
            ArtifactStep::PutText { to, text, .. } => {
                self.holds(to, Digest::of(text.as_bytes())).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Makes the step's post-condition hold.
    pub fn artifact(
        &self,
        step: &ArtifactStep,
        journal: &mut Journal,
    ) -> Result<Outcome, LocalError> {
        match step {
            ArtifactStep::Put { file, to, .. } => {
                if self.holds(to, file.sha256)? == Holds::These {
                    return Ok(Outcome::Already);
                }
                journal.point();
                self.copy(file, to)
            }
            ArtifactStep::PutText { to, text, .. } => {
                let sha256 = Digest::of(text.as_bytes());
                if self.holds(to, sha256)? == Holds::These {
                    return Ok(Outcome::Already);
                }
                journal.point();
                fs::write(&self.directory.join(to.as_str()), text.as_bytes())?;
                Ok(Outcome::Done)
            }
            // Made here, and nothing of a channel.
            ArtifactStep::Retag { .. } | ArtifactStep::PackageFramework { .. } => {
                Ok(Outcome::Already)
            }
        }
    }

    /// Whether these bytes, none, or others stand at `to`.
    pub fn holds(&self, to: &PublicPath, sha256: Digest) -> Result<Holds, LocalError> {
        let Some(bytes) = fs::digest_optional(&self.directory.join(to.as_str()))? else {
            return Ok(Holds::Nothing);
        };
        if bytes == sha256 {
            Ok(Holds::These)
        } else {
            Err(LocalError::OtherBytes { path: to.clone() })
        }
    }

    fn copy(&self, file: &Identity, to: &PublicPath) -> Result<Outcome, LocalError> {
        let from = self.root.join(file.path.as_str());
        match fs::copy_new(&from, &self.directory.join(to.as_str()), file)? {
            Copied::Whole => Ok(Outcome::Done),
            Copied::OtherBytes => Err(LocalError::ArtifactChanged {
                path: file.path.clone(),
            }),
            // Someone was faster. The same bytes are as good.
            Copied::Occupied => self.holds(to, file.sha256).map(|_| Outcome::Already),
        }
    }

    /// Makes the simple index list the file: its project's page, then the list of projects.
    pub fn index(&self, step: &IndexStep, journal: &mut Journal) -> Result<Outcome, LocalError> {
        let IndexStep::List { listing, .. } = step;
        let page = self
            .directory
            .join(format!("simple/{}/index.html", listing.project));
        let projects = self.directory.join("simple/index.html");
        let file = Anchor::file(listing);
        let project = Anchor::project(listing);
        let first = self.ensure(&page, &listing.project, (listing, file))?;
        journal.point();
        let second = self.ensure(&projects, "Simple index", (listing, project))?;
        Ok(if (first, second) == (Outcome::Already, Outcome::Already) {
            Outcome::Already
        } else {
            Outcome::Done
        })
    }

    /// Makes `page` hold the anchor. A name that is listed with another digest is other bytes for
    /// who asks the index, and nothing published is ever replaced.
    fn ensure(
        &self,
        page: &Utf8Path,
        title: &str,
        (listing, anchor): (&Listing, Anchor),
    ) -> Result<Outcome, LocalError> {
        let before = fs::read_text(page)?.unwrap_or_default();
        let mut anchors: Vec<Anchor> = before.lines().filter_map(read_anchor).collect();
        if !before.is_empty() && render(title, &anchors) != before {
            let page = page.strip_prefix(&self.directory).unwrap_or(page);
            return Err(LocalError::ForeignPage {
                page: page.to_string(),
            });
        }
        if let Some(other) = anchors.iter().find(|other| other.text == anchor.text) {
            return if other.html == anchor.html {
                Ok(Outcome::Already)
            } else {
                Err(LocalError::OtherBytes {
                    path: listing.file.clone(),
                })
            };
        }
        anchors.push(anchor);
        anchors.sort_by(|a, b| a.text.cmp(&b.text));
        fs::write(page, render(title, &anchors).as_bytes())?;
        Ok(Outcome::Done)
    }

    /// Whether the index leads to the file with its digest: by the project's page and by the list
    /// of projects.
    pub fn lists(&self, listing: &Listing) -> Result<bool, LocalError> {
        let project = Anchor::project(listing);
        let page = format!("simple/{}/index.html", listing.project);
        for (page, anchor) in [
            (page.as_str(), Anchor::file(listing)),
            ("simple/index.html", project),
        ] {
            let text = fs::read_text(&self.directory.join(page))?.unwrap_or_default();
            if !text
                .lines()
                .filter_map(read_anchor)
                .any(|other| other.html == anchor.html)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What stands at a place of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The bytes in question.
    These,
    /// Nothing.
    Nothing,
}

/// One link of an index page (PEP 503): one line of ours.
struct Anchor {
    text: String,
    html: String,
}

impl Anchor {
    fn project(listing: &Listing) -> Self {
        Self {
            text: listing.project.clone(),
            html: format!("<a href=\"{0}/\">{0}</a>", listing.project),
        }
    }

    fn file(listing: &Listing) -> Self {
        let up = "../../";
        let mut html = format!(
            "<a href=\"{up}{}#sha256={}\"",
            escape_url(listing.file.as_str()),
            listing.sha256
        );
        if let Some(python) = &listing.requires_python {
            html += &format!(" data-requires-python=\"{}\"", escape_html(python));
        }
        if let Some(digest) = listing.metadata_sha256 {
            html += &format!(" data-core-metadata=\"sha256={digest}\"");
        }
        let text = listing.file.file_name().to_owned();
        html += &format!(">{}</a>", escape_html(&text));
        Self { text, html }
    }
}

fn read_anchor(line: &str) -> Option<Anchor> {
    let html = line.trim().strip_suffix("<br>")?.to_owned();
    let text = html.strip_suffix("</a>")?.rsplit_once('>')?.1;
    Some(Anchor {
        text: text.to_owned(),
        html,
    })
}

fn render(title: &str, anchors: &[Anchor]) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"pypi:repository-version\" content=\"1.0\">\n<title>{0}</title>\n</head>\n\
         <body>\n<h1>{0}</h1>\n",
        escape_html(title)
    );
    for anchor in anchors {
        page += &format!("{}<br>\n", anchor.html);
    }
    page + "</body>\n</html>\n"
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Percent-encodes what has a meaning of its own in a relative URL (RFC 3986).
fn escape_url(path: &str) -> String {
    let mut url = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url += &format!("%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(name: &str) -> Listing {
        Listing {
            project: "demo".to_owned(),
            file: PublicPath::new(format!("releases/v1/{name}")).unwrap(),
            sha256: Digest::of(name.as_bytes()),
            requires_python: Some(">=3.9".to_owned()),
            metadata_sha256: None,
        }
    }

    #[test]
    fn an_artifact_that_changed_is_not_placed() {
        use crate::world::journal::KillPoints;
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let file = PublicPath::new("a.whl").unwrap();
        fs::write(&root.join("a.whl"), b"changed").unwrap();
        let step = ArtifactStep::Put {
            channel: "local".to_owned(),
            target: "published".to_owned(),
            file: Identity::of(file.clone(), b"judged"),
            to: file,
        };
        let key = Digest::of(b"");
        let mut journal = Journal::open(root, &key, KillPoints::default()).unwrap();
        let channel = LocalChannel::new(root, "published");
        let error = channel.artifact(&step, &mut journal).unwrap_err();
        let code = miette::Diagnostic::code(&error).unwrap().to_string();
        assert_eq!(code, "channel.artifact_changed");
        assert!(fs::is_vacant(&root.join("published")).unwrap());
    }

    #[test]
    fn the_index_keeps_what_it_lists_and_replaces_nothing() {
        use crate::world::journal::KillPoints;
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let key = Digest::of(b"");
        let mut journal = Journal::open(root, &key, KillPoints::default()).unwrap();
        let channel = LocalChannel::new(root, "published");
        let mut list = |listing: Listing| {
            let step = IndexStep::List {
                channel: "local".to_owned(),
                target: "published".to_owned(),
                listing,
            };
            channel.index(&step, &mut journal)
        };
        assert_eq!(list(listing("demo-2.whl")).unwrap(), Outcome::Done);
        assert_eq!(list(listing("demo-1+cu124.whl")).unwrap(), Outcome::Done);
        assert_eq!(list(listing("demo-2.whl")).unwrap(), Outcome::Already);
        let mut other = listing("demo-2.whl");
        other.sha256 = Digest::of(b"rebuilt");
        assert!(matches!(list(other), Err(LocalError::OtherBytes { .. })));
        let page = root.join("published/simple/demo/index.html");
        let text = fs::read_text(&page).unwrap().unwrap();
        assert_eq!(text.matches("<a ").count(), 2);
        assert!(text.contains("../../releases/v1/demo-1%2Bcu124.whl#sha256="));
        assert!(text.contains("data-requires-python=\"&gt;=3.9\""));
        fs::write(&page, text.replace("<br>", "").as_bytes()).unwrap();
        let foreign = list(listing("demo-3.whl")).unwrap_err();
        let code = miette::Diagnostic::code(&foreign).unwrap().to_string();
        assert_eq!(code, "channel.foreign_page");
        fs::write(&page, text.as_bytes()).unwrap();
        assert!(channel.lists(&listing("demo-2.whl")).unwrap());
        fs::remove(&root.join("published/simple/index.html")).unwrap();
        assert!(!channel.lists(&listing("demo-2.whl")).unwrap());
    }
}

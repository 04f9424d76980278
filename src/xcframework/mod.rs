//! XCFrameworks as archives for the Swift package manager: what belongs into one, in which order, and
//! what makes an archive unusable or different from machine to machine.

mod plan;

pub use plan::{Facts, PlanError, plan, sums_path};

use std::collections::BTreeMap;

use crate::digest::Digest;

/// How many links one path may lead through.
const MAX_LINKS: usize = 40;

/// Something in the framework's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Relative to the framework, with `/`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Directory,
    /// A file.
    File(Mode),
    /// A symbolic link and its target.
    Symlink(String),
    /// A pipe, a socket, a device.
    Special,
}

/// Whether a file may be executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0644
    Plain,
    /// 0755
    Executable,
}

/// The framework cannot be packaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum FrameworkError {
    /// It has no description.
    #[error("`{name}` has no Info.plist at its top")]
    #[diagnostic(
        code("xcframework.no_info_plist"),
        help("name the .xcframework directory that `xcodebuild -create-xcframework` wrote")
    )]
    NoInfoPlist {
        /// The framework's directory.
        name: String,
    },
    /// A link that would lead elsewhere, or nowhere, on the machine that unpacks it.
    #[error("the link `{path}` -> `{target}` {reason}")]
    #[diagnostic(
        code("xcframework.link"),
        help("make it a relative link to something inside of the framework, or remove it")
    )]
    Link {
        /// Relative to the framework.
        path: String,
        /// Where it points to.
        target: String,
        /// Why not.
        reason: &'static str,
    },
    /// Two names that are one on the file systems of most of its users.
    #[error("`{one}` and `{other}` are one file where case does not count")]
    #[diagnostic(code("xcframework.clash"), help("rename one of them"))]
    Clash {
        /// One name.
        one: String,
        /// The other.
        other: String,
    },
    /// It cannot be archived.
    #[error("`{path}` is no file, directory or link")]
    #[diagnostic(code("xcframework.special"), help("remove it"))]
    Special {
        /// Relative to the framework.
        path: String,
    },
}

/// What of `nodes` belongs into the archive of the framework called `name`, in the archive's order:
/// what the Finder leaves behind does not.
pub fn members(name: &str, nodes: Vec<Node>) -> Result<Vec<Node>, FrameworkError> {
    let mut nodes: Vec<_> = nodes
        .into_iter()
        .filter(|node| !is_litter(&node.path))
        .collect();
    nodes.sort_by_cached_key(Node::archived);
    let is_description =
        |node: &Node| node.path == "Info.plist" && matches!(node.kind, Kind::File(_));
    if !nodes.iter().any(is_description) {
        return Err(FrameworkError::NoInfoPlist {
            name: name.to_owned(),
        });
    }
    let mut seen = BTreeMap::new();
    for node in &nodes {
        if let Some(other) = seen.insert(node.path.to_lowercase(), &node.path) {
            return Err(FrameworkError::Clash {
                one: other.clone(),
                other: node.path.clone(),
            });
        }
    }
    let tree: Tree<'_> = nodes
        .iter()
        .map(|node| (node.path.as_str(), &node.kind))
        .collect();
    for node in &nodes {
        match &node.kind {
            Kind::Special => {
                return Err(FrameworkError::Special {
                    path: node.path.clone(),
                });
            }
            Kind::Symlink(target) => {
                if let Err(reason) = resolve(&tree, &node.path) {
                    return Err(FrameworkError::Link {
                        path: node.path.clone(),
                        target: target.clone(),
                        reason,
                    });
                }
            }
            Kind::Directory | Kind::File(_) => {}
        }
    }
    Ok(nodes)
}

fn is_litter(path: &str) -> bool {
    path.split('/')
        .any(|part| [".DS_Store", "__MACOSX"].contains(&part) || part.starts_with("._"))
}

type Tree<'a> = BTreeMap<&'a str, &'a Kind>;

/// Where `path` leads, links followed.
fn resolve(tree: &Tree<'_>, path: &str) -> Result<(), &'static str> {
    let mut left: Vec<&str> = path.rsplit('/').collect();
    let mut here: Vec<&str> = Vec::new();
    let mut links = 0;
    while let Some(part) = left.pop() {
        match part {
            "" | "." => continue,
            ".." if here.pop().is_some() => continue,
            ".." => return Err("leads out of the framework"),
            _ => here.push(part),
        }
        match tree.get(here.join("/").as_str()) {
            None => return Err("leads to nothing in the archive"),
            Some(Kind::Symlink(target)) => {
                links += 1;
                if links > MAX_LINKS {
                    return Err("leads in a circle");
                }
                if target.starts_with('/') {
                    return Err("is absolute");
                }
                here.pop();
                left.extend(target.rsplit('/'));
            }
            Some(Kind::Directory) => {}
            Some(_) if left.iter().any(|part| !part.is_empty()) => {
                return Err("leads through a file");
            }
            Some(_) => {}
        }
    }
    Ok(())
}

impl Node {
    /// The path in the archive, relative to the framework; a directory's ends with `/`.
    #[must_use]
    pub fn archived(&self) -> String {
        match self.kind {
            Kind::Directory => format!("{}/", self.path),
            _ => self.path.clone(),
        }
    }

    /// Type and permissions in the archive.
    #[must_use]
    pub fn mode(&self) -> u32 {
        match self.kind {
            Kind::Directory => 0o40755,
            Kind::File(Mode::Executable) => 0o100_755,
            Kind::File(Mode::Plain) | Kind::Special => 0o100_644,
            Kind::Symlink(_) => 0o120_755,
        }
    }
}

/// What the framework holds, as one digest.
#[derive(Clone, Debug, Default)]
pub struct Listing(String);

impl Listing {
    /// The next member; `digest` is that of a file's bytes, or of a link's target.
    pub fn add(&mut self, node: &Node, digest: Digest) {
        self.0 += &format!("{:o} {digest} {:?}\n", node.mode(), node.path);
    }

    /// The digest of the whole.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(path: &str, kind: Kind) -> Node {
        Node {
            path: path.to_owned(),
            kind,
        }
    }

    fn file(path: &str) -> Node {
        node(path, Kind::File(Mode::Plain))
    }

    fn link(path: &str, target: &str) -> Node {
        node(path, Kind::Symlink(target.to_owned()))
    }

    fn with(more: Vec<Node>) -> Result<Vec<String>, FrameworkError> {
        let mut nodes = vec![
            file("Info.plist"),
            node("m/D.framework/Versions/A", Kind::Directory),
            node("m/D.framework/Versions", Kind::Directory),
            node("m/D.framework", Kind::Directory),
            node("m", Kind::Directory),
            node("m/D.framework/Versions/A/D", Kind::File(Mode::Executable)),
            link("m/D.framework/Versions/Current", "A"),
            link("m/D.framework/D", "Versions/Current/D"),
        ];
        nodes.extend(more);
        let members = members("D.xcframework", nodes)?;
        Ok(members.iter().map(Node::archived).collect())
    }

    #[test]
    fn members_are_sorted_and_what_the_finder_leaves_is_dropped() {
        let litter = vec![
            file(".DS_Store"),
            file("m/._D"),
            node("__MACOSX", Kind::Directory),
            file("__MACOSX/x"),
        ];
        assert_eq!(
            with(litter).unwrap(),
            [
                "Info.plist",
                "m/",
                "m/D.framework/",
                "m/D.framework/D",
                "m/D.framework/Versions/",
                "m/D.framework/Versions/A/",
                "m/D.framework/Versions/A/D",
                "m/D.framework/Versions/Current",
            ]
        );
    }

    #[test]
    fn links_lead_to_something_inside() {
        let all = node("m/all", Kind::Directory);
        for (target, wrong) in [
            ("../D.framework/D", ""),
            ("../D.framework/Versions/Current/../A", ""),
            ("./", ""),
            ("/usr/lib/x", "absolute"),
            ("../../../x", "out of"),
            ("../../m/../../y", "out of"),
            ("none", "nothing"),
            (".DS_Store", "nothing"),
            ("here", "circle"),
            ("../D.framework/Versions/A/D/x", "through a file"),
        ] {
            let found = with(vec![
                all.clone(),
                link("m/all/here", target),
                file("m/all/.DS_Store"),
            ]);
            match found {
                Ok(_) => assert_eq!(wrong, "", "{target}"),
                Err(error) => {
                    assert!(
                        !wrong.is_empty() && error.to_string().contains(wrong),
                        "{error}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_things_are_refused() {
        let clash = with(vec![file("m/a"), file("m/A")]);
        assert!(matches!(clash, Err(FrameworkError::Clash { .. })));
        let special = with(vec![node("m/pipe", Kind::Special)]);
        assert!(matches!(special, Err(FrameworkError::Special { .. })));
        for nodes in [vec![], vec![link("Info.plist", "x"), file("x")]] {
            let none = members("D.xcframework", nodes);
            assert!(matches!(none, Err(FrameworkError::NoInfoPlist { .. })));
        }
        // "xcframework.clash", "xcframework.special": a working tree cannot hold these everywhere.
    }
}

//! A changelog file as nodes: every byte of the file belongs to exactly one node, in order, so
//! that printing them gives the file back. Edits are splices of bytes; see [`Edits`].
//!
//! What stands in a code fence or an HTML comment is neither heading nor bullet nor link. Headings
//! may be underlined. Nothing here judges the file; see [`super::section`].

mod edit;
mod heading;
mod lines;

use std::ops::Range;

pub use edit::Edits;
pub use heading::Heading;

use self::lines::{Line, Shape};

/// A file as nodes.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    nodes: Vec<Node<'a>>,
}

/// Some whole lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// What they are.
    pub kind: Kind<'a>,
    /// Where they stand, in bytes.
    pub span: Range<usize>,
    /// Their text, line ends included.
    pub text: &'a str,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A byte-order mark.
    Mark,
    /// The heading of a release, or of `Unreleased`.
    Release(Heading<'a>),
    /// A heading inside a release, with its title.
    Section(&'a str),
    /// Any other heading.
    Title,
    /// A bullet with its continuation lines and nested bullets.
    Bullet,
    /// A link reference, `[label]: target`, with its label.
    Link(&'a str),
    /// A code fence or an HTML comment.
    Opaque,
    /// Free text.
    Text,
    /// An empty line.
    Blank,
}

/// A release in a file: its heading and the nodes up to the next one.
#[derive(Clone, Debug)]
pub struct Part<'d, 'a> {
    /// What its heading says.
    pub heading: &'d Heading<'a>,
    /// The node of the heading.
    pub head: &'d Node<'a>,
    /// What follows it, without the link references that end the file.
    pub content: &'d [Node<'a>],
}

impl<'a> Document<'a> {
    /// Reads a file. There is no text that is not one.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let lines = lines::scan(text);
        let level = release_level(&lines);
        let mut nodes: Vec<Node<'a>> = Vec::new();
        let mut inside = false;
        for line in lines {
            if continues(nodes.last(), &line) {
                if let Some(last) = nodes.last_mut() {
                    last.span.end = line.span.end;
                    last.text = &text[last.span.clone()];
                }
                continue;
            }
            let kind = match line.shape {
                Shape::Mark => Kind::Mark,
                Shape::Heading(depth, title) => {
                    let release = (depth == level).then(|| Heading::read(depth, title));
                    match release.flatten() {
                        Some(heading) => {
                            inside = true;
                            Kind::Release(heading)
                        }
                        None if depth <= level => {
                            inside = false;
                            Kind::Title
                        }
                        None if inside && depth == level + 1 => Kind::Section(title),
                        None => Kind::Title,
                    }
                }
                Shape::Bullet(_) => Kind::Bullet,
                Shape::Link(label) => Kind::Link(label),
                Shape::Opaque(_) => Kind::Opaque,
                Shape::Blank => Kind::Blank,
                Shape::Text(_) => Kind::Text,
            };
            nodes.push(Node {
                kind,
                text: &text[line.span.clone()],
                span: line.span,
            });
        }
        Self {
            nodes: unite_bullets(text, nodes),
        }
    }

    /// The file, byte for byte.
    #[must_use]
    pub fn print(&self) -> String {
        self.nodes.iter().map(|node| node.text).collect()
    }

    /// All nodes, in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The releases, in the order of the file.
    #[must_use]
    pub fn releases(&self) -> Vec<Part<'_, 'a>> {
        let tail = self.tail();
        let starts = self.nodes.iter().enumerate().filter(|(_, node)| {
            matches!(node.kind, Kind::Release(_)) || node.kind == Kind::Title && !self.nested(node)
        });
        let starts: Vec<usize> = starts.map(|(index, _)| index).collect();
        let ends = starts.iter().skip(1).copied().chain([tail]);
        let parts = starts.iter().zip(ends).filter_map(|(&start, end)| {
            let head = &self.nodes[start];
            match &head.kind {
                Kind::Release(heading) => Some(Part {
                    heading,
                    head,
                    content: &self.nodes[start + 1..end.max(start + 1)],
                }),
                _ => None,
            }
        });
        parts.collect()
    }

    /// Where what follows the last release begins, in bytes: the link references that end the file.
    #[must_use]
    pub fn end(&self) -> usize {
        let last = self.nodes.last().map_or(0, |node| node.span.end);
        self.nodes
            .get(self.tail())
            .map_or(last, |node| node.span.start)
    }

    /// The index of the first of the link references that end the file.
    fn tail(&self) -> usize {
        let count = self.nodes.len();
        let links = self
            .nodes
            .iter()
            .rev()
            .take_while(|node| matches!(node.kind, Kind::Link(_) | Kind::Blank));
        let from = count - links.count();
        (from..count)
            .find(|index| matches!(self.nodes[*index].kind, Kind::Link(_)))
            .unwrap_or(count)
    }

    /// Whether a title stands deeper than the releases do.
    fn nested(&self, title: &Node<'a>) -> bool {
        let level = self.nodes.iter().find_map(|node| match &node.kind {
            Kind::Release(heading) => Some(heading.level),
            _ => None,
        });
        let depth = lines::heading_depth(title.text);
        level.is_some_and(|level| depth > level)
    }
}

impl<'d, 'a> Part<'d, 'a> {
    /// True when nothing but empty lines follows the heading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.iter().all(|node| node.kind == Kind::Blank)
    }

    /// The nodes before the first section.
    #[must_use]
    pub fn free(&self) -> &'d [Node<'a>] {
        let first = self.content.iter().position(is_section);
        &self.content[..first.unwrap_or(self.content.len())]
    }

    /// The sections, in the order of the file.
    #[must_use]
    pub fn sections(&self) -> Vec<Section<'d, 'a>> {
        let content = self.content;
        let starts = (0..content.len()).filter(|index| is_section(&content[*index]));
        let sections = starts.map(|start| {
            let rest = &content[start + 1..];
            let end = rest.iter().position(is_section).unwrap_or(rest.len());
            Section {
                head: &content[start],
                content: &rest[..end],
            }
        });
        sections.collect()
    }
}

/// A section of a release: its heading and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Section<'d, 'a> {
    /// The node of its heading.
    pub head: &'d Node<'a>,
    /// The nodes up to the next section.
    pub content: &'d [Node<'a>],
}

impl<'a> Section<'_, 'a> {
    /// The title of its heading.
    #[must_use]
    pub fn title(&self) -> &'a str {
        match self.head.kind {
            Kind::Section(title) => title,
            _ => "",
        }
    }
}

fn is_section(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Section(_))
}

/// The depth of headings that are releases: that of the first one that reads as one.
fn release_level(lines: &[Line<'_>]) -> usize {
    let headings = lines.iter().filter_map(|line| match line.shape {
        Shape::Heading(depth, title) => Heading::read(depth, title).map(|heading| heading.level),
        _ => None,
    });
    headings.into_iter().next().unwrap_or(2)
}

/// Whether `line` belongs to the node before it.
fn continues(last: Option<&Node<'_>>, line: &Line<'_>) -> bool {
    let Some(last) = last else { return false };
    match (&last.kind, &line.shape) {
        // Indented under the bullet.
        (Kind::Bullet, Shape::Bullet(indent) | Shape::Opaque(indent)) => {
            *indent >= lines::indent(last.text) + 2
        }
        // The paragraph just goes on.
        (Kind::Bullet | Kind::Text, Shape::Text(_)) => true,
        (Kind::Opaque, Shape::Opaque(_)) => !line.opens,
        _ => false,
    }
}

/// Joins to a bullet what stands indented under it after an empty line.
fn unite_bullets<'a>(text: &'a str, nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
    let mut united: Vec<Node<'a>> = Vec::new();
    for node in nodes {
        let blanks = united
            .iter()
            .rev()
            .take_while(|n| n.kind == Kind::Blank)
            .count();
        let owner = united.len().checked_sub(blanks + 1);
        let joins = owner.map(|owner| &united[owner]).is_some_and(|owner| {
            owner.kind == Kind::Bullet
                && blanks > 0
                && matches!(node.kind, Kind::Bullet | Kind::Text | Kind::Opaque)
                && lines::indent(node.text) >= lines::indent(owner.text) + 2
        });
        match owner {
            Some(owner) if joins => {
                united.truncate(owner + 1);
                let bullet = &mut united[owner];
                bullet.span.end = node.span.end;
                bullet.text = &text[bullet.span.clone()];
            }
            _ => united.push(node),
        }
    }
    united
}

#[cfg(test)]
mod tests;

//! The release that is being put together: what stands in it, and what is added where.

use std::collections::HashSet;

use super::NOTHING;
use crate::changelog::document::{Kind, Node, Part};

/// A release under construction. Its texts end their lines with `\n` or as the file does.
pub(super) struct Target {
    free: Slot,
    sections: Vec<Slot>,
    /// Where sections that are missing go.
    end: usize,
}

/// A section, or what stands before the first one.
struct Slot {
    title: String,
    /// Where additions go; `None` when the section is new.
    place: Option<usize>,
    tail: Tail,
    /// The bullets that stand in it.
    seen: HashSet<String>,
    additions: String,
}

/// What an addition comes after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    Heading,
    Bullet,
    Other,
}

impl Target {
    /// A release without content, at `place`.
    pub(super) fn new(place: usize) -> Self {
        Self {
            free: Slot::new("", Some(place), Tail::Heading),
            sections: Vec::new(),
            end: place,
        }
    }

    /// A release that has the content of `part`.
    pub(super) fn of(part: &Part<'_, '_>) -> Self {
        let free = part.free();
        let mut target = Self::new(last(part.head, free));
        target.free.tail = tail(free);
        target.free.see(free);
        for section in part.sections() {
            let place = last(section.head, section.content);
            let mut slot = Slot::new(section.title(), Some(place), tail(section.content));
            slot.see(section.content);
            target.sections.push(slot);
        }
        target.end = last(part.head, part.content);
        target
    }

    /// Adds a new entry, unless it stands somewhere in the release: a person may have moved it.
    pub(super) fn add_bullet(&mut self, title: &str, text: &str, marker: char) {
        let stands = |slot: &Slot| slot.seen.contains(text);
        if !stands(&self.free) && !self.sections.iter().any(stands) {
            let slot = self.slot(title);
            slot.seen.insert(text.to_owned());
            slot.add(Tail::Bullet, &format!("{marker} {text}\n"));
        }
    }

    /// Adds the content of `part`. The same words under another section say something else.
    pub(super) fn take_in(&mut self, part: &Part<'_, '_>) {
        let sections = part.sections();
        let sections = sections.iter().map(|s| (s.title(), s.content));
        for (title, nodes) in [("", part.free())].into_iter().chain(sections) {
            for node in nodes {
                match node.kind {
                    Kind::Blank => {}
                    Kind::Text if node.text.trim() == NOTHING => {}
                    Kind::Bullet => {
                        let slot = self.slot(title);
                        if slot.seen.insert(key(node.text)) {
                            slot.add(Tail::Bullet, &whole(node.text));
                        }
                    }
                    _ => self.slot(title).add(Tail::Other, &whole(node.text)),
                }
            }
        }
    }

    /// All of it as text: the content of a new release.
    pub(super) fn body(&self, depth: usize) -> String {
        let free = self.free.additions.trim_start_matches(['\r', '\n']);
        let parts = [free.to_owned()]
            .into_iter()
            .chain(self.new_sections(depth));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// What is added to content that stands in the file: places and lines.
    pub(super) fn additions(&self, depth: usize) -> Vec<(usize, String)> {
        let slots = [&self.free].into_iter().chain(&self.sections);
        let into = slots.filter_map(|slot| Some((slot.place?, slot.additions.clone())));
        let new = self
            .new_sections(depth)
            .map(|text| (self.end, format!("\n{text}")));
        into.chain(new)
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    fn new_sections(&self, depth: usize) -> impl Iterator<Item = String> {
        let new = self.sections.iter().filter(|slot| slot.place.is_none());
        new.map(move |slot| {
            let lines = slot.additions.trim_start_matches(['\r', '\n']);
            format!("{} {}\n\n{lines}", "#".repeat(depth), slot.title)
        })
    }

    fn slot(&mut self, title: &str) -> &mut Slot {
        if title.is_empty() {
            return &mut self.free;
        }
        let same = |slot: &Slot| slot.title.trim().eq_ignore_ascii_case(title.trim());
        let index = self.sections.iter().position(same).unwrap_or_else(|| {
            self.sections.push(Slot::new(title, None, Tail::Heading));
            self.sections.len() - 1
        });
        &mut self.sections[index]
    }
}

impl Slot {
    fn new(title: &str, place: Option<usize>, tail: Tail) -> Self {
        Self {
            title: title.to_owned(),
            place,
            tail,
            seen: HashSet::new(),
            additions: String::new(),
        }
    }

    /// Remembers the bullets among `nodes`.
    fn see(&mut self, nodes: &[Node<'_>]) {
        for node in nodes.iter().filter(|node| node.kind == Kind::Bullet) {
            self.seen.extend(names(node.text));
        }
    }

    /// Adds whole lines, with an empty line before them unless a bullet follows a bullet.
    fn add(&mut self, what: Tail, lines: &str) {
        if !(self.tail == Tail::Bullet && what == Tail::Bullet) {
            self.additions.push('\n');
        }
        self.additions += lines;
        self.tail = what;
    }
}

/// Where the last node ends that is no empty line.
pub(super) fn last(head: &Node<'_>, nodes: &[Node<'_>]) -> usize {
    let full = nodes.iter().rev().find(|node| node.kind != Kind::Blank);
    full.unwrap_or(head).span.end
}

fn tail(nodes: &[Node<'_>]) -> Tail {
    match nodes.iter().rev().find(|node| node.kind != Kind::Blank) {
        None => Tail::Heading,
        Some(node) if node.kind == Kind::Bullet => Tail::Bullet,
        Some(_) => Tail::Other,
    }
}

fn whole(text: &str) -> String {
    if text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

/// A bullet without its marker and the white space around it.
fn key(bullet: &str) -> String {
    let text = bullet.trim().trim_start_matches(['-', '*', '+']);
    text.trim().replace("\r\n", "\n")
}

/// What a new entry is compared with: the whole bullet, and its first line.
fn names(bullet: &str) -> [String; 2] {
    let key = key(bullet);
    let first = key.lines().next().unwrap_or_default().trim().to_owned();
    [key, first]
}

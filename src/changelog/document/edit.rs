//! Splices: the only way a file is changed.

use std::ops::Range;

/// Replacements of bytes of one text. Insertions at one place are made in
/// the order they came, and before a replacement that begins there.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    splices: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts `text` at `place`.
    pub fn insert(&mut self, place: usize, text: impl Into<String>) {
        self.splices.push((place..place, text.into()));
    }

    /// Puts `text` in the place of `span`.
    pub fn replace(&mut self, span: Range<usize>, text: impl Into<String>) {
        self.splices.push((span, text.into()));
    }

    /// Takes `span` out.
    pub fn remove(&mut self, span: Range<usize>) {
        self.replace(span, "");
    }

    /// Whether one of them takes out all that stands before `end`.
    #[must_use]
    pub fn removes_to(&self, end: usize) -> bool {
        let removals = self.splices.iter().filter(|(_, text)| text.is_empty());
        removals
            .into_iter()
            .any(|(span, _)| span.end == end && !span.is_empty())
    }

    /// The text with all of them made. A splice inside an earlier one is left out.
    #[must_use]
    pub fn apply(mut self, text: &str) -> String {
        self.splices.sort_by_key(|(span, _)| (span.start, span.end));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (span, new) in self.splices {
            if span.start >= done {
                out += &text[done..span.start];
                out += &new;
                done = span.end;
            }
        }
        out + &text[done..]
    }
}

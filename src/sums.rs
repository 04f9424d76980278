//! `SHA256SUMS`: the lists that `sha256sum -c` reads (GNU coreutils, "sha2 utilities").

use crate::digest::{Digest, PublicPath};

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, relative to the list's directory.
    pub name: PublicPath,
    /// What its bytes must be.
    pub sha256: Digest,
}

/// A line that is none of a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {reason}")]
pub struct InvalidLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a list: 64 lower-case hexadecimal digits, a space, a space or `*`, and a name on each
/// line. What readers treat differently is refused: other line ends, a byte-order mark, escaped
/// names, a name that stands twice.
pub fn parse(text: &str) -> Result<Vec<Entry>, InvalidLine> {
    let mut entries: Vec<Entry> = Vec::new();
    for (n, line) in text.split_terminator('\n').enumerate() {
        let invalid = |reason: String| InvalidLine {
            line: n + 1,
            reason,
        };
        let entry = read(line).map_err(invalid)?;
        if entries.iter().any(|other| other.name == entry.name) {
            return Err(invalid(format!("names `{}` a second time", entry.name)));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn read(line: &str) -> Result<Entry, String> {
    if line.ends_with('\r') {
        return Err("ends with CR LF; write LF".to_owned());
    }
    let (digits, rest) = line.split_at_checked(64).ok_or("is too short")?;
    let name = rest
        .strip_prefix("  ")
        .or_else(|| rest.strip_prefix(" *"))
        .ok_or("has no two spaces behind the digest")?;
    let sha256 = digits
        .parse()
        .map_err(|_| "has no lower-case SHA-256 digest")?;
    let name = PublicPath::new(name)
        .map_err(|error| format!("names no public path: {}", error.reason()))?;
    Ok(Entry { name, sha256 })
}

/// Writes a list, sorted by name.
#[must_use]
pub fn render(entries: &mut [(String, Digest)]) -> String {
    entries.sort();
    let mut text = String::new();
    for (name, digest) in entries {
        text += &format!("{digest}  {name}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let digest = Digest::of(b"");
        let text = render(&mut [("b".to_owned(), digest), ("a x".to_owned(), digest)]);
        assert_eq!(text, format!("{digest}  a x\n{digest}  b\n"));
        let names: Vec<_> = parse(&text)
            .unwrap()
            .into_iter()
            .map(|e| e.name.to_string())
            .collect();
        assert_eq!(names, ["a x", "b"]);
        assert!(parse(&format!("{digest} *binary\n")).is_ok());
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn refuses_what_readers_treat_differently() {
        let good = Digest::of(b"").to_string();
        for bad in [
            format!("{}  a", good.to_uppercase()),
            format!("{}  a", &good[1..]),
            format!("{good} a"),
            format!("{good}  a\r"),
            format!("\u{feff}{good}  a"),
            format!("\\{good}  a\\nb"),
            format!("{good}  ../a"),
            format!("{good}  /a"),
            format!("{good}  -a"),
            format!("{good}  a\n{good}  a"),
            format!("{good}  "),
            "\n".to_owned(),
        ] {
            assert!(parse(&bad).is_err(), "{bad:?}");
        }
    }
}

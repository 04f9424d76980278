//! What was recorded against what happened.

use std::{fs, path::Path};

use snapbox::{Assert, Data, Redactions, report::Palette};

use super::{case::Redact, sandbox::Sandbox};

/// Whether a difference fails the case or becomes the new record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Verify,
    Record,
}

/// Compares with the records, after the redactions.
pub(crate) struct Recorder {
    mode: Mode,
    redactions: Redactions,
}

impl Recorder {
    /// `[ROOT]`, `[DATA]`, `[VERSION]` behind relkit's name, and what the case asks for.
    pub(crate) fn new(mode: Mode, sandbox: &Sandbox, wanted: &[Redact]) -> Self {
        let regex = |pattern: &str| regex::Regex::new(pattern).unwrap();
        let version = env!("CARGO_PKG_VERSION").replace('.', r"\.");
        let version = format!(r"relkit(?:-cli)?[ /@v]+(?<redacted>{version})\b");
        let mut redactions = Redactions::new();
        redactions.insert("[ROOT]", sandbox.root()).unwrap();
        redactions.insert("[DATA]", sandbox.data()).unwrap();
        redactions.insert("[VERSION]", regex(&version)).unwrap();
        for redact in wanted {
            let (name, pattern) = match redact {
                Redact::Commit => ("[COMMIT]", r"\b(?<redacted>[0-9a-f]{40})\b"),
                Redact::Digest => ("[DIGEST]", r"\b(?<redacted>[0-9a-f]{64})\b"),
                Redact::Delimiter => ("[DELIMITER]", r"\b(?<redacted>relkit-[0-9a-f]{32})\b"),
                Redact::Time => ("[TIME]", r"(?<redacted>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"),
                Redact::Short => ("[SHORT]", r"\b(?<redacted>[0-9a-f]{7,12})\b"),
            };
            redactions.insert(name, regex(pattern)).unwrap();
        }
        Self { mode, redactions }
    }

    /// A stream against its record, in which `...` and `[..]` match anything. No record means that
    /// nothing may be written.
    pub(crate) fn stream(&self, record: &Path, actual: &[u8]) -> Option<String> {
        let Ok(actual) = str::from_utf8(actual) else {
            return Some(format!("{} is no UTF-8", record.display()));
        };
        let expected = fs::read_to_string(record).unwrap_or_default();
        let difference = self.difference(record, actual, &expected)?;
        if self.mode == Mode::Verify {
            return Some(difference);
        }
        let text = self.redactions.redact(actual);
        let done = if text.is_empty() {
            fs::remove_file(record)
        } else {
            fs::write(record, text)
        };
        done.err().map(|e| e.to_string())
    }

    /// A file against its record: the same bytes, after the redactions.
    pub(crate) fn file(&self, record: &Path, actual: &[u8]) -> Option<String> {
        let text = str::from_utf8(actual).ok();
        let redacted = text.map(|text| self.redactions.redact(text));
        let actual = redacted.as_deref().map_or(actual, str::as_bytes);
        let expected = fs::read(record).unwrap();
        if actual == expected {
            return None;
        }
        if self.mode == Mode::Record {
            return fs::write(record, actual).err().map(|e| e.to_string());
        }
        let expected = String::from_utf8_lossy(&expected);
        self.difference(record, redacted.as_deref().unwrap_or_default(), &expected)
            .or_else(|| {
                Some(format!(
                    "{}: the bytes differ, such as line ends",
                    record.display()
                ))
            })
    }

    fn difference(&self, record: &Path, actual: &str, expected: &str) -> Option<String> {
        let name = record.display().to_string();
        Assert::new()
            .redact_with(self.redactions.clone())
            .normalize_paths(false)
            .palette(Palette::plain())
            .try_eq(Some(&name), Data::text(actual), Data::text(expected))
            .err()
            .map(|e| e.to_string())
    }
}

//! What bytes are called: SHA-256 digests, public paths, identities.

use std::{fmt, io, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Text that is no SHA-256 digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{text}` is not a SHA-256 digest")]
#[diagnostic(code("digest.invalid"), help("write 64 lower-case hexadecimal digits"))]
pub struct InvalidDigest {
    text: String,
}

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest and the number of bytes that `reader` yields.
    pub fn of_reader(reader: &mut impl io::Read) -> io::Result<(Self, u64)> {
        let mut hasher = Hasher::default();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = reader.read(&mut buffer)?;
            if count == 0 {
                return Ok(hasher.finish());
            }
            hasher.update(&buffer[..count]);
        }
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

/// Makes a [`Digest`] of bytes that come in pieces.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    sha256: Sha256,
    size: u64,
}

impl Hasher {
    /// More bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.size += bytes.len() as u64;
    }

    /// The digest, and the number of bytes.
    #[must_use]
    pub fn finish(self) -> (Digest, u64) {
        (Digest(self.sha256.finalize().into()), self.size)
    }
}

/// A reader that hashes what is read through it.
#[derive(Debug)]
pub struct Hashing<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: io::Read> Hashing<R> {
    /// Reads from `inner`.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: Hasher::default(),
        }
    }

    /// The digest and the number of the bytes that were read.
    #[must_use]
    pub fn finish(self) -> (Digest, u64) {
        self.hasher.finish()
    }
}

impl<R: io::Read> io::Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidDigest {
            text: text.chars().take(80).collect(),
        };
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| invalid())?;
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(invalid());
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// A path that may stand in a report: relative to the root, `/`-separated, normal, and free of
/// anything that another system would read differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PublicPath(String);

/// A path that may not stand in a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{path}` is not a public path: {reason}")]
#[diagnostic(
    code("path.not_public"),
    help("use a path relative to the repository's root, with `/` between its parts")
)]
pub struct InvalidPath {
    path: String,
    reason: &'static str,
}

impl InvalidPath {
    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl PublicPath {
    /// Checks `text`.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidPath> {
        let path = text.into();
        match objection(&path) {
            None => Ok(Self(path)),
            Some(reason) => Err(InvalidPath {
                path: path.escape_debug().to_string(),
                reason,
            }),
        }
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

fn objection(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    if path.contains('\\') || path.contains(':') {
        return Some("it holds a backslash or a colon");
    }
    if path.chars().any(char::is_control) {
        return Some("it holds a control character");
    }
    if path.chars().any(is_unseen) {
        return Some("it holds an invisible character");
    }
    if path.starts_with('-') {
        return Some("it begins with `-`");
    }
    path.split('/').find_map(|part| match part {
        "" => Some("it has an empty part"),
        "." | ".." => Some("a part of it is `.` or `..`"),
        _ if part.ends_with(['.', ' ']) => Some("a part ends with a dot or a space"),
        _ if is_git(part) => Some("a part of it is git's own directory"),
        _ if is_device(part) => Some("a part of it names a device under Windows"),
        _ => None,
    })
}

/// Marks that turn the direction of a text, and characters without width: a path that holds one
/// does not read as what it is.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}')
}

/// Whether `part` is `.git` on some file system; `git~1` is its short name under Windows.
fn is_git(part: &str) -> bool {
    part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case("git~1")
}

/// Whether Windows takes `part` for a device, as it does with any extension.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |name| {
        let number = stem.strip_prefix(name).unwrap_or_default();
        matches!(number.as_bytes(), [b'1'..=b'9'])
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

impl fmt::Display for PublicPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for PublicPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for PublicPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Which bytes: a path, their digest and their number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// Where they were found.
    pub path: PublicPath,
    /// SHA-256.
    pub sha256: Digest,
    /// In bytes.
    pub size: u64,
}

impl Identity {
    /// The identity of `bytes` at `path`.
    #[must_use]
    pub fn of(path: PublicPath, bytes: &[u8]) -> Self {
        Self {
            path,
            sha256: Digest::of(bytes),
            size: bytes.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_and_refuses_other_forms() {
        let digest = Digest::of(b"abc");
        let text = digest.to_string();
        assert_eq!(
            text,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(text.parse(), Ok(digest));
        for bad in [&text[1..], &text.to_uppercase(), "zz", ""] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
        let error = "zz".parse::<Digest>().unwrap_err();
        let code = miette::Diagnostic::code(&error).unwrap().to_string();
        assert_eq!(code, "digest.invalid");
        assert_eq!(Digest::of_reader(&mut &b"abc"[..]).unwrap(), (digest, 3));
    }

    #[test]
    fn a_public_path_is_relative_and_normal() {
        for good in [
            "dist/a.whl",
            "a b/ü.txt",
            ".relkit/out/r.json",
            "a+cu124.whl",
            ".gitignore",
            ".github/x",
            "a.git/x",
            "git~10",
            "console",
            "com0",
            "com10/lpt",
            "x.con",
        ] {
            assert!(PublicPath::new(good).is_ok(), "{good}");
        }
        for bad in [
            "", "/a", "../a", "a/../b", "a//b", "a/./b", "C:\\a", "a\\b", "a\nb", "-a", "a/",
            "a./b", "a /b",
        ] {
            assert!(PublicPath::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_public_path_means_the_same_everywhere() {
        for (bad, reason) in [
            (".git/config", "git's own directory"),
            ("a/.GIT", "git's own directory"),
            ("a/.Git/x", "git's own directory"),
            ("GIT~1/x", "git's own directory"),
            ("nul", "device"),
            ("a/Con.txt", "device"),
            ("PRN.tar.gz", "device"),
            ("aux /x", "a dot or a space"),
            ("aux .txt", "device"),
            ("com1/x", "device"),
            ("d/LPT9.log", "device"),
        ] {
            let error = PublicPath::new(bad).unwrap_err();
            assert!(error.reason().contains(reason), "{bad}: {error}");
        }
        for unseen in [
            '\u{200b}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2060}', '\u{2064}', '\u{2066}',
            '\u{2069}', '\u{feff}', '\u{61c}',
        ] {
            let error = PublicPath::new(format!("a{unseen}b")).unwrap_err();
            assert_eq!(error.reason(), "it holds an invisible character");
        }
    }
}

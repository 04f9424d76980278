//! Compatibility tags: PEP 425, and the platforms of PEP 600 (manylinux), 656 (musllinux), 730
//! (iOS), 738 (Android) and 783 (Emscripten).
//!
//! A tag that an installer never looks for makes a wheel that nobody can install, so a new tag is
//! judged before it is written. Tags that stand already are read as they are.

use std::{fmt, str::FromStr};

/// What a wheel runs on: three sets, each in the order in which its name lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSet {
    /// Interpreters, for example `cp311`.
    pub python: Vec<String>,
    /// Binary interfaces, for example `abi3` or `none`.
    pub abi: Vec<String>,
    /// Platforms, for example `macosx_14_0_arm64` or `any`.
    pub platform: Vec<String>,
}

/// A tag that no installer would look for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{tag}` is no tag: {reason}")]
#[diagnostic(
    code("wheel.tag"),
    help(
        "write interpreter, interface and platform, for example py3-none-macosx_14_0_arm64 or cp311-abi3-manylinux_2_28_x86_64 (PEP 425)"
    )
)]
pub struct TagError {
    /// The tag or its part.
    pub tag: String,
    /// Why not.
    pub reason: &'static str,
}

/// Which of the three sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The interpreter.
    Python,
    /// The binary interface.
    Abi,
    /// The platform.
    Platform,
}

impl TagSet {
    /// Reads three sets as a file name has them, without judging them.
    #[must_use]
    pub fn read(python: &str, abi: &str, platform: &str) -> Self {
        let set = |text: &str| text.split('.').map(str::to_owned).collect();
        Self {
            python: set(python),
            abi: set(abi),
            platform: set(platform),
        }
    }

    /// The set of one part.
    #[must_use]
    pub fn part(&mut self, part: Part) -> &mut Vec<String> {
        match part {
            Part::Python => &mut self.python,
            Part::Abi => &mut self.abi,
            Part::Platform => &mut self.platform,
        }
    }

    /// The same tags in the order in which tools write them: sorted, each once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        for part in [Part::Python, Part::Abi, Part::Platform] {
            self.part(part).sort();
            self.part(part).dedup();
        }
        self
    }

    /// Every single tag, as the WHEEL file lists them.
    #[must_use]
    pub fn expanded(&self) -> Vec<String> {
        let mut tags = Vec::new();
        for python in &self.python {
            for abi in &self.abi {
                let all = self.platform.iter();
                tags.extend(all.map(|platform| format!("{python}-{abi}-{platform}")));
            }
        }
        tags
    }

    /// Whether it names any platform but `any`.
    #[must_use]
    pub fn is_platform(&self) -> bool {
        self.platform.iter().any(|platform| platform != "any")
    }
}

impl fmt::Display for TagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sets = [&self.python, &self.abi, &self.platform].map(|set| set.join("."));
        f.write_str(&sets.join("-"))
    }
}

impl FromStr for TagSet {
    type Err = TagError;

    /// Reads a whole new tag, for example `py2.py3-none-any`, and judges each of its parts.
    fn from_str(text: &str) -> Result<Self, TagError> {
        let parts: Vec<_> = text.split('-').collect();
        let [python, abi, platform] = parts[..] else {
            return Err(TagError {
                tag: text.to_owned(),
                reason: "it has not three parts",
            });
        };
        let whole = |error: TagError| match error.tag.as_str() {
            "" => TagError {
                tag: text.to_owned(),
                ..error
            },
            _ => error,
        };
        Ok(Self {
            python: judged(Part::Python, python).map_err(whole)?,
            abi: judged(Part::Abi, abi).map_err(whole)?,
            platform: judged(Part::Platform, platform).map_err(whole)?,
        })
    }
}

/// The members of a set, separated by dots or commas; an error for the first that is not legal.
pub(super) fn judged(part: Part, text: &str) -> Result<Vec<String>, TagError> {
    text.split(['.', ','])
        .map(|tag| match objection(part, tag) {
            None => Ok(tag.to_owned()),
            Some(reason) => Err(TagError {
                tag: tag.to_owned(),
                reason,
            }),
        })
        .collect()
}

/// Why `tag` is none, if so.
fn objection(part: Part, tag: &str) -> Option<&'static str> {
    if tag.is_empty() {
        return Some("a part is empty");
    }
    if tag.bytes().any(|b| b.is_ascii_uppercase()) {
        return Some("tags are lower-case");
    }
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !tag.bytes().all(legal) {
        return Some("a part has letters, digits and `_` only");
    }
    match part {
        Part::Python => python(tag),
        Part::Abi => abi(tag),
        Part::Platform => platform(tag),
    }
}

fn python(tag: &str) -> Option<&'static str> {
    let name = tag.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let version = &tag[name.len()..];
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    let numbered = version.split('_').all(is_number);
    (!named || !numbered)
        .then_some("an interpreter is its short name and a version, such as py3 or cp311")
}

fn abi(tag: &str) -> Option<&'static str> {
    let named = tag.starts_with(|c: char| c.is_ascii_lowercase());
    let numbered = tag.bytes().any(|b| b.is_ascii_digit());
    (tag != "none" && !(named && numbered))
        .then_some("an interface is `none`, or has a version, such as abi3 or cp311")
}

/// Processors of Linux wheels.
const LINUX: &[&str] = &[
    "aarch64",
    "armv5tel",
    "armv6l",
    "armv7l",
    "i386",
    "i686",
    "loongarch64",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "x86_64",
];
/// Processors of macOS wheels, with sets of them.
const MAC: &[&str] = &[
    "arm64",
    "fat",
    "fat3",
    "fat32",
    "fat64",
    "i386",
    "intel",
    "ppc",
    "ppc64",
    "universal",
    "universal2",
    "x86_64",
];
const ANDROID: &[&str] = &["arm64_v8a", "armeabi_v7a", "x86", "x86_64"];

fn platform(tag: &str) -> Option<&'static str> {
    if ["any", "win32", "win_amd64", "win_arm64"].contains(&tag) {
        return None;
    }
    let (family, rest) = tag.split_once('_').unwrap_or((tag, ""));
    match family {
        "macosx" => macos(rest),
        "manylinux" => linux(rest, 2),
        "musllinux" => linux(rest, 1),
        "manylinux1" | "manylinux2010" => among(&["i686", "x86_64"], rest),
        "manylinux2014" => among(
            &[
                "aarch64", "armv7l", "i686", "ppc64", "ppc64le", "s390x", "x86_64",
            ],
            rest,
        ),
        "linux" => among(LINUX, rest),
        "ios" => ios(rest),
        "android" => match numbered(rest) {
            Some((_, abi)) => among(ANDROID, abi),
            None => Some(
                "write android, the API level and the interface, such as android_21_arm64_v8a (PEP 738)",
            ),
        },
        "pyodide" | "pyemscripten" => match version(rest) {
            Some((_, _, "wasm32")) => None,
            _ => Some(
                "write the year, the patch and wasm32, such as pyodide_2025_0_wasm32 (PEP 783)",
            ),
        },
        _ => Some("no installer knows this platform"),
    }
}

fn macos(rest: &str) -> Option<&'static str> {
    let Some((major, minor, arch)) = version(rest) else {
        return Some("write macosx, two numbers and a processor, such as macosx_14_0_arm64");
    };
    match (major, minor) {
        (..10, _) | (10, 17..) => return Some("there is no such macOS"),
        (11.., 1..) => {
            return Some("from macOS 11 on the second number is 0; installers refuse others");
        }
        (10, _) if arch == "arm64" => return Some("arm64 begins with macOS 11.0"),
        _ => {}
    }
    among(MAC, arch)
}

fn linux(rest: &str, libc: u32) -> Option<&'static str> {
    match version(rest) {
        Some((major, _, arch)) if major == libc => among(LINUX, arch),
        _ => Some(
            "write the C library's version and a processor, such as manylinux_2_28_x86_64 (PEP 600) or musllinux_1_2_x86_64 (PEP 656)",
        ),
    }
}

fn ios(rest: &str) -> Option<&'static str> {
    let Some((major, _, device)) = version(rest) else {
        return Some(
            "write ios, two numbers, a processor and a kit, such as ios_13_0_arm64_iphoneos (PEP 730)",
        );
    };
    match device {
        "arm64_iphoneos" | "x86_64_iphonesimulator" if major >= 12 => None,
        "arm64_iphonesimulator" if major >= 14 => None,
        "arm64_iphonesimulator" => Some("the simulator on arm64 begins with iOS 14.0"),
        "arm64_iphoneos" | "x86_64_iphonesimulator" => Some("Python begins with iOS 12"),
        _ => Some(
            "the kits are arm64_iphoneos, arm64_iphonesimulator and x86_64_iphonesimulator (PEP 730)",
        ),
    }
}

fn among(known: &[&str], arch: &str) -> Option<&'static str> {
    (!known.contains(&arch)).then_some("no installer knows this processor there")
}

/// `14_0_arm64` as 14, 0 and `arm64`.
fn version(text: &str) -> Option<(u32, u32, &str)> {
    let (major, rest) = numbered(text)?;
    let (minor, rest) = numbered(rest)?;
    Some((major, minor, rest))
}

fn numbered(text: &str) -> Option<(u32, &str)> {
    let (number, rest) = text.split_once('_')?;
    is_number(number).then_some(())?;
    Some((number.parse().ok()?, rest))
}

/// Digits without a leading zero.
fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 7
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_tags_are_accepted_and_print_as_they_are() {
        for tag in [
            "py3-none-any",
            "py2.py3-none-any",
            "py3-none-macosx_14_0_arm64",
            "cp311-abi3-macosx_14_0_arm64",
            "cp38-abi3-macosx_10_9_universal2",
            "cp39-cp39-macosx_10_12_x86_64.macosx_11_0_arm64",
            "cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64",
            "cp36-cp36m-manylinux1_i686",
            "cp312-cp312-musllinux_1_2_aarch64",
            "pp310-pypy310_pp73-manylinux2010_x86_64",
            "graalpy311-graalpy242_311_native-linux_x86_64",
            "py3-none-linux_armv7l",
            "cp313-cp313-ios_13_0_arm64_iphoneos",
            "cp313-cp313-ios_14_0_arm64_iphonesimulator",
            "cp313-cp313-ios_13_0_x86_64_iphonesimulator",
            "cp313-cp313-android_21_arm64_v8a",
            "cp313-cp313-android_24_x86_64",
            "cp313-cp313-pyodide_2025_0_wasm32",
            "py3-none-win32.win_amd64.win_arm64",
            "cp3_11-none-any",
        ] {
            let set: TagSet = tag.parse().unwrap();
            assert_eq!(set.to_string(), tag);
        }
    }

    #[test]
    fn others_are_refused_by_name() {
        for (tag, named, why) in [
            ("bogus-tag", "bogus-tag", "three parts"),
            ("py3-none-any-x", "py3-none-any-x", "three parts"),
            ("", "", "three parts"),
            ("py3-none-", "py3-none-", "empty"),
            ("py3..py2-none-any", "py3..py2-none-any", "empty"),
            ("py3-none-macosx_14.0_arm64", "macosx_14", "two numbers"),
            (
                "py3-none-macosx_14_1_arm64",
                "macosx_14_1_arm64",
                "second number",
            ),
            ("py3-none-macosx_10_15_arm64", "macosx_10_15_arm64", "11.0"),
            (
                "py3-none-macosx_9_0_x86_64",
                "macosx_9_0_x86_64",
                "no such macOS",
            ),
            (
                "py3-none-macosx_014_0_arm64",
                "macosx_014_0_arm64",
                "two numbers",
            ),
            (
                "py3-none-macosx_14_0_aarch64",
                "macosx_14_0_aarch64",
                "processor",
            ),
            ("PY3-none-any", "PY3", "lower-case"),
            (
                "py3-none-MacOSX_14_0_arm64",
                "MacOSX_14_0_arm64",
                "lower-case",
            ),
            (
                "py3-none-macosx_14_0_arm64 ",
                "macosx_14_0_arm64 ",
                "letters, digits",
            ),
            ("python-none-any", "python", "interpreter"),
            ("py3-abi-any", "abi", "interface"),
            ("py3-none-win64", "win64", "no installer"),
            (
                "py3-none-manylinux_2_x86_64",
                "manylinux_2_x86_64",
                "PEP 600",
            ),
            (
                "py3-none-manylinux2014_arm64",
                "manylinux2014_arm64",
                "processor",
            ),
            (
                "py3-none-musllinux_2_1_x86_64",
                "musllinux_2_1_x86_64",
                "PEP 656",
            ),
            ("py3-none-ios_13_0_arm64", "ios_13_0_arm64", "kits"),
            (
                "py3-none-ios_13_0_arm64_iphonesimulator",
                "ios_13_0_arm64_iphonesimulator",
                "14.0",
            ),
            ("py3-none-android_arm64_v8a", "android_arm64_v8a", "PEP 738"),
            ("py3-none-pyodide_2025_0", "pyodide_2025_0", "PEP 783"),
        ] {
            let error = tag.parse::<TagSet>().unwrap_err();
            assert_eq!(error.tag, named, "{tag}");
            assert!(error.reason.contains(why), "{tag}: {}", error.reason);
        }
    }

    #[test]
    fn sets_expand_and_sort() {
        let set: TagSet = "py3.py2-none-any".parse().unwrap();
        assert_eq!(set.expanded(), ["py3-none-any", "py2-none-any"]);
        assert_eq!(set.sorted().to_string(), "py2.py3-none-any");
        assert!(TagSet::read("py3", "none", "any.win32").is_platform());
        assert!(!TagSet::read("py3", "none", "any").is_platform());
    }
}

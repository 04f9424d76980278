//! Releases made in existing changelogs; every hand-written line stays.

use super::*;
use crate::changelog::cliff::Group;

fn entries(groups: &[(&str, &[&str])]) -> Entries {
    let groups = groups.iter().map(|(title, bullets)| Group {
        title: (*title).to_owned(),
        bullets: bullets.iter().map(|bullet| (*bullet).to_owned()).collect(),
    });
    Entries {
        groups: groups.collect(),
        header: None,
    }
}

fn at(version: &str) -> Release {
    Release::new(version.parse().unwrap(), "2026-01-31")
}

fn made(existing: &str, new: &Entries, version: &str) -> String {
    release(Some(existing), new, &at(version)).unwrap()
}

#[test]
fn a_file_is_made_where_there_is_none() {
    let mut new = entries(&[("Added", &["one", "two"]), ("Fixed", &["three"])]);
    new.header = Some("\n# History\n\nWords.\n\n".to_owned());
    assert_eq!(
        release(None, &new, &at("0.1.0")).unwrap(),
        "# History\n\nWords.\n\n## [0.1.0] - 2026-01-31\n\n### Added\n\n- one\n- two\n\n### Fixed\n\n- three\n"
    );
    let text = release(Some(" \n"), &entries(&[]), &at("0.1.0-rc.1")).unwrap();
    assert!(text.starts_with("# Changelog\n\nAll notable"), "{text}");
    assert!(
        text.ends_with("\n\n## [0.1.0-rc1] - 2026-01-31\n\nNo notable changes.\n"),
        "{text}"
    );
}

#[test]
fn a_version_is_released_once() {
    use miette::Diagnostic as _;
    let text = "## [0.2.0rc1] - 2026-01-01\n\n- a\n";
    let error = release(Some(text), &entries(&[]), &at("0.2.0-rc.1")).unwrap_err();
    assert_eq!(error.code().unwrap().to_string(), "changelog.exists");
}

#[test]
fn unreleased_is_promoted() {
    let old = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- by hand\n  and more\n\n## [0.1.0] - 2026-01-01\n\n- first\n";
    let new = entries(&[("added", &["by hand", "new"]), ("Fixed", &["bug"])]);
    assert_eq!(
        made(old, &new, "0.2.0-rc.1"),
        "# Changelog\n\n## [Unreleased]\n\n## [0.2.0-rc1] - 2026-01-31\n\n### Added\n\n- by hand\n  and more\n- new\n\n### Fixed\n\n- bug\n\n## [0.1.0] - 2026-01-01\n\n- first\n"
    );
}

#[test]
fn an_empty_unreleased_stays_above() {
    let old = "## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- first\n\n[0.1.0]: https://x\n";
    assert_eq!(
        made(old, &entries(&[("Fixed", &["bug"])]), "0.1.1"),
        "## [Unreleased]\n\n## [0.1.1] - 2026-01-31\n\n### Fixed\n\n- bug\n\n## [0.1.0] - 2026-01-01\n\n- first\n\n[0.1.0]: https://x\n"
    );
}

#[test]
fn comments_stay_under_unreleased() {
    let old = "## [Unreleased]\n\n<!-- write here -->\n\n## [0.1.0] - 2026-01-01\n\n- first\n";
    assert_eq!(
        made(old, &entries(&[("Fixed", &["bug"])]), "0.1.1"),
        "## [Unreleased]\n\n<!-- write here -->\n\n## [0.1.1] - 2026-01-31\n\n### Fixed\n\n- bug\n\n## [0.1.0] - 2026-01-01\n\n- first\n"
    );
}

#[test]
fn without_unreleased_it_stands_above_the_first() {
    let old = "\u{feff}# Changes\r\n\r\nWords.\r\n\r\n## 0.1.0\r\n\r\n* first";
    assert_eq!(
        made(old, &entries(&[("Fixed", &["bug"])]), "0.1.1"),
        "\u{feff}# Changes\r\n\r\nWords.\r\n\r\n## [0.1.1] - 2026-01-31\r\n\r\n### Fixed\r\n\r\n* bug\r\n\r\n## 0.1.0\r\n\r\n* first"
    );
    assert_eq!(
        made("# Changes\nWords.", &entries(&[]), "0.1.1"),
        "# Changes\nWords.\n\n## [0.1.1] - 2026-01-31\n\nNo notable changes."
    );
}

#[test]
fn the_same_words_under_another_section_are_folded_too() {
    let old = "## [0.2.0-rc2]\n\n### Added\n\n- retries\n\n## [0.2.0-rc1]\n\n- retries\n\n### added\n\n- retries\n\n### Fixed\n\n- retries\n";
    assert_eq!(
        made(old, &entries(&[("Other", &["retries"])]), "0.2.0"),
        "## [0.2.0] - 2026-01-31\n\n- retries\n\n### Added\n\n- retries\n\n### Fixed\n\n- retries\n"
    );
}

#[test]
fn a_final_release_takes_in_its_candidates() {
    let old = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- late\n\n## [0.2.0-rc2] - 2026-01-20\n\n### Added\n\n- b\n- a\n\n## 0.2.0rc1 - 2026-01-10\n\nBy hand.\n\n### Added\n\n- a\n- c\n  more\n\n### Odd\n\n- d\n\n## [0.1.0] - 2026-01-01\n\n- first\n";
    assert_eq!(
        made(old, &entries(&[("Fixed", &["new"])]), "0.2.0"),
        "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-31\n\nBy hand.\n\n### Fixed\n\n- late\n- new\n\n### Added\n\n- b\n- a\n- c\n  more\n\n### Odd\n\n- d\n\n## [0.1.0] - 2026-01-01\n\n- first\n"
    );
}

#[test]
fn the_newest_candidate_becomes_the_release() {
    let old = "## [Unreleased]\n\n## [0.2.0-rc2] - 2026-01-20\n\nNo notable changes.\n\n## [0.2.0-rc.1] - 2026-01-10\n\n### Added\n\n- a\n";
    let text = made(old, &entries(&[]), "0.2.0");
    assert_eq!(
        text,
        "## [Unreleased]\n\n## [0.2.0] - 2026-01-31\n\n### Added\n\n- a\n"
    );
    // A candidate does not take in other candidates.
    let text = made(old, &entries(&[]), "0.2.0-rc3");
    assert!(
        text.contains("0.2.0-rc2") && text.contains("0.2.0-rc.1"),
        "{text}"
    );
}

#[test]
fn a_release_is_made_once() {
    let old = "## 0.2.0rc1\n\n- a\n";
    assert_eq!(
        release(Some(old), &entries(&[]), &at("0.2.0-rc.1")),
        Err(ReleaseError::Exists {
            heading: "0.2.0rc1".to_owned()
        })
    );
}

/// A random file of hand-written text.
fn file(random: &mut fastrand::Rng) -> String {
    let end = if random.bool() { "\n" } else { "\r\n" };
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push_str(end);
    };
    if random.bool() {
        line("# Changelog".to_owned());
        line(String::new());
        line("Words about it.".to_owned());
        line(String::new());
    }
    let mut heads: Vec<String> = Vec::new();
    if random.bool() {
        heads.push("## [Unreleased]".to_owned());
    }
    for number in (1..=random.u8(..4)).rev() {
        let spelling = ["0.2.0-rc", "0.2.0rc", "0.2.0-rc."][random.usize(..3)];
        heads.push(format!("## [{spelling}{number}] - 2026-01-1{number}"));
    }
    for number in (1..=random.u8(..3)).rev() {
        heads.push(format!("## 0.1.{number} - 2025-12-0{number}"));
    }
    let mut number = 0;
    for head in heads {
        line(head);
        line(String::new());
        for section in 0..random.usize(..4) {
            if section > 0 || random.bool() {
                line(format!(
                    "### {}",
                    ["Added", "Fixed", "Odd ones"][random.usize(..3)]
                ));
                line(String::new());
            }
            for _ in 0..random.usize(..4) {
                number += 1;
                line(format!("- entry {number}"));
                match random.u8(..8) {
                    0 => line(format!("  more of {number}")),
                    1 => {
                        line(String::new());
                        line(format!("  ## not a heading {number}"));
                    }
                    _ => {}
                }
            }
            match random.u8(..8) {
                0 => {
                    line(String::new());
                    line(format!("free text {section} {number}"));
                }
                1 => {
                    line(String::new());
                    line(format!("<!-- ## [9.9.9] {number}"));
                    line("-->".to_owned());
                }
                _ => {}
            }
            line(String::new());
        }
    }
    if random.bool() {
        line("[0.1.0]: https://example.org".to_owned());
    }
    if random.bool() {
        text.truncate(text.trim_end().len());
    }
    text
}

fn full(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_end);
    lines.filter(|line| !line.is_empty()).collect()
}

/// Every hand-written line is in the new file once, in its order unless it was folded.
#[test]
fn every_hand_written_line_stays() {
    for seed in 0..3_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let old = file(&mut random);
        let new = entries(&[("Added", &["generated one"]), ("New", &["generated two"])]);
        for version in ["0.2.0", "0.2.0-rc9", "0.3.0"] {
            let text = made(&old, &new, version);
            let ours = [
                "generated one",
                "generated two",
                "2026-01-31",
                "### ",
                "No notable",
                "# Changelog",
            ];
            let mut kept: Vec<&str> = full(&text);
            kept.retain(|line| !ours.iter().any(|own| line.contains(own)));
            let mut wanted = full(&old);
            wanted.retain(|line| !line.starts_with("### ") && !line.starts_with("# "));
            if version == "0.2.0" {
                wanted.retain(|line| !line.starts_with("## [0.2.0"));
                kept.sort_unstable();
                wanted.sort_unstable();
            }
            // A file that was empty gets the usual preamble.
            if !old.trim().is_empty() {
                assert_eq!(kept, wanted, "seed {seed}, {version}\n{old}\n=====\n{text}");
            }
            let document = Document::parse(&text);
            let parts = document.releases();
            let place = parts
                .iter()
                .position(|part| is_version(part, &version.parse().unwrap()));
            let top = usize::from(parts[0].heading.is_unreleased());
            assert_eq!(
                place,
                Some(top),
                "seed {seed}, {version}\n{old}\n=====\n{text}"
            );
            assert!(text.contains("generated two"), "seed {seed}");
            if version == "0.2.0" {
                let left = parts
                    .iter()
                    .any(|part| is_candidate_of(part, &version.parse().unwrap()));
                assert!(!left, "seed {seed}\n{text}");
            }
        }
    }
}

/// Bytes outside the sections that are folded or added to are untouched.
#[test]
fn what_stands_outside_stays_byte_for_byte() {
    for seed in 0..3_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let old = file(&mut random);
        let text = made(&old, &entries(&[("Added", &["generated"])]), "0.2.0");
        let tail = old.find("## 0.1.").map(|place| &old[place..]);
        if let Some(tail) = tail {
            assert!(text.ends_with(tail), "seed {seed}\n{old}\n=====\n{text}");
        }
        if let Some(place) = old.find("## ").filter(|_| old.starts_with("# Ch")) {
            assert!(
                text.starts_with(&old[..place]),
                "seed {seed}\n{old}\n=====\n{text}"
            );
        }
    }
}

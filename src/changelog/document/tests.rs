//! Every byte belongs to one node.

use super::*;

fn kinds(text: &str) -> Vec<String> {
    let document = Document::parse(text);
    assert_eq!(document.print(), text);
    let name = |node: &Node<'_>| match &node.kind {
        Kind::Release(heading) => format!("release {}", heading.label),
        Kind::Section(title) => format!("section {title}"),
        Kind::Link(label) => format!("link {label}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let blank = |kind: &String| kind != "blank";
    document.nodes().iter().map(name).filter(blank).collect()
}

#[test]
fn reads_a_file_of_the_usual_form() {
    let text = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n- one\n  more of one\n- two\n\n  still two\n\n  - nested\n\n## [0.1.0] - 2026-01-01\n\nfree\ntext\n\n* a\n* b\nlazy\n\n[0.1.0]: https://x\n";
    assert_eq!(
        kinds(text),
        [
            "title",
            "text",
            "release Unreleased",
            "section Added",
            "bullet",
            "bullet",
            "release 0.1.0",
            "text",
            "bullet",
            "bullet",
            "link 0.1.0"
        ]
    );
    let document = Document::parse(text);
    let releases = document.releases();
    assert_eq!(releases.len(), 2);
    assert_eq!(releases[1].heading.date, Some("2026-01-01"));
    assert_eq!(&text[document.end()..], "[0.1.0]: https://x\n");
}

#[test]
fn fences_and_comments_hide_what_they_hold() {
    let text = "## 0.2.0\n\n```md\n## 0.1.0\n- no\n```\n\n<!-- ## 0.0.9 -->\n<!--\n## 0.0.8\n\n[a]: b\n-->\n- `<!--` yes\n  ```\n  ## no\n  ```\n~~~\n```\n## no\n~~~\n## 0.0.1\n";
    assert_eq!(
        kinds(text),
        [
            "release 0.2.0",
            "opaque",
            "opaque",
            "opaque",
            "bullet",
            "opaque",
            "release 0.0.1"
        ]
    );
}

#[test]
fn headings_of_many_kinds() {
    for (title, label, date) in [
        (
            "## [0.2.0-rc1] - 2026-01-01",
            "0.2.0-rc1",
            Some("2026-01-01"),
        ),
        ("## v1.2.3 (2020-02-02)", "v1.2.3", Some("2020-02-02")),
        ("## [1.2.3](https://x/y) / 2020", "1.2.3", Some("2020")),
        ("# 1.2.3", "1.2.3", None),
        ("## Version 1.0 - May", "1.0", Some("May")),
        ("## [UNRELEASED]", "UNRELEASED", None),
        ("## [1.0.0] [YANKED]", "1.0.0", None),
        ("### 1.0.0 ###", "1.0.0", None),
    ] {
        let document = Document::parse(title);
        let releases = document.releases();
        assert_eq!(releases.len(), 1, "{title}");
        assert_eq!(releases[0].heading.label, label, "{title}");
        assert_eq!(releases[0].heading.date, date, "{title}");
    }
    for title in [
        "## Notes",
        "##1.0.0",
        "    ## 1.0.0",
        "####### 1.0.0",
        "## [x",
    ] {
        assert!(Document::parse(title).releases().is_empty(), "{title}");
    }
    assert_eq!(kinds("1.0.0\n=====\n\n1.0.1\n---\n")[0], "release 1.0.0");
}

/// Every byte stays, whatever the bytes are.
#[test]
fn prints_back_any_text() {
    let pieces = [
        "\u{feff}",
        "## [1.0.0] - 2020-01-01",
        "## [Unreleased]",
        "### Added",
        "- a",
        "  - b",
        "* c",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\n\n",
        "```",
        "~~~~",
        "<!--",
        "-->",
        "[x]: y",
        "text",
        "    ",
        "\t",
        "===",
        "---",
        "#",
        "# T",
        "é",
        "[",
        "]",
        "]:",
    ];
    for seed in 0..2_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let text: String = (0..random.usize(..40))
            .map(|_| pieces[random.usize(..pieces.len())])
            .collect();
        let document = Document::parse(&text);
        assert_eq!(document.print(), text, "seed {seed}");
        let mut place = 0;
        for node in document.nodes() {
            assert_eq!(node.span.start, place, "seed {seed}");
            assert_eq!(node.text, &text[node.span.clone()], "seed {seed}");
            place = node.span.end;
        }
        assert_eq!(place, text.len(), "seed {seed}");
        let _ = document.releases();
    }
}

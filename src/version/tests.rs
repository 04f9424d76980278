//! Spellings, their order, and what is no version.

use super::*;

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

#[test]
fn every_spelling_of_a_candidate_is_one_version() {
    let canonical = Version::new(0, 2, 0).candidate(1);
    for text in [
        "0.2.0-rc.1",
        "0.2.0rc1",
        "0.2.0.rc1",
        "0.2.0-RC1",
        "0.2.0c1",
        "0.2.0rc01",
        "0.2.0-pre1",
        "0.2.0-rc1",
        "0.2.0_rc_1",
        "0.2.0-preview.1",
    ] {
        assert_eq!(version(text), canonical, "{text}");
    }
    assert_eq!(canonical.semver(), "0.2.0-rc.1");
    assert_eq!(canonical.pep440(), "0.2.0rc1");
    assert_eq!(canonical.heading(), "0.2.0-rc1");
    assert_eq!(canonical.tag("v{version}", "x"), "v0.2.0-rc1");
}

#[test]
fn reads_back_what_it_spells() {
    for text in [
        "1.0.0",
        "1.0.0-rc1",
        "1.2.3-alpha4",
        "1.2.3-dev4",
        "1.2.3-beta0",
        "1.2.3+cu124",
        "1.2.3+a_b",
        "1.2.3+_a__b.C-",
        "1.2.3+post_4",
        "1.2.3+post-4_x",
        "1.2.3+post_x",
        "1.2.3.post4+a_b",
    ] {
        let v = version(text);
        assert_eq!(version(&v.semver()), v);
        assert_eq!(version(&v.pep440()), v);
        assert_eq!(version(&v.heading()), v);
    }
    let post = version("1.2.3.post4");
    assert_eq!(post.post, Some(4));
    assert_eq!(version(&post.semver()), post);
    assert_eq!(version(&post.pep440()), post);
}

#[test]
fn build_metadata_is_legal_in_every_ecosystem() {
    let v = version("1.2.3+a_b.C");
    assert_eq!(v.semver(), "1.2.3+a-b.C");
    assert_eq!(v.pep440(), "1.2.3+a.b.c");
    assert_eq!(v.heading(), "1.2.3+a_b.C");
    assert!(semver::Version::parse(&v.semver()).is_ok());
    assert!(semver::Version::parse(&version("1.2.3+_a").semver()).is_ok());
    assert!(v == version("1.2.3+A.b.c") && v != version("1.2.3+ab.c"));
    assert!(version("1.2.3") < v && v < version("1.2.3+b"));
    let tag = Version::from_tag("v1.2.3+a_b", "v{version}", "");
    assert_eq!(tag, Some(version("1.2.3+a.b")));
}

#[test]
fn orders_stages_before_the_release() {
    let ordered = [
        "0.1.9",
        "0.2.0.dev1",
        "0.2.0a1",
        "0.2.0b1",
        "0.2.0rc1",
        "0.2.0rc2",
        "0.2.0rc10",
        "0.2.0",
        "0.2.0.post1",
        "0.2.1",
    ];
    for pair in ordered.windows(2) {
        assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
    }
}

#[test]
fn refuses_what_is_no_version() {
    for text in [
        "",
        "1",
        "1.2",
        "v1.2.3",
        "1.2.3.4",
        "01.2.3",
        "1.2.3-",
        "1.2.3-rc",
        "1.2.3-foo1",
        "1.2.3+",
        "1.2.3 ",
        " 1.2.3",
        "1.2.-3",
        "1.2.3rc1rc2",
        "99999999999999999999.0.0",
    ] {
        assert!(text.parse::<Version>().is_err(), "{text}");
    }
}

#[test]
fn a_tag_reads_back_only_under_its_template() {
    let rc = Version::new(0, 2, 0).candidate(1);
    assert_eq!(
        Version::from_tag("v0.2.0-rc1", "v{version}", ""),
        Some(rc.clone())
    );
    assert_eq!(Version::from_tag("v0.2.0rc1", "v{version}", ""), None);
    assert_eq!(
        Version::from_tag("v0.2.0rc1", "v{pep440}", ""),
        Some(rc.clone())
    );
    assert_eq!(
        Version::from_tag("app-v0.2.0-rc1", "{name}-v{version}", "app"),
        Some(rc)
    );
    assert_eq!(Version::from_tag("nightly", "v{version}", ""), None);
}

#[test]
fn a_short_base_is_filled_with_zeros() {
    let read = |text| Version::read_short(text).map(|version| version.heading());
    for (text, version) in [
        ("26.3", Some("26.3.0")),
        ("26.3rc1", Some("26.3.0-rc1")),
        ("1", Some("1.0.0")),
        ("0.2.0.rc1", Some("0.2.0-rc1")),
        ("0.2.0", Some("0.2.0")),
        ("1.2.3.4", None),
        ("x", None),
    ] {
        assert_eq!(read(text).as_deref(), version, "{text}");
    }
}

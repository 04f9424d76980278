//! Retagging, on wheels that are made here.

use std::io::{Cursor, Read as _, Write as _};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::*;
use Part::{Abi, Platform, Python};

const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: g\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

fn wheel(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (n, (name, text)) in members.iter().enumerate() {
        let method = [CompressionMethod::Deflated, CompressionMethod::Stored][n % 2];
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn usual() -> Vec<u8> {
    wheel(&[
        ("b/_vendor/other-9.dist-info/WHEEL", "not this one"),
        ("other-9.dist-info/WHEEL", "nor this"),
        ("d-1.dist-info/WHEEL", WHEEL),
        ("b/x.py", "x = 1\n"),
        ("b/", ""),
        ("d-1.dist-info/RECORD.jws", "{}"),
        (
            "d-1.dist-info/RECORD",
            "b/x.py,sha256=x,6\nd-1.dist-info/WHEEL,sha256=y,1\nd-1.dist-info/RECORD.jws,,\nb/,,\nd-1.dist-info/RECORD,,\n",
        ),
    ])
}

fn retagged(name: &str, bytes: &[u8], retag: &Retag) -> Result<(String, Vec<u8>), String> {
    let source = Source::read(name, &mut Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let to = retag.name(&source.name).map_err(|e| e.to_string())?;
    let splice = source.retag(&to).map_err(|e| e.to_string())?;
    let mut out = Vec::new();
    splice.write(&mut &bytes[..], &mut out).unwrap();
    Ok((to.to_string(), out))
}

fn tag(tag: &str) -> Retag {
    Retag {
        tags: Some(tag.parse().unwrap()),
        ..Retag::default()
    }
}

fn text(bytes: &[u8], member: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(member)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn name_wheel_and_record_agree() {
    let retag = tag("py3-none-macosx_14_0_arm64");
    let (name, bytes) = retagged("d-1-py3-none-any.whl", &usual(), &retag).unwrap();
    assert_eq!(name, "d-1-py3-none-macosx_14_0_arm64.whl");
    assert_eq!(
        text(&bytes, "d-1.dist-info/WHEEL"),
        "Wheel-Version: 1.0\nGenerator: g\nRoot-Is-Purelib: false\nTag: py3-none-macosx_14_0_arm64\n"
    );
    let rows = text(&bytes, "d-1.dist-info/RECORD");
    let expected = record::update(
        "b/x.py,sha256=x,6\nd-1.dist-info/WHEEL,,\nd-1.dist-info/RECORD,,\n",
        "d-1.dist-info/WHEEL",
        text(&bytes, "d-1.dist-info/WHEEL").as_bytes(),
        &std::collections::BTreeSet::new(),
    );
    assert_eq!(Some(rows), expected);
    assert_eq!(text(&bytes, "other-9.dist-info/WHEEL"), "nor this");
    assert!(
        !ZipArchive::new(Cursor::new(&bytes))
            .unwrap()
            .file_names()
            .any(|name| { name.is_ok_and(|name| name.ends_with(".jws") || name.ends_with('/')) })
    );
}

#[test]
fn a_record_of_line_ends_is_refused_before_it_costs_memory() {
    let rows = "d-1.dist-info/WHEEL,,\nd-1.dist-info/RECORD,,\n".to_owned();
    let of = |record: &str| {
        let wheel = wheel(&[
            ("d-1.dist-info/WHEEL", WHEEL),
            ("d-1.dist-info/RECORD", record),
        ]);
        retagged("d-1-py3-none-any.whl", &wheel, &tag("py3-none-win32")).map(drop)
    };
    assert!(of(&rows).is_ok());
    assert!(of(&(rows.clone() + &"\n".repeat(1000))).is_ok());
    assert!(of(&(rows + &"\n".repeat(5000))).is_err());
}

#[test]
fn there_and_back_keeps_every_byte() {
    let wheel = usual();
    let there = |tags, from: &str, bytes: &[u8]| retagged(from, bytes, &tag(tags)).unwrap();
    let (first, one) = there("py3-none-win32", "d-1-py3-none-any.whl", &wheel);
    let (second, two) = there("py3-none-win_amd64", &first, &one);
    let (third, three) = there("py3-none-win32", &second, &two);
    assert_eq!((third, three), (first, one));
}

#[test]
fn parts_are_replaced_added_and_taken_away() {
    let named = |from: &str, parts: &[(Part, &str)], build: Option<&str>| {
        let retag = Retag {
            parts: parts
                .iter()
                .map(|(part, text)| (*part, (*text).to_owned()))
                .collect(),
            build: build.map(str::to_owned),
            tags: None,
        };
        retag
            .name(&WheelName::parse(from).unwrap())
            .map(|name| name.to_string())
    };
    for (parts, build, to) in [
        (
            &[(Python, "=py2,py3")][..],
            None,
            "d-1-7-py2.py3-none-any.whl",
        ),
        (
            &[(Python, "+py2.py4")],
            None,
            "d-1-7-py2.py3.py4-none-any.whl",
        ),
        (
            &[
                (Platform, "win32"),
                (Platform, "+any"),
                (Platform, "-win32"),
            ],
            None,
            "d-1-7-py3-none-any.whl",
        ),
        (
            &[(Abi, "abi3"), (Python, "cp39")],
            Some("8x"),
            "d-1-8x-cp39-abi3-any.whl",
        ),
        (&[], Some(""), "d-1-py3-none-any.whl"),
    ] {
        assert_eq!(named("d-1-7-py3-none-any.whl", parts, build).unwrap(), to);
    }
    let failed =
        |parts: &[(Part, &str)], build| named("d-1-py3-none-any.whl", parts, build).unwrap_err();
    assert!(matches!(
        failed(&[(Python, "-py3")], None),
        RetagError::NoneLeft { .. }
    ));
    assert!(matches!(
        failed(&[(Platform, "+bogus")], None),
        RetagError::Tag(_)
    ));
    assert!(matches!(failed(&[], Some("b8")), RetagError::Build { .. }));
}

#[test]
fn headers_keep_their_order_line_ends_and_body() {
    let name = |name| WheelName::parse(name).unwrap();
    let platform = name("d-1-5-cp39.cp310-abi3-win32.whl");
    let text = "Wheel-Version: 1.0\r\nroot-is-purelib: true\r\nBuild: 3\r\nTag: a-b-c\r\n continued\r\nTag: x\r\nX: y\r\n\r\nbody";
    assert_eq!(
        headers(text, &platform),
        "Wheel-Version: 1.0\r\nroot-is-purelib: false\r\nTag: cp39-abi3-win32\r\nTag: cp310-abi3-win32\r\nX: y\r\nBuild: 5\r\n\r\nbody"
    );
    let pure = name("d-1-py3-none-any.whl");
    assert_eq!(
        headers("Root-Is-Purelib: false", &pure),
        "Root-Is-Purelib: false\nTag: py3-none-any\n"
    );
}

#[test]
fn metadata_that_cannot_be_rewritten_is_refused() {
    let refused = |members: &[(&str, &str)]| {
        retagged(
            "d-1-py3-none-any.whl",
            &wheel(members),
            &tag("py3-none-win32"),
        )
        .unwrap_err()
    };
    let (w, r) = ("d-1.dist-info/WHEEL", "d-1.dist-info/RECORD");
    assert!(refused(&[(w, WHEEL)]).contains("holds no `d-1.dist-info/RECORD`"));
    assert!(refused(&[("e-1.dist-info/WHEEL", WHEEL)]).contains("holds no `d-1.dist-info/WHEEL`"));
    assert!(refused(&[(w, WHEEL), (r, "a,,\n")]).contains("has not one row for WHEEL"));
    let name = "d-1-py3-none-any.whl";
    let error = Source::read(name, &mut Cursor::new(b"no zip")).unwrap_err();
    assert!(matches!(error, WheelError::Archive { .. }));
    // Spelled otherwise, it is still this project's.
    let other = wheel(&[
        ("D-1.dist-info/WHEEL", WHEEL),
        ("D-1.dist-info/RECORD", "D-1.dist-info/WHEEL,,\n"),
    ]);
    assert!(retagged(name, &other, &tag("py3-none-win32")).is_ok());
}

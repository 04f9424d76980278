//! Splices against archives that another library wrote and reads.

use std::io::{Cursor, Read as _, Write as _};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{super::put, *};

type Bytes = Vec<u8>;

fn archive(options: SimpleFileOptions) -> Bytes {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut writer, options);
    writer.finish().unwrap().into_inner()
}

/// As a program writes it that cannot go back: the sizes stand behind the data.
fn streamed() -> Bytes {
    let mut writer = ZipWriter::new_stream(Vec::new());
    fill(&mut writer, SimpleFileOptions::default());
    writer.finish().unwrap().into_inner()
}

fn fill<W: std::io::Write + std::io::Seek>(writer: &mut ZipWriter<W>, options: SimpleFileOptions) {
    writer.set_comment("a comment").unwrap();
    for (name, method) in [
        ("a.txt", CompressionMethod::Deflated),
        ("changed", CompressionMethod::Deflated),
        ("b.txt", CompressionMethod::Stored),
        ("stored", CompressionMethod::Stored),
        ("dropped", CompressionMethod::Deflated),
        ("c.txt", CompressionMethod::Deflated),
    ] {
        writer
            .start_file(name, options.compression_method(method))
            .unwrap();
        writer.write_all(name.repeat(100).as_bytes()).unwrap();
    }
}

fn spliced(bytes: &[u8], text: &str) -> Bytes {
    let mut from = Cursor::new(bytes);
    let directory = Directory::read(&mut from).unwrap();
    let mut change = |name| {
        let at = directory.find(name).unwrap().unwrap();
        let member = directory.member(&mut from, at, 1 << 20).unwrap();
        assert_eq!(member.content, name.repeat(100).into_bytes());
        Change::Content(member, text.as_bytes().to_vec())
    };
    let changes = [
        change("changed"),
        change("stored"),
        Change::Drop(directory.find("dropped").unwrap().unwrap()),
    ];
    let splice = directory.splice(&changes).unwrap();
    let mut out = Vec::new();
    splice.write(&mut &bytes[..], &mut out).unwrap();
    out
}

fn contents(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        found.push((member.name().unwrap().into_owned(), text));
    }
    found
}

#[test]
fn what_changes_changes_and_nothing_else() {
    let usual = SimpleFileOptions::default();
    for old in [archive(usual), archive(usual.large_file(true)), streamed()] {
        for text in ["", "new", &"much longer ".repeat(1000)] {
            let new = spliced(&old, text);
            let mut expected = contents(&old);
            expected.retain(|(name, _)| name != "dropped");
            for (name, content) in &mut expected {
                if ["changed", "stored"].contains(&name.as_str()) {
                    text.clone_into(content);
                }
            }
            assert_eq!(contents(&new), expected);
            let read = ZipArchive::new(Cursor::new(&new)).unwrap();
            assert_eq!(read.comment(), b"a comment");
            assert_eq!(spliced(&old, text), new, "the same bytes again");
        }
    }
}

#[test]
fn a_wide_directory_is_read_and_written() {
    // The end records of a large archive, around a small one.
    let old = archive(SimpleFileOptions::default());
    let mut from = Cursor::new(&old);
    let directory = Directory::read(&mut from).unwrap();
    let wide = Directory {
        zip64: true,
        ..directory.clone()
    };
    let mut bytes = Vec::new();
    wide.splice(&[])
        .unwrap()
        .write(&mut &old[..], &mut bytes)
        .unwrap();
    assert_eq!(bytes.len(), old.len() + 56 + 20);
    let read = Directory::read(&mut Cursor::new(&bytes)).unwrap();
    assert!(read.zip64);
    assert_eq!(contents(&bytes), contents(&old));
    assert_eq!(contents(&spliced(&bytes, "x")).len(), 5);
}

#[test]
fn an_offset_beyond_four_gigabytes_gets_a_wide_field() {
    let old = archive(SimpleFileOptions::default());
    let directory = Directory::read(&mut Cursor::new(&old)).unwrap();
    let entry = &directory.entries[0];
    let record = central::record(entry, 1 << 33, None).unwrap();
    assert_eq!(record.len(), entry.record.len() + 12);
    let wide = Directory::read(&mut Cursor::new({
        let mut bytes = record.clone();
        let ending = Ending {
            count: 1,
            size: record.len() as u64,
            start: 0,
            comment: &[],
            zip64: false,
        };
        bytes.extend(ending.bytes());
        bytes
    }))
    .unwrap();
    assert_eq!(wide.entries[0].offset, 1 << 33);
    assert_eq!(wide.entries[0].size, entry.size);
    assert_eq!(
        central::record(&wide.entries[0], 1 << 34, None)
            .unwrap()
            .len(),
        record.len()
    );
}

#[test]
fn archives_that_readers_disagree_about_are_refused() {
    let good = archive(SimpleFileOptions::default());
    let refused = |bytes: &[u8]| {
        let mut from = Cursor::new(bytes);
        let directory = Directory::read(&mut from)?;
        for at in 0..directory.entries.len() {
            directory.member(&mut from, at, 1 << 20)?;
        }
        directory.splice(&[]).map(drop)
    };
    refused(&good).unwrap();
    let start = Directory::read(&mut Cursor::new(&good)).unwrap().start;
    let start = usize::try_from(start).unwrap();
    let changed = |at: usize, value: &[u8]| {
        let mut bytes = good.clone();
        put(&mut bytes, at, value);
        bytes
    };
    let bad = [
        ("nothing", Vec::new()),
        (
            "no archive",
            b"a text file that is long enough to hold an end".to_vec(),
        ),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("bytes behind", [&good[..], b"x"].concat()),
        ("bytes before", [b"x", &good[..]].concat()),
        (
            "another number of members",
            changed(good.len() - 9 - 22 + 10, &[1]),
        ),
        ("a broken record", changed(start, b"X")),
        ("another local name", changed(30, b"A")),
        ("no local header", changed(0, b"X")),
        ("another checksum", changed(start + 16, &[1, 2, 3])),
        ("shared bytes", changed(start + 42, &[40])),
        ("beyond the end", changed(start + 42, &[0, 0, 0, 0x7f])),
        ("an unknown method", changed(start + 10, &[12])),
    ];
    for (what, bytes) in bad {
        assert!(refused(&bytes).is_err(), "{what}");
    }
    let (directory, mut from) = (
        Directory::read(&mut Cursor::new(&good)).unwrap(),
        Cursor::new(&good),
    );
    assert!(
        directory.member(&mut from, 0, 10).is_err(),
        "larger than allowed"
    );
    // Cut off anywhere, it is an error and never a panic.
    for length in 0..good.len() {
        assert!(refused(&good[..length]).is_err());
    }
}

#[test]
fn no_changed_byte_makes_a_panic() {
    for good in [archive(SimpleFileOptions::default()), streamed()] {
        for at in 0..good.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = value;
                let mut from = Cursor::new(&bytes);
                let Ok(directory) = Directory::read(&mut from) else {
                    continue;
                };
                let read = directory.member(&mut from, 0, 1 << 20);
                let changes: Vec<_> = read
                    .into_iter()
                    .map(|member| Change::Content(member, Vec::new()))
                    .collect();
                let _ = directory.splice(&changes);
            }
        }
    }
}

//! The central directory, read.

use std::{
    collections::BTreeMap,
    io::{Read, Seek, SeekFrom},
    ops::Range,
};

use super::{
    ArchiveError, CENTRAL, DEFLATED, END, END64, LOCAL, LOCATOR64, STORED, WIDE, ZIP64, extras,
    u16_at, u32_at, u64_at,
};

/// Bytes of the record at the end, without its comment.
const END_SIZE: usize = 22;
/// Bytes of a member's central record, without name, extra block and comment.
pub(super) const RECORD_SIZE: usize = 46;
/// Bytes of a member's local header, without name and extra block.
const LOCAL_SIZE: usize = 30;

/// What an archive says about its members, in the order in which it lists them.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The members.
    pub entries: Vec<Entry>,
    /// Where the directory begins: everything before it belongs to members.
    pub(super) start: u64,
    /// The archive's comment.
    pub(super) comment: Vec<u8>,
    /// Whether it has the wide records of a large archive.
    pub(super) zip64: bool,
}

/// One member, as the directory describes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path, with `/`; what is not UTF-8 is replaced.
    pub name: String,
    /// How its data is kept.
    pub method: u16,
    /// The checksum of its content.
    pub crc: u32,
    /// Bytes in the archive.
    pub compressed: u64,
    /// Bytes of its content.
    pub size: u64,
    /// Where its local header stands.
    pub offset: u64,
    /// The whole central record.
    pub(super) record: Vec<u8>,
}

/// A member that was read.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its place in [`Directory::entries`].
    pub index: usize,
    /// Its local header, with name and extra block.
    pub(super) header: Vec<u8>,
    /// Its content.
    pub content: Vec<u8>,
}

impl Directory {
    /// Reads the directory at the end of `archive`, zip64 included. It must stand where the archive
    /// says and reach to the end of the file: readers disagree about anything else.
    pub fn read(archive: &mut (impl Read + Seek)) -> Result<Self, ArchiveError> {
        let size = archive.seek(SeekFrom::End(0))?;
        let reach = size.min((END_SIZE + usize::from(u16::MAX)) as u64);
        let tail = read_at(archive, size - reach, reach)?;
        let end = find_end(&tail).ok_or(ArchiveError::NotZip("it has no directory"))?;
        let at = size - reach + end as u64;
        let comment = tail[end + END_SIZE..].to_vec();
        let frame = Frame::narrow(&tail[end..], at).ok_or(SHORT)?;
        let (frame, zip64) = match frame.wide(archive)? {
            Some(wide) => (wide, true),
            None => (frame, false),
        };
        if frame.start.checked_add(frame.size) != Some(frame.at) {
            return Err(ArchiveError::NotZip(
                "its directory is not where it says, or bytes stand before it",
            ));
        }
        let records = read_at(archive, frame.start, frame.size)?;
        let entries = entries(&records)?;
        if entries.len() as u64 != frame.count {
            return Err(ArchiveError::NotZip(
                "its directory lists another number of members",
            ));
        }
        Ok(Self {
            entries,
            start: frame.start,
            comment,
            zip64,
        })
    }

    /// The place of the member called `name`; an error if two are.
    pub fn find(&self, name: &str) -> Result<Option<usize>, ArchiveError> {
        let mut found = (0..self.entries.len()).filter(|at| self.entries[*at].name == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(ArchiveError::Member {
                member: name.to_owned(),
                problem: "stands there twice",
            }),
            (first, None) => Ok(first),
        }
    }

    /// Reads the member at `index`, which holds `limit` bytes at the most.
    pub fn member(
        &self,
        archive: &mut (impl Read + Seek),
        index: usize,
        limit: u64,
    ) -> Result<Member, ArchiveError> {
        let entry = &self.entries[index];
        let wrong = |problem| ArchiveError::Member {
            member: entry.name.clone(),
            problem,
        };
        if entry.size > limit || entry.compressed > limit {
            return Err(wrong("is larger than such a file ever is"));
        }
        let mut header = read_at(archive, entry.offset, LOCAL_SIZE as u64)?;
        if u32_at(&header, 0) != Some(LOCAL) {
            return Err(wrong("has no local header"));
        }
        let name = u16_at(&header, 26).unwrap_or_default();
        let extra = u16_at(&header, 28).unwrap_or_default();
        let rest = u64::from(name) + u64::from(extra);
        let at = entry.offset + LOCAL_SIZE as u64;
        header.extend(read_at(archive, at, rest)?);
        if header.get(LOCAL_SIZE..LOCAL_SIZE + usize::from(name)) != Some(entry.raw_name()) {
            return Err(wrong("has another name in its local header"));
        }
        let data = read_at(archive, at + rest, entry.compressed)?;
        let content = match entry.method {
            STORED => data,
            DEFLATED => {
                let mut content = Vec::new();
                flate2::read::DeflateDecoder::new(&data[..])
                    .take(entry.size + 1)
                    .read_to_end(&mut content)
                    .map_err(|_| wrong("cannot be decompressed"))?;
                content
            }
            _ => return Err(wrong("is compressed by a method that is not read here")),
        };
        if content.len() as u64 != entry.size || crc32fast::hash(&content) != entry.crc {
            return Err(wrong("is not what its checksum says"));
        }
        Ok(Member {
            index,
            header,
            content,
        })
    }

    /// The bytes of each member, by where they begin: its place, and its range up to the next one.
    pub(super) fn extents(&self) -> Result<BTreeMap<u64, (usize, Range<u64>)>, ArchiveError> {
        let mut found = BTreeMap::new();
        let mut next = self.start;
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(self.entries[*at].offset));
        for index in order {
            let entry = &self.entries[index];
            let least = (LOCAL_SIZE + entry.raw_name().len()) as u64;
            let end = least
                .checked_add(entry.compressed)
                .and_then(|length| entry.offset.checked_add(length));
            if end.is_none_or(|end| end > next) {
                return Err(ArchiveError::Member {
                    member: entry.name.clone(),
                    problem: "shares its bytes with another member",
                });
            }
            found.insert(entry.offset, (index, entry.offset..next));
            next = entry.offset;
        }
        Ok(found)
    }
}

impl Entry {
    pub(super) fn raw_name(&self) -> &[u8] {
        let length = u16_at(&self.record, 28).map_or(0, usize::from);
        self.record
            .get(RECORD_SIZE..RECORD_SIZE + length)
            .unwrap_or_default()
    }

    fn parse(record: &[u8]) -> Option<Self> {
        let name = usize::from(u16_at(record, 28)?);
        let extra = usize::from(u16_at(record, 30)?);
        let block = record.get(RECORD_SIZE + name..RECORD_SIZE + name + extra)?;
        let field = extras(block).into_iter().find(|(id, _)| *id == ZIP64);
        let mut wide = field.map_or(&[][..], |(_, field)| &field[4..]);
        let mut value = |at: usize| -> Option<u64> {
            let narrow = u32_at(record, at)?;
            if narrow != WIDE || wide.is_empty() {
                return Some(narrow.into());
            }
            let value = u64_at(wide, 0)?;
            wide = &wide[8..];
            Some(value)
        };
        // The wide field holds them in this order, each only if its narrow one is full.
        let (size, compressed, offset) = (value(24)?, value(20)?, value(42)?);
        Some(Self {
            name: String::from_utf8_lossy(&record[RECORD_SIZE..RECORD_SIZE + name]).into_owned(),
            method: u16_at(record, 10)?,
            crc: u32_at(record, 16)?,
            compressed,
            size,
            offset,
            record: record.to_vec(),
        })
    }
}

const SHORT: ArchiveError = ArchiveError::NotZip("its directory is cut off");

fn entries(mut records: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    let mut found = Vec::new();
    while !records.is_empty() {
        if u32_at(records, 0) != Some(CENTRAL) {
            return Err(ArchiveError::NotZip("its directory is broken"));
        }
        let lengths = [28, 30, 32].map(|at| u16_at(records, at).map_or(0, usize::from));
        let length = RECORD_SIZE + lengths.iter().sum::<usize>();
        let record = records.get(..length).ok_or(SHORT)?;
        found.push(Entry::parse(record).ok_or(SHORT)?);
        records = &records[length..];
    }
    Ok(found)
}

/// Where the directory is and how much it lists. `at` is where the records that say so begin.
struct Frame {
    count: u64,
    size: u64,
    start: u64,
    at: u64,
}

impl Frame {
    fn narrow(end: &[u8], at: u64) -> Option<Self> {
        Some(Self {
            count: u16_at(end, 10)?.into(),
            size: u32_at(end, 12)?.into(),
            start: u32_at(end, 16)?.into(),
            at,
        })
    }

    /// The frame of a large archive, where a locator stands right before the end record.
    fn wide(&self, archive: &mut (impl Read + Seek)) -> Result<Option<Self>, ArchiveError> {
        let Some(place) = self.at.checked_sub(20) else {
            return Ok(None);
        };
        let locator = read_at(archive, place, 20)?;
        if u32_at(&locator, 0) != Some(LOCATOR64) {
            return Ok(None);
        }
        let at = u64_at(&locator, 8).ok_or(SHORT)?;
        if at.checked_add(56).is_none_or(|end| end > place) {
            return Err(SHORT);
        }
        let end = read_at(archive, at, 56)?;
        if u32_at(&end, 0) != Some(END64) {
            return Err(ArchiveError::NotZip("its wide directory is missing"));
        }
        let value = |at| u64_at(&end, at).ok_or(SHORT);
        Ok(Some(Self {
            count: value(32)?,
            size: value(40)?,
            start: value(48)?,
            at,
        }))
    }
}

/// The last end record whose comment reaches exactly to the end.
fn find_end(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_SIZE)?;
    (0..=last).rev().find(|at| {
        u32_at(tail, *at) == Some(END)
            && u16_at(tail, at + 20).map(usize::from) == Some(tail.len() - at - END_SIZE)
    })
}

fn read_at(
    archive: &mut (impl Read + Seek),
    at: u64,
    length: u64,
) -> Result<Vec<u8>, ArchiveError> {
    archive.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    archive.by_ref().take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(SHORT)
    }
}

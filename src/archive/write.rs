//! A fresh archive whose bytes follow from its content alone: no extra fields, no descriptors, one
//! date for all members.

use std::io::{self, Read, Seek, SeekFrom, Write};

use jiff::Timestamp;

use super::{
    ArchiveError, CENTRAL, DEFLATED, LOCAL, STORED,
    central::{Data, Ending},
};

/// How much is compressed at once, in bytes.
const BUFFER: usize = 1 << 16;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// The attribute of a directory in the oldest of file systems.
const DIRECTORY: u32 = 16;

/// The date of a member as the format has it: local time without a zone (here UTC), two seconds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    time: u16,
    date: u16,
}

impl Stamp {
    /// The first moment that the format knows: 1980-01-01.
    pub const FIRST: Self = Self {
        time: 0,
        date: 0x21,
    };

    /// `moment`; 1980-01-01 for any before, 2107-12-31 for any after.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        let there = moment.to_zoned(jiff::tz::TimeZone::UTC);
        let field = |value: i8| u16::try_from(value).unwrap_or_default();
        match u16::try_from(there.year() - 1980) {
            Err(_) => Self::FIRST,
            Ok(128..) => Self {
                time: 0,
                date: (127 << 9) | (12 << 5) | 31,
            },
            Ok(year) => Self {
                time: (field(there.hour()) << 11)
                    | (field(there.minute()) << 5)
                    | (field(there.second()) / 2),
                date: (year << 9) | (field(there.month()) << 5) | field(there.day()),
            },
        }
    }
}

/// What a member is called, and its mode as Unix has it, such as `0o100644`.
#[derive(Clone, Copy, Debug)]
pub struct Meta<'a> {
    /// With `/`; a directory's ends with one.
    pub path: &'a str,
    /// Type and permissions.
    pub mode: u32,
}

/// Writes an archive, member by member.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    stamp: Stamp,
    position: u64,
    records: Vec<u8>,
    count: u16,
}

impl<W: Write + Seek> Writer<W> {
    /// An archive in `out`, which is empty; all its members bear the date `stamp`.
    pub fn new(out: W, stamp: Stamp) -> Self {
        Self {
            out,
            stamp,
            position: 0,
            records: Vec::new(),
            count: 0,
        }
    }

    /// A member as it is: a directory, the target of a link, an empty file.
    pub fn store(&mut self, meta: Meta<'_>, content: &[u8]) -> Result<(), ArchiveError> {
        let data = Data {
            crc: crc32fast::hash(content),
            compressed: narrow(content.len() as u64)?,
            size: narrow(content.len() as u64)?,
        };
        let header = self.fields(meta, STORED, data)?;
        self.out.write_all(&local(&header, meta.path))?;
        self.out.write_all(content)?;
        self.finish_member(meta, &header, data)
    }

    /// A member whose bytes `content` yields, compressed at `level`, 1 to 9.
    pub fn deflate(
        &mut self,
        meta: Meta<'_>,
        level: u32,
        content: &mut impl Read,
    ) -> Result<(), ArchiveError> {
        let nothing = Data {
            crc: 0,
            compressed: 0,
            size: 0,
        };
        let header = self.fields(meta, DEFLATED, nothing)?;
        self.out.write_all(&local(&header, meta.path))?;
        let begin = self.position + (local(&header, meta.path).len() as u64);
        let mut encoder = flate2::write::DeflateEncoder::new(
            &mut self.out,
            flate2::Compression::new(level.clamp(1, 9)),
        );
        let mut crc = crc32fast::Hasher::new();
        let mut size = 0;
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            crc.update(&buffer[..count]);
            size += count as u64;
            encoder.write_all(&buffer[..count])?;
        }
        encoder.try_finish()?;
        let compressed = encoder.total_out();
        drop(encoder);
        let data = Data {
            crc: crc.finalize(),
            compressed: narrow(compressed)?,
            size: narrow(size)?,
        };
        let header = self.fields(meta, DEFLATED, data)?;
        self.out.seek(SeekFrom::Start(self.position))?;
        self.out.write_all(&local(&header, meta.path))?;
        self.out.seek(SeekFrom::Start(begin + compressed))?;
        self.finish_member(meta, &header, data)
    }

    /// Writes the directory, and gives back what was written to.
    pub fn finish(mut self) -> Result<W, ArchiveError> {
        let ending = Ending {
            count: self.count.into(),
            size: narrow(self.records.len() as u64)?.into(),
            start: narrow(self.position)?.into(),
            comment: &[],
            zip64: false,
        };
        self.records.extend(ending.bytes());
        self.out.write_all(&self.records)?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// What the local header and the record of the directory share.
    fn fields(&self, meta: Meta<'_>, method: u16, data: Data) -> Result<Vec<u8>, ArchiveError> {
        let length = u16::try_from(meta.path.len()).map_err(|_| ArchiveError::TooLarge)?;
        let flags = if meta.path.is_ascii() { 0 } else { UTF8 };
        let mut out = Vec::new();
        for value in [20, flags, method, self.stamp.time, self.stamp.date] {
            out.extend(value.to_le_bytes());
        }
        for value in [data.crc, data.compressed, data.size] {
            out.extend(value.to_le_bytes());
        }
        out.extend(length.to_le_bytes());
        out.extend([0; 2]);
        Ok(out)
    }

    fn finish_member(
        &mut self,
        meta: Meta<'_>,
        header: &[u8],
        data: Data,
    ) -> Result<(), ArchiveError> {
        let place = narrow(self.position)?;
        let kind = if meta.path.ends_with('/') {
            DIRECTORY
        } else {
            0
        };
        self.records.extend(CENTRAL.to_le_bytes());
        // Made on Unix, so that the mode counts.
        self.records.extend([20, 3]);
        self.records.extend(header);
        self.records.extend([0; 6]);
        self.records
            .extend(((meta.mode << 16) | kind).to_le_bytes());
        self.records.extend(place.to_le_bytes());
        self.records.extend(meta.path.as_bytes());
        self.position += local(header, meta.path).len() as u64 + u64::from(data.compressed);
        self.count = self.count.checked_add(1).ok_or(ArchiveError::TooLarge)?;
        if self.count == u16::MAX {
            return Err(ArchiveError::TooLarge);
        }
        Ok(())
    }
}

fn local(header: &[u8], path: &str) -> Vec<u8> {
    let mut out = LOCAL.to_le_bytes().to_vec();
    out.extend(header);
    out.extend(path.as_bytes());
    out
}

/// `value` as the format has it without extensions.
fn narrow(value: u64) -> Result<u32, ArchiveError> {
    u32::try_from(value)
        .ok()
        .filter(|value| *value != u32::MAX)
        .ok_or(ArchiveError::TooLarge)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn archive(stamp: Stamp) -> Vec<u8> {
        let mut writer = Writer::new(Cursor::new(Vec::new()), stamp);
        let meta = |path, mode| Meta { path, mode };
        writer.store(meta("d/", 0o40755), b"").unwrap();
        let text = b"again and again and again and again ".repeat(5000);
        writer
            .deflate(meta("d/ü", 0o100_755), 6, &mut &text[..])
            .unwrap();
        writer.store(meta("d/link", 0o120_755), b"target").unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn another_reader_sees_names_modes_dates_and_content() {
        let moment = "2026-03-04T05:06:08Z".parse().unwrap();
        let bytes = archive(Stamp::at(moment));
        assert_eq!(bytes, archive(Stamp::at(moment)));
        let mut read = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut seen = Vec::new();
        for at in 0..read.len() {
            let mut member = read.by_index(at).unwrap();
            let copied = io::copy(&mut member, &mut io::sink()).unwrap();
            let date = member.last_modified().unwrap().to_string();
            seen.push((
                member.name().unwrap().into_owned(),
                member.unix_mode(),
                copied,
                date,
            ));
        }
        let date = "2026-03-04 05:06:08".to_owned();
        assert_eq!(
            seen,
            [
                ("d/".to_owned(), Some(0o40755), 0, date.clone()),
                ("d/ü".to_owned(), Some(0o100_755), 180_000, date.clone()),
                ("d/link".to_owned(), Some(0o120_755), 6, date),
            ]
        );
    }

    #[test]
    fn dates_outside_of_what_the_format_knows_are_its_bounds() {
        assert_eq!(Stamp::at(Timestamp::UNIX_EPOCH), Stamp::FIRST);
        assert_eq!(
            Stamp::at("1980-01-01T00:00:00Z".parse().unwrap()),
            Stamp::FIRST
        );
        let last = Stamp::at("2200-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(last, Stamp::at("2107-12-31T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_needs_64_bits_is_refused() {
        assert_eq!(narrow(5).unwrap(), 5);
        assert!(matches!(
            narrow(u64::from(u32::MAX)),
            Err(ArchiveError::TooLarge)
        ));
        let mut writer = Writer::new(Cursor::new(Vec::new()), Stamp::FIRST);
        writer.count = u16::MAX - 2;
        let meta = Meta {
            path: "a",
            mode: 0o100_644,
        };
        writer.store(meta, b"").unwrap();
        assert!(matches!(
            writer.store(meta, b""),
            Err(ArchiveError::TooLarge)
        ));
    }
}

//! An archive with a few members changed: the bytes of all others are copied, never decompressed.

use std::io::{self, Read, Write};

use super::{
    ArchiveError, DEFLATED, DESCRIPTOR, Directory, Member,
    central::{self, Data, Ending},
    put, u16_at,
};

/// How much is copied at once, in bytes.
const BUFFER: usize = 1 << 18;

/// What becomes of one member.
#[derive(Clone, Debug)]
pub enum Change {
    /// Its content is now this; name, date, mode and method stay.
    Content(Member, Vec<u8>),
    /// It is left out: the member at this place in the directory.
    Drop(usize),
}

/// How to make the new archive from the old one, read once from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Splice {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    /// So many bytes of the old archive.
    Keep(u64),
    /// So many bytes of the old archive are left out.
    Skip(u64),
    /// These bytes.
    Put(Vec<u8>),
}

impl Directory {
    /// Plans the archive with `changes`.
    pub fn splice(&self, changes: &[Change]) -> Result<Splice, ArchiveError> {
        let mut to = Target::default();
        let mut offsets = vec![None; self.entries.len()];
        let mut position = 0;
        for (begin, (index, range)) in self.extents()? {
            // What stands before the first member.
            to.keep(begin - position);
            let length = range.end - range.start;
            position = range.end;
            match changes.iter().find(|change| change.index() == index) {
                None => {
                    offsets[index] = Some((to.length, None));
                    to.keep(length);
                }
                Some(Change::Drop(_)) => to.pieces.push(Piece::Skip(length)),
                Some(Change::Content(member, content)) => {
                    let (bytes, data) = local(member, self.entries[index].method, content)?;
                    offsets[index] = Some((to.length, Some(data)));
                    to.pieces.push(Piece::Skip(length));
                    to.put(bytes);
                }
            }
        }
        to.keep(self.start - position);
        let start = to.length;
        let mut records = Vec::new();
        let mut count = 0;
        for (entry, place) in self.entries.iter().zip(offsets) {
            if let Some((offset, data)) = place {
                records.extend(central::record(entry, offset, data)?);
                count += 1;
            }
        }
        let ending = Ending {
            count,
            size: records.len() as u64,
            start,
            comment: &self.comment,
            zip64: self.zip64,
        };
        records.extend(ending.bytes());
        to.put(records);
        Ok(Splice { pieces: to.pieces })
    }
}

impl Change {
    fn index(&self) -> usize {
        match self {
            Self::Content(member, _) => member.index,
            Self::Drop(index) => *index,
        }
    }
}

#[derive(Default)]
struct Target {
    pieces: Vec<Piece>,
    length: u64,
}

impl Target {
    fn keep(&mut self, length: u64) {
        self.length += length;
        match self.pieces.last_mut() {
            _ if length == 0 => {}
            Some(Piece::Keep(before)) => *before += length,
            _ => self.pieces.push(Piece::Keep(length)),
        }
    }

    fn put(&mut self, bytes: Vec<u8>) {
        self.length += bytes.len() as u64;
        self.pieces.push(Piece::Put(bytes));
    }
}

/// The local header and the data of a member with new content.
fn local(member: &Member, method: u16, content: &[u8]) -> Result<(Vec<u8>, Data), ArchiveError> {
    let data = if method == DEFLATED {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(content)?;
        encoder.finish()?
    } else {
        content.to_vec()
    };
    let narrow = |length: usize| u32::try_from(length).map_err(|_| ArchiveError::TooLarge);
    let facts = Data {
        crc: crc32fast::hash(content),
        compressed: narrow(data.len())?,
        size: narrow(content.len())?,
    };
    let head = 30 + u16_at(&member.header, 26).map_or(0, usize::from);
    let (before, block) = member.header.split_at(head.min(member.header.len()));
    let block = central::rewrite(block, &[]);
    let mut out = before.to_vec();
    let flags = u16_at(before, 6).unwrap_or_default() & !DESCRIPTOR;
    let length = u16::try_from(block.len()).map_err(|_| ArchiveError::TooLarge)?;
    put(&mut out, 6, &flags.to_le_bytes());
    put(&mut out, 14, &facts.crc.to_le_bytes());
    put(&mut out, 18, &facts.compressed.to_le_bytes());
    put(&mut out, 22, &facts.size.to_le_bytes());
    put(&mut out, 28, &length.to_le_bytes());
    out.extend(block);
    out.extend(data);
    Ok((out, facts))
}

impl Splice {
    /// Writes the new archive to `to`. `from` yields the old one and is read to its end, so that a
    /// reader that hashes sees all of it.
    pub fn write(&self, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER];
        for piece in &self.pieces {
            match piece {
                Piece::Put(bytes) => to.write_all(bytes)?,
                Piece::Keep(length) => {
                    pass(from, *length, &mut buffer, |bytes| to.write_all(bytes))?;
                }
                Piece::Skip(length) => pass(from, *length, &mut buffer, |_| Ok(()))?,
            }
        }
        pass(from, u64::MAX, &mut buffer, |_| Ok(()))
    }
}

/// Hands on `length` bytes, or all that there are.
fn pass(
    from: &mut impl Read,
    length: u64,
    buffer: &mut [u8],
    mut to: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = from.read(&mut buffer[..most])?;
        if count == 0 {
            break;
        }
        to(&buffer[..count])?;
        left -= count as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

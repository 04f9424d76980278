//! The central directory, written: records that moved, and the records at the end.

use super::{
    ArchiveError, DESCRIPTOR, END, END64, LOCATOR64, WIDE, ZIP64,
    directory::{Entry, RECORD_SIZE},
    extras, put, u16_at, u32_at,
};

/// What a member's data is, where it was replaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data {
    pub(super) crc: u32,
    pub(super) compressed: u32,
    pub(super) size: u32,
}

/// The record of `entry`, whose local header now stands at `offset`, and whose data is now `new`.
pub(super) fn record(
    entry: &Entry,
    offset: u64,
    new: Option<Data>,
) -> Result<Vec<u8>, ArchiveError> {
    let old = &entry.record;
    let name = entry.raw_name().len();
    let block = u16_at(old, 30).map_or(0, usize::from);
    let (before, rest) = old.split_at(RECORD_SIZE + name);
    let (block, comment) = rest.split_at(block.min(rest.len()));

    let full = |at| new.is_none() && u32_at(old, at) == Some(WIDE);
    let narrow = u32::try_from(offset).ok().filter(|offset| *offset != WIDE);
    let was_wide = u32_at(old, 42) == Some(WIDE);
    let mut wide = Vec::new();
    if full(24) {
        wide.extend(entry.size.to_le_bytes());
    }
    if full(20) {
        wide.extend(entry.compressed.to_le_bytes());
    }
    if was_wide || narrow.is_none() {
        wide.extend(offset.to_le_bytes());
    }

    let mut out = before.to_vec();
    out.extend(rewrite(block, &wide));
    let length = out.len() - RECORD_SIZE - name;
    let length = u16::try_from(length).map_err(|_| ArchiveError::TooLarge)?;
    out.extend(comment);
    put(&mut out, 30, &length.to_le_bytes());
    let offset = narrow.filter(|_| !was_wide).unwrap_or(WIDE);
    put(&mut out, 42, &offset.to_le_bytes());
    if let Some(data) = new {
        let flags = u16_at(old, 8).unwrap_or_default() & !DESCRIPTOR;
        put(&mut out, 8, &flags.to_le_bytes());
        put(&mut out, 16, &data.crc.to_le_bytes());
        put(&mut out, 20, &data.compressed.to_le_bytes());
        put(&mut out, 24, &data.size.to_le_bytes());
    }
    Ok(out)
}

/// The extra block with the values that need 64 bits, in the place where such a field stood.
pub(super) fn rewrite(block: &[u8], wide: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    if !wide.is_empty() {
        field.extend(ZIP64.to_le_bytes());
        // Three values of eight bytes at the most.
        field.extend([u8::try_from(wide.len()).unwrap_or_default(), 0]);
        field.extend(wide);
    }
    let (mut out, mut done) = (Vec::new(), false);
    for (id, bytes) in extras(block) {
        if id != ZIP64 {
            out.extend(bytes);
        } else if !done {
            out.extend(&field);
            done = true;
        }
    }
    if !done {
        out.extend(field);
    }
    out
}

/// What the records at the end say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending<'a> {
    pub(super) count: u64,
    pub(super) size: u64,
    pub(super) start: u64,
    pub(super) comment: &'a [u8],
    /// Whether the wide records stand there although the narrow one would do.
    pub(super) zip64: bool,
}

impl Ending<'_> {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let count = u16::try_from(self.count).unwrap_or(u16::MAX);
        let size = u32::try_from(self.size).unwrap_or(WIDE);
        let start = u32::try_from(self.start).unwrap_or(WIDE);
        let mut out = Vec::new();
        if self.zip64 || count == u16::MAX || size == WIDE || start == WIDE {
            let at = self.start + self.size;
            out.extend(END64.to_le_bytes());
            out.extend(44_u64.to_le_bytes());
            out.extend([45, 3, 45, 0]);
            out.extend([0; 8]);
            for value in [self.count, self.count, self.size, self.start] {
                out.extend(value.to_le_bytes());
            }
            out.extend(LOCATOR64.to_le_bytes());
            out.extend([0; 4]);
            out.extend(at.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
        }
        out.extend(END.to_le_bytes());
        out.extend([0; 4]);
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(size.to_le_bytes());
        out.extend(start.to_le_bytes());
        let comment = u16::try_from(self.comment.len()).unwrap_or_default();
        out.extend(comment.to_le_bytes());
        out.extend(&self.comment[..usize::from(comment)]);
        out
    }
}

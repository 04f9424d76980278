//! Zip archives, byte by byte (APPNOTE 6.3.10), for two uses that a general library has no words
//! for: to change one member and keep every other byte, and to write an archive whose bytes depend
//! on nothing but its content. Nothing here opens a file, and no member is held in memory but the
//! small ones that are asked for.

mod central;
mod directory;
mod splice;
mod write;

pub use directory::{Directory, Entry, Member};
pub use splice::{Change, Splice};
pub use write::{Meta, Stamp, Writer};

use std::io;

/// Compression method 0.
pub const STORED: u16 = 0;
/// Compression method 8.
pub const DEFLATED: u16 = 8;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
/// The extra field that holds what does not fit into 32 bits.
const ZIP64: u16 = 1;
/// What a 32-bit field says when the value stands in the extra field.
const WIDE: u32 = u32::MAX;
/// The bit of a member whose sizes stand behind its data.
const DESCRIPTOR: u16 = 8;

/// The bytes are no archive that can be worked on.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The frame is broken.
    #[error("it is no zip archive: {0}")]
    NotZip(&'static str),
    /// One member is broken, or of a kind that is not read.
    #[error("`{member}` {problem}")]
    Member {
        /// Its name.
        member: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A field of the format is too narrow.
    #[error("it would be too large for an archive without extensions (4 GiB, 65,535 members)")]
    TooLarge,
    /// It could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*field))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*field))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*field))
}

/// Writes `value` at `at`; nothing if that is beyond the end.
fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}

/// The fields of an extra block: header identifier and the whole field. What does not parse at the
/// end comes as one last piece with the identifier of nothing (0xFFFF).
fn extras(mut block: &[u8]) -> Vec<(u16, &[u8])> {
    let mut found = Vec::new();
    while !block.is_empty() {
        let whole = match (u16_at(block, 0), u16_at(block, 2)) {
            (Some(id), Some(length)) if 4 + usize::from(length) <= block.len() => {
                Some((id, 4 + usize::from(length)))
            }
            _ => None,
        };
        let (id, length) = whole.unwrap_or((u16::MAX, block.len()));
        found.push((id, &block[..length]));
        block = &block[length..];
    }
    found
}

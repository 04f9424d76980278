//! A file door: a file that appears only when it is whole.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::fs::{FileError, beside, exists, failed, sync_directory};

/// A file that is being written beside its place; gone if it is never put there.
#[derive(Debug)]
pub(super) struct Part {
    file: File,
    temporary: Utf8PathBuf,
    to: Utf8PathBuf,
}

/// What became of a finished [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// It stands at its place.
    New,
    /// The same bytes stood there.
    Same,
    /// Other bytes stand there, and stay.
    Other,
}

impl Part {
    /// Begins the file that shall stand at `to`, and makes its directory.
    pub(super) fn create(to: &Utf8Path) -> Result<Self, FileError> {
        let directory = to.parent().unwrap_or(Utf8Path::new("."));
        fs::create_dir_all(directory).map_err(failed("create the directory of", to))?;
        let temporary = beside(to);
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(&temporary)
            .map_err(failed("write", to))?;
        Ok(Self {
            file,
            temporary,
            to: to.to_owned(),
        })
    }

    /// What to write to.
    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Puts it at its place, unless something stands there.
    pub(super) fn keep(self) -> Result<Placed, FileError> {
        let done = (|| {
            if !exists(&self.to) {
                self.file.sync_all()?;
                // A hard link fails where something stands; a rename would replace it.
                match fs::hard_link(&self.temporary, &self.to) {
                    Ok(()) => {}
                    Err(_) if !exists(&self.to) => fs::rename(&self.temporary, &self.to)?,
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
                sync_directory(self.to.parent().unwrap_or(Utf8Path::new(".")))?;
                return Ok(Placed::New);
            }
            Ok(if same(&self.temporary, &self.to)? {
                Placed::Same
            } else {
                Placed::Other
            })
        })();
        done.map_err(failed("write", &self.to))
    }

    /// Puts it at its place, whatever stands there.
    pub(super) fn replace(self) -> Result<Placed, FileError> {
        let done = (|| {
            if exists(&self.to) && same(&self.temporary, &self.to)? {
                return Ok(Placed::Same);
            }
            self.file.sync_all()?;
            fs::rename(&self.temporary, &self.to)?;
            sync_directory(self.to.parent().unwrap_or(Utf8Path::new(".")))?;
            Ok(Placed::New)
        })();
        done.map_err(failed("write", &self.to))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Whether two files hold the same bytes.
fn same(one: &Utf8Path, other: &Utf8Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    let (mut a, mut b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = one.read(&mut a)?;
        if count == 0 {
            return Ok(true);
        }
        other.read_exact(&mut b[..count])?;
        if a[..count] != b[..count] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_part_is_whole_or_gone() {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let to = root.join("d/file");
        let part = |text: &str| {
            let mut part = Part::create(&to).unwrap();
            part.file().write_all(text.as_bytes()).unwrap();
            part
        };
        let names = || fs::read_dir(root.join("d")).unwrap().count();
        drop(part("never"));
        assert_eq!(names(), 0);
        assert_eq!(part("one").keep().unwrap(), Placed::New);
        assert_eq!(part("one").keep().unwrap(), Placed::Same);
        assert_eq!(part("two").keep().unwrap(), Placed::Other);
        assert_eq!(fs::read_to_string(&to).unwrap(), "one");
        assert_eq!(part("one").replace().unwrap(), Placed::Same);
        assert_eq!(part("two!").replace().unwrap(), Placed::New);
        assert_eq!(fs::read_to_string(&to).unwrap(), "two!");
        assert_eq!(names(), 1);
    }
}

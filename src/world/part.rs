//! A file door: a file that appears only when it is whole.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{
    fs::{self, File, OpenOptions},
    hash::{BuildHasher as _, Hasher as _, RandomState},
    io::{self, BufReader, Read},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::fs::{FileError, exists, failed, sync_directory};

/// What stands between a file's name and the random end of its part's name.
const INFIX: &str = ".relkit-";
/// How many hexadecimal digits the random end has.
const DIGITS: usize = 16;

/// A file that is being written beside its place, under a name that nobody can foresee, made anew
/// and through no link; gone if it is never put there.
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
        remove_stale(to);
        let name = to.file_name().unwrap_or_default();
        let end = RandomState::new().build_hasher().finish();
        let temporary = to.with_file_name(format!(".{name}{INFIX}{end:016x}"));
        let file = OpenOptions::new()
            .create_new(true)
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

/// True if `name` is that of a part, which a killed run may have left.
#[must_use]
pub(super) fn is_part(name: &str) -> bool {
    name.starts_with('.')
        && name.rsplit_once(INFIX).is_some_and(|(_, end)| {
            end.len() == DIGITS && end.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Removes what killed runs left of the file at `to`. Who writes there holds a lock.
pub(super) fn remove_stale(to: &Utf8Path) {
    let directory = to.parent().unwrap_or(Utf8Path::new("."));
    let start = format!(".{}{INFIX}", to.file_name().unwrap_or_default());
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let stale = name
            .to_str()
            .is_some_and(|name| name.starts_with(&start) && is_part(name));
        if stale {
            let _ = fs::remove_file(entry.path());
        }
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
        std::mem::forget(part("killed"));
        assert_eq!(names(), 1);
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

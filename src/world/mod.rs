//! The doors to the outside. Nothing else opens a file for writing, a repository or a process.

pub mod framework;
pub mod fs;
pub mod git;
pub mod history;
pub mod journal;
pub mod local;
pub mod lock;
mod part;
pub mod private;
pub mod release;
pub mod retag;
pub mod seed;
pub mod sigstore;
pub mod take;
pub mod walk;

#[cfg(test)]
mod testing {
    use camino::Utf8PathBuf;

    /// A directory of its own, gone when the first value is.
    pub(super) fn directory() -> (tempfile::TempDir, Utf8PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(directory.path().to_owned()).unwrap();
        (directory, path)
    }
}

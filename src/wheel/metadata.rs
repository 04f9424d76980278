//! What a wheel's name and metadata say (PEP 427, PEP 503, PEP 658; core metadata).

use std::io::{Cursor, Read as _};

use super::{WheelError, WheelName};

/// The largest METADATA that is read, in bytes.
const MAX_METADATA: u64 = 4 << 20;

/// The facts of a wheel that an index shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// The project's normalized name.
    pub project: String,
    /// Its version, as the metadata states it.
    pub version: String,
    /// Its `Requires-Python`.
    pub requires_python: Option<String>,
    /// The whole METADATA file.
    pub metadata: String,
}

/// Reads the wheel called `name`.
pub fn read(name: &str, bytes: &[u8]) -> Result<Wheel, WheelError> {
    let parsed = WheelName::parse(name)?;
    let unreadable = |source| WheelError::Unreadable {
        name: name.to_owned(),
        source,
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let path = format!("{}/METADATA", parsed.dist_info());
    let missing = || WheelError::Metadata {
        name: name.to_owned(),
        path: path.clone(),
    };
    let member = archive.by_name(&path).map_err(|_| missing())?;
    let mut metadata = String::new();
    // A longer one is none; cut off it would be another.
    if member.size() > MAX_METADATA {
        return Err(missing());
    }
    member
        .take(MAX_METADATA)
        .read_to_string(&mut metadata)
        .map_err(|_| missing())?;
    Ok(Wheel {
        project: normalize(&parsed.project),
        version: header(&metadata, "Version").ok_or_else(missing)?,
        requires_python: header(&metadata, "Requires-Python"),
        metadata,
    })
}

/// A project's name as an index spells it (PEP 503).
#[must_use]
pub fn normalize(name: &str) -> String {
    let mut out = String::new();
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push('-');
        }
        out += &part.to_lowercase();
    }
    out
}

fn header(metadata: &str, name: &str) -> Option<String> {
    metadata
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn wheel(member: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file(member, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer
            .write_all(b"Metadata-Version: 2.1\nName: My.Demo\nVersion: 1.0\nrequires-python: >=3.9\n\nRequires-Python: no\n")
            .unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_name_says_where_the_metadata_is() {
        let bytes = wheel("My_Demo-1.0.dist-info/METADATA");
        let read_as = |name| read(name, &bytes);
        let wheel = read_as("My_Demo-1.0-py3-none-any.whl").unwrap();
        assert_eq!(wheel.project, "my-demo");
        assert_eq!(wheel.requires_python.as_deref(), Some(">=3.9"));
        assert!(matches!(
            read_as("other-1.0-py3-none-any.whl"),
            Err(WheelError::Metadata { .. })
        ));
        for name in [
            "a.whl",
            "a-1-py3-none.whl",
            "a--py3-none-any.whl",
            "a-1-py3-none-any.zip",
        ] {
            assert!(
                matches!(read_as(name), Err(WheelError::Name { .. })),
                "{name}"
            );
        }
        let truncated = &bytes[..bytes.len() / 2];
        let error = read("My_Demo-1.0-py3-none-any.whl", truncated);
        assert!(matches!(error, Err(WheelError::Unreadable { .. })));
    }

    #[test]
    fn names_are_normalized_as_an_index_does() {
        assert_eq!(normalize("My__Demo.-x"), "my-demo-x");
    }
}

//! What a build for Apple systems would leave, made without a compiler: the members of a wheel that
//! holds a dynamic library, and an XCFramework with a versioned slice for macOS.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::{MODULE, NAME, macho};
use crate::{
    archive::{ArchiveError, Meta, Stamp, Writer},
    version::Version,
};

/// A file or a link of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative, with `/`.
    pub path: String,
    /// What stands there.
    pub kind: Kind,
}

/// What an [`Entry`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File(Vec<u8>),
    /// A file that may be executed.
    Executable(Vec<u8>),
    /// A symbolic link to this target.
    Symlink(String),
}

impl Entry {
    fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            kind: Kind::File(text.into().into_bytes()),
        }
    }

    fn code(path: impl Into<String>, install_name: &str) -> Self {
        Self {
            path: path.into(),
            kind: Kind::Executable(macho::dylib(install_name, "tideline_hours")),
        }
    }

    fn link(path: impl Into<String>, target: &str) -> Self {
        Self {
            path: path.into(),
            kind: Kind::Symlink(target.to_owned()),
        }
    }
}

/// The name that a build gives to the wheel of `version`: as if it were pure, since the library is
/// loaded by hand. `relkit wheel retag --tag py3-none-macosx_14_0_arm64` puts that right.
#[must_use]
pub fn native_wheel_name(version: &Version) -> String {
    format!("{NAME}-{}-py3-none-any.whl", version.pep440())
}

/// The members of that wheel, RECORD included.
#[must_use]
pub fn native_wheel_members(version: &Version) -> Vec<Entry> {
    let spelled = version.pep440();
    let info = format!("{NAME}-{spelled}.dist-info");
    let mut members = vec![
        Entry::text(
            format!("{NAME}/__init__.py"),
            MODULE.replace("0.1.0", &spelled),
        ),
        Entry::code(
            format!("{NAME}/lib{NAME}.dylib"),
            &format!("@rpath/lib{NAME}.dylib"),
        ),
        Entry::text(
            format!("{info}/METADATA"),
            format!(
                "Metadata-Version: 2.1\nName: {NAME}\nVersion: {spelled}\nSummary: Tide tables\nRequires-Python: >=3.9\n"
            ),
        ),
        Entry::text(
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: relkit demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ),
    ];
    let mut record = String::new();
    for Entry { path, kind } in &members {
        if let Kind::File(bytes) | Kind::Executable(bytes) = kind {
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
            record += &format!("{path},sha256={digest},{}\n", bytes.len());
        }
    }
    let path = format!("{info}/RECORD");
    record += &format!("{path},,\n");
    members.push(Entry::text(path, record));
    members
}

/// The bytes of that wheel: the same version gives the same.
pub fn native_wheel(version: &Version) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = Writer::new(std::io::Cursor::new(Vec::new()), Stamp::FIRST);
    for Entry { path, kind } in native_wheel_members(version) {
        let (mode, bytes) = match kind {
            Kind::File(bytes) => (0o100_644, bytes),
            Kind::Executable(bytes) => (0o100_755, bytes),
            Kind::Symlink(target) => (0o120_755, target.into_bytes()),
        };
        writer.deflate(Meta { path: &path, mode }, 6, &mut &bytes[..])?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The name of the framework's directory.
pub const FRAMEWORK: &str = "Tideline.xcframework";

/// What stands in [`FRAMEWORK`]: one slice for macOS on arm64, in the versioned layout that macOS
/// asks for, with its three links.
#[must_use]
pub fn framework(version: &Version) -> Vec<Entry> {
    let slice = "macos-arm64/Tideline.framework";
    let inside = format!("{slice}/Versions/A");
    let install_name = "@rpath/Tideline.framework/Versions/A/Tideline";
    vec![
        Entry::text("Info.plist", plist(LIBRARIES)),
        Entry::code(format!("{inside}/Tideline"), install_name),
        Entry::text(
            format!("{inside}/Headers/Tideline.h"),
            "int tideline_hours(void);\n",
        ),
        Entry::text(
            format!("{inside}/Modules/module.modulemap"),
            "framework module Tideline {\n  umbrella header \"Tideline.h\"\n  export *\n}\n",
        ),
        Entry::text(
            format!("{inside}/Resources/Info.plist"),
            plist(&BUNDLE.replace("VERSION", &version.base())),
        ),
        Entry::link(format!("{slice}/Versions/Current"), "A"),
        Entry::link(format!("{slice}/Tideline"), "Versions/Current/Tideline"),
        Entry::link(format!("{slice}/Headers"), "Versions/Current/Headers"),
        Entry::link(format!("{slice}/Modules"), "Versions/Current/Modules"),
        Entry::link(format!("{slice}/Resources"), "Versions/Current/Resources"),
    ]
}

const LIBRARIES: &str = "\
\t<key>AvailableLibraries</key>
\t<array>
\t\t<dict>
\t\t\t<key>BinaryPath</key>
\t\t\t<string>Tideline.framework/Versions/A/Tideline</string>
\t\t\t<key>LibraryIdentifier</key>
\t\t\t<string>macos-arm64</string>
\t\t\t<key>LibraryPath</key>
\t\t\t<string>Tideline.framework</string>
\t\t\t<key>SupportedArchitectures</key>
\t\t\t<array>
\t\t\t\t<string>arm64</string>
\t\t\t</array>
\t\t\t<key>SupportedPlatform</key>
\t\t\t<string>macos</string>
\t\t</dict>
\t</array>
\t<key>CFBundlePackageType</key>
\t<string>XFWK</string>
\t<key>XCFrameworkFormatVersion</key>
\t<string>1.0</string>
";

const BUNDLE: &str = "\
\t<key>CFBundleExecutable</key>
\t<string>Tideline</string>
\t<key>CFBundleIdentifier</key>
\t<string>example.tideline</string>
\t<key>CFBundlePackageType</key>
\t<string>FMWK</string>
\t<key>CFBundleShortVersionString</key>
\t<string>VERSION</string>
\t<key>LSMinimumSystemVersion</key>
\t<string>14.0</string>
";

fn plist(keys: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n{keys}</dict>\n</plist>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        wheel::{Retag, Source},
        xcframework::{self, Node},
    };

    #[test]
    fn the_wheel_can_be_retagged() {
        let version = Version::new(0, 2, 0).candidate(1);
        let bytes = native_wheel(&version).unwrap();
        assert_eq!(native_wheel(&version).unwrap(), bytes);
        let name = native_wheel_name(&version);
        let read = crate::wheel::read(&name, &bytes).unwrap();
        assert_eq!(read.project, NAME);
        let source = Source::read(&name, &mut std::io::Cursor::new(&bytes)).unwrap();
        let retag = Retag {
            tags: Some("py3-none-macosx_14_0_arm64".parse().unwrap()),
            ..Retag::default()
        };
        let to = retag.name(&source.name).unwrap();
        assert_eq!(
            to.to_string(),
            "tideline-0.2.0rc1-py3-none-macosx_14_0_arm64.whl"
        );
        source.retag(&to).unwrap();
    }

    #[test]
    fn the_framework_can_be_packaged() {
        let entries = framework(&Version::new(0, 2, 0).candidate(1));
        let mut nodes: Vec<Node> = Vec::new();
        for Entry { path, kind } in &entries {
            for (at, _) in path.match_indices('/') {
                let node = Node {
                    path: path[..at].to_owned(),
                    kind: xcframework::Kind::Directory,
                };
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
            let kind = match kind {
                Kind::File(_) => xcframework::Kind::File(xcframework::Mode::Plain),
                Kind::Executable(_) => xcframework::Kind::File(xcframework::Mode::Executable),
                Kind::Symlink(target) => xcframework::Kind::Symlink(target.clone()),
            };
            nodes.push(Node {
                path: path.clone(),
                kind,
            });
        }
        let count = nodes.len();
        assert_eq!(xcframework::members(FRAMEWORK, nodes).unwrap().len(), count);
        for Entry { path, kind } in entries {
            if let (true, Kind::File(bytes)) = (path.contains("Info."), kind) {
                let text = String::from_utf8(bytes).unwrap();
                let mut reader = quick_xml::Reader::from_str(&text);
                while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
            }
        }
    }
}

//! A dynamic library for macOS on arm64, byte by byte: what a compiler would make of one function
//! that returns 14. Nothing runs it here; linkers, `file` and the checks of binaries can read it.

/// Where the first section begins, and the size of a page.
const TEXT: u32 = 0x1000;
const PAGE: u64 = 0x4000;
/// `mov w0, #14`, `ret`
const CODE: [u32; 2] = [0x5280_01c0, 0xd65f_03c0];
/// macOS 14.0, as the format packs it.
const MACOS_14: u32 = 14 << 16;

/// Commands of the header that loaders read.
struct Commands {
    bytes: Vec<u8>,
    count: u32,
}

impl Commands {
    /// A command, its size filled in and its end padded as 64-bit images want it.
    fn push(&mut self, kind: u32, body: &[u8]) {
        let size = (body.len() + 8).next_multiple_of(8);
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(narrow(size).to_le_bytes());
        self.bytes.extend(body);
        self.bytes
            .resize(self.bytes.len() + size - 8 - body.len(), 0);
        self.count += 1;
    }
}

/// The library called `name` by those who link it, such as `@rpath/libdemo.dylib`; it exports
/// `symbol`.
#[must_use]
pub fn dylib(name: &str, symbol: &str) -> Vec<u8> {
    let mut commands = Commands {
        bytes: Vec::new(),
        count: 0,
    };
    let strings = strings(symbol);
    // Behind the page of the code: one symbol, then the names.
    let symbols = narrow(PAGE);
    let names = symbols + 16;
    let link = 16 + strings.len() as u64;

    let mut text = segment("__TEXT", [0, PAGE, 0, PAGE], 1);
    text.extend(section());
    commands.push(0x19, &text);
    commands.push(0x19, &segment("__LINKEDIT", [PAGE, PAGE, PAGE, link], 0));
    // LC_ID_DYLIB: where its name is, a date, the current and the compatible version 1.0.0.
    let mut id = words(&[24, 1, 1 << 16, 1 << 16]);
    id.extend(name.as_bytes());
    id.push(0);
    commands.push(0x0d, &id);
    // LC_SYMTAB, LC_DYSYMTAB: one symbol, defined here and seen outside.
    commands.push(0x02, &words(&[symbols, 1, names, narrow(strings.len())]));
    commands.push(
        0x0b,
        &words(&[0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    );
    // LC_UUID: always the same.
    commands.push(0x1b, b"relkit\x00demo\x00\x80\x00\x00\x00");
    // LC_BUILD_VERSION: macOS, the least version, the kit, no tools.
    commands.push(0x32, &words(&[1, MACOS_14, MACOS_14, 0]));

    // A 64-bit image for arm64, a library, with commands; it needs nothing, and names in two levels.
    let mut image = words(&[
        0xfeed_facf,
        0x0100_000c,
        0,
        6,
        commands.count,
        narrow(commands.bytes.len()),
        0x0010_0085,
        0,
    ]);
    image.extend(commands.bytes);
    image.resize(TEXT as usize, 0);
    image.extend(words(&CODE));
    image.resize(symbols as usize, 0);
    // The name's place, a defined external symbol in section 1, and its address.
    image.extend(1_u32.to_le_bytes());
    image.extend([0x0f, 1, 0, 0]);
    image.extend(u64::from(TEXT).to_le_bytes());
    image.extend(strings);
    image
}

/// `[address, size, offset, file size]`, readable; executable if it has `sections`.
fn segment(name: &str, place: [u64; 4], sections: u32) -> Vec<u8> {
    let mut body = field(name);
    for value in place {
        body.extend(value.to_le_bytes());
    }
    let protection = if sections == 0 { 1 } else { 5 };
    body.extend(words(&[protection, protection, sections, 0]));
    body
}

/// The only section: code.
fn section() -> Vec<u8> {
    let mut body = field("__text");
    body.extend(field("__TEXT"));
    body.extend(u64::from(TEXT).to_le_bytes());
    body.extend((4 * CODE.len() as u64).to_le_bytes());
    body.extend(words(&[TEXT, 2, 0, 0, 0x8000_0400, 0, 0, 0]));
    body
}

fn strings(symbol: &str) -> Vec<u8> {
    let mut strings = format!("\0_{symbol}\0").into_bytes();
    strings.resize(strings.len().next_multiple_of(8), 0);
    strings
}

/// A name of 16 bytes.
fn field(name: &str) -> Vec<u8> {
    let mut field = name.as_bytes().to_vec();
    field.resize(16, 0);
    field
}

fn words(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Lengths here are a few kilobytes.
fn narrow(length: impl TryInto<u32>) -> u32 {
    length.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use object::{
        BinaryFormat, LittleEndian, Object as _, ObjectKind, ObjectSection as _, macho,
        read::macho::{MachHeader as _, MachOFile64},
    };

    use super::*;

    #[test]
    fn another_reader_sees_a_library_for_macos_14_on_arm64() {
        let bytes = dylib("@rpath/libdemo.dylib", "demo");
        let file = object::File::parse(&bytes[..]).unwrap();
        assert_eq!(file.format(), BinaryFormat::MachO);
        assert_eq!(file.architecture(), object::Architecture::Aarch64);
        assert_eq!(file.kind(), ObjectKind::Dynamic);
        let text = file.section_by_name("__text").unwrap();
        assert_eq!(text.data().unwrap(), words(&CODE));
        let exports = file.exports().unwrap();
        assert_eq!(exports.len(), 1);
        assert_eq!(exports[0].name(), b"_demo");
        assert_eq!(exports[0].address(), u64::from(TEXT));

        let image = MachOFile64::<LittleEndian>::parse(&bytes[..]).unwrap();
        let header = image.macho_header();
        let mut commands = header.load_commands(LittleEndian, &bytes[..], 0).unwrap();
        let (mut platform, mut id) = (None, None);
        let mut sizes = 0;
        while let Some(command) = commands.next().unwrap() {
            sizes += command.cmdsize();
            if let Some(build) = command.build_version().unwrap() {
                platform = Some((
                    build.platform.get(LittleEndian),
                    build.minos.get(LittleEndian),
                ));
            }
            if command.cmd() == macho::LC_ID_DYLIB {
                let dylib: &macho::DylibCommand<LittleEndian> = command.data().unwrap();
                id = Some(
                    command
                        .string(LittleEndian, dylib.dylib.name)
                        .unwrap()
                        .to_vec(),
                );
            }
        }
        assert_eq!(sizes, header.sizeofcmds.get(LittleEndian));
        assert_eq!(platform, Some((macho::PLATFORM_MACOS, MACOS_14)));
        assert_eq!(id.unwrap(), b"@rpath/libdemo.dylib");
    }
}

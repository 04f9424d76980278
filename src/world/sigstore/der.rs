//! A writer of DER (ITU-T X.690): what X.509, RFC 6962 and RFC 3161 need of it, and no more.

use jiff::Timestamp;

/// Encoded bytes.
pub(super) type Der = Vec<u8>;

/// A tag, the length of the content, the content.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Der {
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let digits = &length[zeros.min(length.len() - 1)..];
    let mut der = vec![tag];
    // One byte below 128; else the number of bytes that follow, at most eight, with the high bit.
    if digits.len() > 1 || digits[0] >= 0x80 {
        let [.., count] = digits.len().to_be_bytes();
        der.push(0x80 | count);
    }
    der.extend(digits);
    der.extend(content);
    der
}

/// `SEQUENCE`.
pub(super) fn sequence(parts: &[Der]) -> Der {
    tlv(0x30, &parts.concat())
}

/// `SET OF`: DER sorts its members.
pub(super) fn set(parts: &[Der]) -> Der {
    let mut parts = parts.to_vec();
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// `OCTET STRING`.
pub(super) fn octets(content: &[u8]) -> Der {
    tlv(0x04, content)
}

/// `BIT STRING` of whole bytes.
pub(super) fn bits(content: &[u8]) -> Der {
    tlv(0x03, &[&[0], content].concat())
}

/// `UTF8String`.
pub(super) fn utf8(text: &str) -> Der {
    tlv(0x0c, text.as_bytes())
}

/// `BOOLEAN TRUE`; false is a default, which DER leaves out.
pub(super) fn yes() -> Der {
    tlv(0x01, &[0xff])
}

/// `INTEGER`, not negative, from its big-endian bytes.
pub(super) fn integer(bytes: &[u8]) -> Der {
    let start = bytes.iter().position(|byte| *byte != 0);
    let digits = start.map_or(&[0][..], |start| &bytes[start..]);
    // A leading one bit would make it negative.
    let sign: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
    tlv(0x02, &[sign, digits].concat())
}

/// `OBJECT IDENTIFIER`, from its arcs.
pub(super) fn oid(arcs: &[u32]) -> Der {
    let mut content = Vec::new();
    let first = arcs.iter().take(2).fold(0, |sum, arc| sum * 40 + arc);
    for arc in [first].iter().chain(arcs.iter().skip(2)) {
        let groups = (32 - arc.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let more = if group == 0 { 0 } else { 0x80 };
            let [.., low] = (arc >> (7 * group)).to_be_bytes();
            content.push(low & 0x7f | more);
        }
    }
    tlv(0x06, &content)
}

/// `GeneralizedTime` in whole seconds: some verifiers refuse fractions, though RFC 3161 has them.
pub(super) fn generalized_time(at: Timestamp) -> Der {
    tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

/// The time of a certificate: `UTCTime` to the end of 2049, then `GeneralizedTime` (RFC 5280).
pub(super) fn time(at: Timestamp) -> Der {
    let year = at.strftime("%Y").to_string();
    if year.as_str() < "2050" {
        tlv(0x17, at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        generalized_time(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_bytes_that_x690_gives_as_examples() {
        for (der, expected) in [
            (tlv(0x04, &[]), "0400"),
            (tlv(0x04, &[1; 0x7f])[..2].to_vec(), "047f"),
            (tlv(0x04, &[1; 0x80])[..3].to_vec(), "048180"),
            (tlv(0x04, &[1; 0x1234])[..4].to_vec(), "04821234"),
            (integer(&[0, 0]), "020100"),
            (integer(&[]), "020100"),
            (integer(&[0, 0x80]), "02020080"),
            (integer(&[1, 0]), "02020100"),
            (oid(&[2, 999, 3]), "0603883703"),
            (oid(&[1, 2, 840, 10045, 4, 3, 2]), "06082a8648ce3d040302"),
            (set(&[vec![5, 0], vec![1, 1, 255]]), "31050101ff0500"),
            (bits(&[7]), "03020007"),
        ] {
            assert_eq!(hex::encode(der), expected);
        }
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(time(at("2049-12-31T23:59:59Z"))[2..], *b"491231235959Z");
        assert_eq!(time(at("2050-01-01T00:00:00.9Z"))[2..], *b"20500101000000Z");
    }
}

//! Numbers as JSON writes them: decimals of any length, compared exactly, never as floats.

use std::{cmp::Ordering, fmt};

/// A decimal number: `0.digits × 10^exponent`, with its sign and its spelling.
#[derive(Clone, Debug)]
pub struct Decimal {
    text: String,
    negative: bool,
    /// Without leading and trailing zeros; empty for zero.
    digits: String,
    /// Where the point stands, counted from the first digit.
    exponent: i64,
}

impl Decimal {
    /// Reads a number as RFC 8259 spells it; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        let plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || leading_zero || !plain(whole) || !plain(fraction) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let skipped = i64::try_from(all.len() - significant.len()).ok()?;
        let digits = significant.trim_end_matches('0').to_owned();
        let point = i64::try_from(whole.len()).ok()? - skipped;
        Some(Self {
            text: text.to_owned(),
            negative: negative && !digits.is_empty(),
            exponent: if digits.is_empty() {
                0
            } else {
                point.saturating_add(power)
            },
            digits,
        })
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Digits without leading zeros compare as text once the points are aligned.
            (false, false) => self
                .exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

fn exponent(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Far beyond any number that means something; the order stays right.
    Some(sign * digits.parse::<i64>().unwrap_or(1 << 60).min(1 << 60))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn compares_by_value_whatever_the_spelling() {
        for same in [
            &["1", "1.0", "1e0", "0.1e1", "10E-1", "100e-2"][..],
            &["0", "-0", "0.000", "0e99", "-0e-5"],
            &["-2.50", "-25e-1", "-0.25e+1"],
        ] {
            for pair in same.windows(2) {
                assert_eq!(decimal(pair[0]), decimal(pair[1]), "{pair:?}");
            }
        }
        let ordered = [
            "-1e400",
            "-10",
            "-9.99",
            "-0.1",
            "0",
            "1e-400",
            "0.1",
            "0.70",
            "0.7000000000000000000001",
            "9",
            "10",
            "9007199254740992",
            "9007199254740993",
            "1e30",
            "1e99999999999999999999999",
        ];
        for (n, one) in ordered.iter().enumerate() {
            for (m, other) in ordered.iter().enumerate() {
                assert_eq!(
                    decimal(one).cmp(&decimal(other)),
                    n.cmp(&m),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn refuses_what_is_no_json_number() {
        for bad in [
            "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "NaN", "Infinity", "0x1", "1_0",
        ] {
            assert!(Decimal::parse(bad).is_none(), "{bad}");
        }
    }
}

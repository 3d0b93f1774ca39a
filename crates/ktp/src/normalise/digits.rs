//! Fields made of digits: the NIK and RT/RW.
//!
//! Invariant: letters are taken for the digits they resemble only here, where nothing but digits can stand.
//! Deliberately lacking: the meaning of the digits.

use crate::text::as_digit;

/// Sixteen digits, or `None`. Spaces and stray punctuation between them are dropped; a letter is taken for a digit only
/// if most of the text is digits already.
pub(super) fn nik(text: &str) -> Option<String> {
    let text = text.strip_prefix("NIK").unwrap_or(text);
    let kept: Vec<char> =
        text.chars().filter(|c| !matches!(c, ' ' | ':' | '.' | ',' | '-' | '\'' | '_')).take(17).collect();
    let real = kept.iter().filter(|c| c.is_ascii_digit()).count();
    if kept.len() != 16 || real < 12 {
        return None;
    }
    kept.into_iter().map(as_digit).collect()
}

/// `NNN/NNN`, or `-` where the card prints a dash, or `None`. A missing part is `000`.
pub(super) fn rt_rw(text: &str) -> Option<String> {
    let kept: Vec<char> =
        text.chars().filter(|c| !matches!(c, ' ' | '.' | ',' | ':' | '\'')).take(16).collect();
    let dash = |c: &char| matches!(c, '-' | '_');
    if kept.iter().all(|c| dash(c) || *c == '/') {
        return Some(if kept.contains(&'/') { "000/000" } else { "-" }.to_owned());
    }
    let slash = |c: &char| matches!(c, '/' | '\\' | '-' | '(' | ')');
    if let Some(at) = kept.iter().position(slash) {
        let rest: Vec<char> = kept[at + 1..].iter().copied().filter(|c| !slash(c)).collect();
        return Some(format!("{}/{}", three(&kept[..at])?, three(&rest)?));
    }
    match kept.len() {
        6 => Some(format!("{}/{}", three(&kept[..3])?, three(&kept[3..])?)),
        // A slash misread as an upright stroke.
        7 if matches!(kept[3], '1' | 'I' | 'L' | '|' | '7' | '!') => {
            Some(format!("{}/{}", three(&kept[..3])?, three(&kept[4..])?))
        }
        1..=3 => Some(format!("{}/000", three(&kept)?)),
        _ => None,
    }
}

/// Up to three digits, padded with zeros; more only if the surplus is leading zeros.
fn three(chars: &[char]) -> Option<String> {
    if chars.contains(&'-') || chars.is_empty() {
        return chars.iter().all(|c| *c == '-').then(|| "000".to_owned());
    }
    let digits: String = chars.iter().copied().map(as_digit).collect::<Option<_>>()?;
    let number: u32 = digits.parse().ok()?;
    (number < 1000).then(|| format!("{number:03}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_survives_noise() {
        for (text, expected) in [
            ("3174095207900000", Some("3174095207900000")),
            (": 3174 0952 0790 0000", Some("3174095207900000")),
            ("NIK : 31740952O79OOOOO", None),
            ("31740952O790000O", Some("3174095207900000")),
            ("3I740952079OOOOO", None),
            ("31740952079000001", None),
            ("CONTOH", None),
        ] {
            assert_eq!(nik(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn rt_rw_survives_the_templates() {
        for (text, expected) in [
            ("001/003", Some("001/003")),
            ("001 /  003", Some("001/003")),
            ("OO1/ 0I2", Some("001/012")),
            ("000/", Some("000/000")),
            ("000/000", Some("000/000")),
            ("/", Some("000/000")),
            ("-", Some("-")),
            ("-/-", Some("000/000")),
            ("3/12", Some("003/012")),
            ("001003", Some("001/003")),
            ("001I003", Some("001/003")),
            ("0011003", Some("001/003")),
            ("007", Some("007/000")),
            ("1234/001", None),
            ("0012/001", Some("012/001")),
            ("XYZ/001", None),
            ("", None),
        ] {
            let expected = if text.is_empty() { Some("-") } else { expected };
            assert_eq!(rt_rw(text).as_deref(), expected, "{text}");
        }
    }
}

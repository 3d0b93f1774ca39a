//! Small text operations shared by parsers and lookups.
//!
//! Invariant: linear in the length of the input, except [`distance`], which bounds its input first. Deliberately
//! lacking: knowledge of any field.

/// Longest text, in characters, that is compared with a vocabulary or a region name. The longest official occupation
/// has 35; anything beyond three times that is not a misread of one.
const MAX_COMPARED_CHARS: usize = 120;

/// Upper case, control characters and runs of white space turned into single spaces, ends trimmed.
pub(crate) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if ch.is_whitespace() || ch.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.extend(ch.to_uppercase().map(unify));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Typographic quotes and dashes become the plain signs a card prints.
fn unify(ch: char) -> char {
    match ch {
        '‘' | '’' | '`' | '´' | 'ʼ' => '\'',
        '“' | '”' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '：' => ':',
        other => other,
    }
}

/// Letters and digits only, upper case: the form in which two spellings are compared.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Edits (insert, delete, replace, swap neighbours) between two compact texts; `None` where either is too long to be
/// worth comparing.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    let short = |s: &str| s.len() <= 4 * MAX_COMPARED_CHARS && s.chars().count() <= MAX_COMPARED_CHARS;
    (short(a) && short(b)).then(|| strsim::osa_distance(a, b))
}

/// The digit an OCR reader most likely mistook for this character, if any. Only for places where digits must stand.
pub(crate) fn as_digit(ch: char) -> Option<char> {
    match ch {
        '0'..='9' => Some(ch),
        'O' | 'o' | 'D' | 'Q' | 'U' => Some('0'),
        'I' | 'i' | 'l' | 'L' | '|' | '!' | ']' | '[' => Some('1'),
        'Z' | 'z' => Some('2'),
        'A' => Some('4'),
        'S' | 's' | '$' => Some('5'),
        'G' | 'b' => Some('6'),
        'T' | '?' => Some('7'),
        'B' | '&' => Some('8'),
        'g' | 'q' => Some('9'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squeeze_leaves_single_spaces_and_upper_case() {
        for (input, expected) in [
            ("  contoh \t\n nama ", "CONTOH NAMA"),
            ("\u{0}a\u{7}b", "A B"),
            ("D’Souza – Jl. 3", "D'SOUZA - JL. 3"),
            ("", ""),
            (" \u{3000} ", ""),
        ] {
            assert_eq!(squeeze(input), expected);
        }
    }

    #[test]
    fn distance_counts_a_swap_once_and_refuses_the_endless() {
        assert_eq!(distance("KATHOLIK", "KATOHLIK"), Some(1));
        assert_eq!(distance(&"A".repeat(121), "A"), None);
    }
}

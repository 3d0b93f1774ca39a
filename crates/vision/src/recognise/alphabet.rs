//! The recogniser's classes.
//!
//! Invariant: class 0 is the CTC blank, class i + 1 is `CHARS[i]`; all published nets share this order. Deliberately
//! lacks lower case: values are printed in capitals and labels are compared without case.

pub(crate) const CHARS: &[u8] = b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./,:'()&+";
pub(crate) const BLANK: usize = 0;
pub(crate) const CLASSES: usize = CHARS.len() + 1;

/// The class of a character, if the recogniser knows it.
pub(crate) fn class_of(ch: char) -> Option<usize> {
    CHARS.iter().position(|&c| char::from(c) == ch).map(|i| i + 1)
}

/// The character of a class; `None` for the blank.
pub(crate) fn char_of(class: usize) -> Option<char> {
    class.checked_sub(1).and_then(|i| CHARS.get(i)).map(|&c| char::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_characters_are_inverse() {
        assert_eq!((CLASSES, char_of(BLANK), char_of(CLASSES)), (48, None, None));
        for class in 1..CLASSES {
            assert_eq!(class_of(char_of(class).unwrap()), Some(class));
        }
        assert_eq!(class_of('a'), None);
    }
}

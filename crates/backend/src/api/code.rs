//! One-time codes that people can read out.
//!
//! Invariant: a code has 80 random bits, so guessing is hopeless and needs no lock-out that a stranger could trigger; only
//! its digest is stored.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};

/// Crockford's alphabet: no I, L, O or U, so it can be read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 16;
/// Keeps the key apart from the digest that is stored.
const SEAL_CONTEXT: &[u8] = b"loket-handover-v1\n";

/// A fresh code, in groups of four. `None` if the system has no randomness.
#[must_use]
pub fn new_code() -> Option<String> {
    let mut bytes = [0_u8; CODE_LENGTH];
    getrandom::fill(&mut bytes).ok()?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

/// The digest of a code, however it was typed. `None` if it is none.
#[must_use]
pub fn code_digest(code: &str) -> Option<String> {
    plain(code).map(|plain| hex::encode(Sha256::digest(plain.as_bytes())))
}

/// A code without what does not count.
fn plain(code: &str) -> Option<String> {
    let mut plain = String::new();
    for letter in code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        plain.push(match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    }
    let is_code = plain.len() == CODE_LENGTH && plain.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then_some(plain)
}

/// Each code seals one text, so its key is used once and the nonce may be constant.
fn key_of(code: &str) -> Option<(LessSafeKey, Nonce)> {
    let mut hasher = Sha256::new();
    hasher.update(SEAL_CONTEXT);
    hasher.update(plain(code)?.as_bytes());
    let key = UnboundKey::new(&CHACHA20_POLY1305, &hasher.finalize()).ok()?;
    Some((LessSafeKey::new(key), Nonce::assume_unique_for_key([0; 12])))
}

/// Seals a text so that only who has the code opens it.
pub(super) fn seal(code: &str, text: &[u8]) -> Option<Vec<u8>> {
    let (key, nonce) = key_of(code)?;
    let mut sealed = text.to_vec();
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed).ok()?;
    Some(sealed)
}

/// Opens what was sealed with this code.
pub(super) fn open(code: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (key, nonce) = key_of(code)?;
    let mut text = sealed.to_vec();
    let length = key.open_in_place(nonce, Aad::empty(), &mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_being_read_out() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), 19);
        assert_ne!(code, new_code().unwrap());
        let spoken = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(code_digest(&code), code_digest(&spoken));
        assert!(code_digest(&code).is_some());
        assert_eq!(open(&spoken, &seal(&code, b"order").unwrap()).as_deref(), Some(&b"order"[..]));
        assert_eq!(code_digest("0000-0000-0000"), None);
        assert_eq!(code_digest("0000-0000-0000-000U"), None);
    }

    #[test]
    fn only_the_code_opens_what_it_sealed() {
        let (code, other) = (new_code().unwrap(), new_code().unwrap());
        let sealed = seal(&code, b"6280000000000").unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"62800"));
        assert_eq!(open(&other, &sealed), None);
        let mut changed = sealed.clone();
        changed[0] ^= 1;
        assert_eq!(open(&code, &changed), None);
        assert_eq!(open(&code, b""), None);
    }
}

//! The PIN that guards settings: a file with a salted hash, and a lock that grows with wrong tries.
//!
//! Invariant: the PIN itself is never stored, and a wrong try is on disk before it is answered, so that ending the
//! process gives no new tries. Deliberately lacks: a way to read a PIN back, and protection against somebody who may
//! write this user's files; such a person needs no PIN.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use argon2::Argon2;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::key::RandomnessUnavailable;

const FORMAT: &str = "loket-pin-v1";
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// More than any PIN file.
const MAX_FILE_BYTES: u64 = 1024;

/// How wrong tries are answered.
#[derive(Clone, Copy, Debug)]
pub struct PinParams {
    /// Wrong tries in a row before a lock. Five: a person mistypes twice, a guesser has 10⁶ to go through.
    pub tries: u32,
    /// How long the first, second and every later lock lasts, in milliseconds: 1, 5 and 15 minutes. At most 20
    /// guesses an hour are left, six years for all PINs.
    pub locks_ms: [i64; 3],
}

impl Default for PinParams {
    fn default() -> Self {
        Self { tries: 5, locks_ms: [60_000, 300_000, 900_000] }
    }
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinAnswer {
    /// It is the PIN.
    Right,
    /// It is not; another may be tried after so many milliseconds, 0 at once.
    Wrong {
        /// Milliseconds until another may be tried.
        locked_ms: i64,
    },
    /// It was not looked at: too many were wrong.
    Locked {
        /// Milliseconds until another may be tried.
        locked_ms: i64,
    },
}

/// Why a PIN could not be checked or chosen.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// Not six digits.
    #[error("a PIN has {PIN_DIGITS} digits")]
    NotSixDigits,
    /// The file cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no PIN file; it is not overwritten.
    #[error("{} is no PIN file of this application; remove it to choose a new PIN", .0.display())]
    NotAPin(PathBuf),
    /// No random bytes for a salt.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

/// The PIN of one installation.
#[derive(Clone, Debug)]
pub struct PinFile {
    path: PathBuf,
    params: PinParams,
}

/// What the file says.
struct Record {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
    /// Wrong tries since the last right one.
    wrong: u32,
    locked_until_ms: i64,
}

impl PinFile {
    /// The PIN kept in the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf, params: PinParams) -> Self {
        Self { path, params }
    }

    /// Whether a PIN was chosen.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.path.exists()
    }

    /// Keeps a new PIN in place of any other; wrong tries are forgotten.
    pub fn choose(&self, pin: &str) -> Result<(), PinError> {
        if pin.len() != PIN_DIGITS || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(PinError::NotSixDigits);
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(RandomnessUnavailable::from)?;
        self.write(&Record { salt, hash: *hash(pin, &salt), wrong: 0, locked_until_ms: 0 })
    }

    /// Milliseconds until a PIN may be tried; 0 at once.
    pub fn locked_ms(&self, now_ms: i64) -> Result<i64, PinError> {
        Ok(self.read()?.map_or(0, |record| self.left_ms(&record, now_ms)))
    }

    /// Tries a PIN. Without a chosen one every try is wrong.
    pub fn check(&self, pin: &str, now_ms: i64) -> Result<PinAnswer, PinError> {
        let Some(mut record) = self.read()? else { return Ok(PinAnswer::Wrong { locked_ms: 0 }) };
        let locked_ms = self.left_ms(&record, now_ms);
        if locked_ms > 0 {
            return Ok(PinAnswer::Locked { locked_ms });
        }
        // Counted as wrong before it is known, and forgiven afterwards.
        record.wrong = record.wrong.saturating_add(1);
        record.locked_until_ms = now_ms.saturating_add(self.lock_ms(record.wrong));
        self.write(&record)?;
        if bool::from(hash(pin, &record.salt).as_slice().ct_eq(&record.hash)) {
            self.write(&Record { wrong: 0, locked_until_ms: 0, ..record })?;
            return Ok(PinAnswer::Right);
        }
        Ok(PinAnswer::Wrong { locked_ms: self.left_ms(&record, now_ms) })
    }

    /// How long the lock after this many wrong tries lasts.
    fn lock_ms(&self, wrong: u32) -> i64 {
        if !wrong.is_multiple_of(self.params.tries) {
            return 0;
        }
        let place = (wrong / self.params.tries).saturating_sub(1) as usize;
        self.params.locks_ms[place.min(self.params.locks_ms.len() - 1)]
    }

    /// A clock set back must not lock for longer than the lock was meant to last.
    fn left_ms(&self, record: &Record, now_ms: i64) -> i64 {
        record.locked_until_ms.saturating_sub(now_ms).clamp(0, self.lock_ms(record.wrong))
    }

    fn read(&self) -> Result<Option<Record>, PinError> {
        let io = |source| PinError::Io { path: self.path.clone(), source };
        let size = match fs::metadata(&self.path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        let text =
            if size <= MAX_FILE_BYTES { fs::read_to_string(&self.path).map_err(io)? } else { String::new() };
        Record::parse(&text).map(Some).ok_or_else(|| PinError::NotAPin(self.path.clone()))
    }

    fn write(&self, record: &Record) -> Result<(), PinError> {
        replace_private(&self.path, &record.to_text())
            .map_err(|source| PinError::Io { path: self.path.clone(), source })
    }
}

impl Record {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        if words.next()? != FORMAT {
            return None;
        }
        let (mut salt, mut hash) = ([0; SALT_BYTES], [0; HASH_BYTES]);
        hex::decode_to_slice(words.next()?, &mut salt).ok()?;
        hex::decode_to_slice(words.next()?, &mut hash).ok()?;
        let (wrong, locked_until_ms) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        words.next().is_none().then_some(Self { salt, hash, wrong, locked_until_ms })
    }

    fn to_text(&self) -> String {
        let Self { salt, hash, wrong, locked_until_ms } = self;
        format!("{FORMAT} {} {} {wrong} {locked_until_ms}\n", hex::encode(salt), hex::encode(hash))
    }
}

/// Argon2id with its recommended cost (19 MiB, 2 passes): some tens of milliseconds.
fn hash(pin: &str, salt: &[u8]) -> Zeroizing<[u8; HASH_BYTES]> {
    let mut out = Zeroizing::new([0; HASH_BYTES]);
    Argon2::default()
        .hash_password_into(pin.as_bytes(), salt, out.as_mut_slice())
        .expect("salt and output have lengths that Argon2 allows");
    out
}

/// Written beside and renamed, so that a crash leaves the old file or the new one.
fn replace_private(path: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIN: &str = "482915";

    fn chosen() -> (tempfile::TempDir, PinFile) {
        let dir = tempfile::tempdir().unwrap();
        let file = PinFile::new(dir.path().join("pin"), PinParams::default());
        file.choose(PIN).unwrap();
        (dir, file)
    }

    #[test]
    fn the_chosen_pin_is_right_and_only_its_hash_is_kept() {
        let (_dir, file) = chosen();
        assert_eq!(file.check(PIN, 0).unwrap(), PinAnswer::Right);
        assert_eq!(file.check("482916", 0).unwrap(), PinAnswer::Wrong { locked_ms: 0 });
        assert!(!fs::read_to_string(&file.path).unwrap().contains(PIN));
    }

    #[test]
    fn only_six_digits_are_taken() {
        let (_dir, file) = chosen();
        for pin in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(matches!(file.choose(pin), Err(PinError::NotSixDigits)), "{pin}");
        }
    }

    #[test]
    fn every_fifth_wrong_try_locks_for_longer() {
        let (_dir, file) = chosen();
        let mut now_ms = 1_000_000;
        for lock_ms in [60_000, 300_000, 900_000, 900_000] {
            for _ in 0..4 {
                assert_eq!(file.check("000000", now_ms).unwrap(), PinAnswer::Wrong { locked_ms: 0 });
            }
            assert_eq!(file.check("000000", now_ms).unwrap(), PinAnswer::Wrong { locked_ms: lock_ms });
            // The right one does not help now, and is not counted.
            let locked = file.check(PIN, now_ms + 1_000).unwrap();
            assert_eq!(locked, PinAnswer::Locked { locked_ms: lock_ms - 1_000 });
            now_ms += lock_ms;
        }
        assert_eq!(file.check(PIN, now_ms).unwrap(), PinAnswer::Right);
        assert_eq!(file.locked_ms(now_ms).unwrap(), 0);
    }

    #[test]
    fn the_lock_outlives_the_process_but_not_a_clock_set_back() {
        let (_dir, file) = chosen();
        for _ in 0..5 {
            file.check("000000", 1_000_000).unwrap();
        }
        let again = PinFile::new(file.path.clone(), PinParams::default());
        assert_eq!(again.locked_ms(1_000_000).unwrap(), 60_000);
        assert_eq!(again.locked_ms(0).unwrap(), 60_000, "never longer than meant");
    }

    #[test]
    fn a_foreign_file_is_neither_a_pin_nor_overwritten_by_checking() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pin");
        fs::write(&path, "something else").unwrap();
        let file = PinFile::new(path.clone(), PinParams::default());
        assert!(matches!(file.check(PIN, 0), Err(PinError::NotAPin(_))));
        assert_eq!(fs::read_to_string(path).unwrap(), "something else");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_dir, file) = chosen();
        assert_eq!(fs::metadata(&file.path).unwrap().permissions().mode() & 0o077, 0);
    }
}

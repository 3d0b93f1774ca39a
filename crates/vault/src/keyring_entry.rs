//! Master keys in the operating system's keyring (Keychain, Credential Manager, Secret Service).
//!
//! Invariant: "there is no keyring" and "the keyring holds no key" are different answers; only
//! the second may lead to a new key. Lacks on purpose: a keyring of our own.
//!
//! Calls block (on Linux they talk over D-Bus and may wait for the user to unlock the keyring).

use keyring::{Entry, Error};
use zeroize::{Zeroize as _, Zeroizing};

use crate::key::{MasterKey, RandomnessUnavailable};
use crate::source::KEY_FILE_VARIABLE;

/// Where in the keyring a key lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyringEntry {
    /// The application.
    pub service: String,
    /// Which of its keys: one per data directory.
    pub account: String,
}

/// Why the keyring gave no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// No keyring runs here (no desktop session, no Secret Service) or it is locked.
    #[error("no usable keyring in this session ({reason}); set {KEY_FILE_VARIABLE} to a key file instead")]
    Unavailable {
        /// What the system said.
        reason: String,
    },
    /// The keyring works but holds no key for this entry.
    #[error("the keyring holds no key for {} / {}", .0.service, .0.account)]
    NoKey(KeyringEntry),
    /// Something else is stored there.
    #[error("the keyring's entry {} / {} is not a key of this application", .0.service, .0.account)]
    NotAKey(KeyringEntry),
    /// A key is there already; it may be the only key to a queue.
    #[error("the keyring holds a key for {} / {} already; it is not overwritten", .0.service, .0.account)]
    Exists(KeyringEntry),
    /// No random bytes for a new key.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

impl MasterKey {
    /// Reads the key of `entry`.
    pub fn from_keyring(entry: &KeyringEntry) -> Result<Self, KeyringError> {
        read(&open(entry)?, entry)
    }

    /// Makes a new key and stores it under `entry`, unless a key is there already.
    pub fn generate_in_keyring(entry: &KeyringEntry) -> Result<Self, KeyringError> {
        let slot = open(entry)?;
        match read(&slot, entry) {
            Err(KeyringError::NoKey(_)) => {}
            Ok(_) => return Err(KeyringError::Exists(entry.clone())),
            Err(other) => return Err(other),
        }
        let key = Self::generate()?;
        slot.set_password(&key.to_text()).map_err(|error| unavailable(&error))?;
        // Some keyrings take a write and forget it; a key that cannot be read back is no key.
        let stored = read(&slot, entry)?;
        if stored.id() == key.id() { Ok(key) } else { Ok(stored) }
    }
}

fn open(entry: &KeyringEntry) -> Result<Entry, KeyringError> {
    if let Err(error) = Entry::store_status() {
        return Err(unavailable(error));
    }
    Entry::new(&entry.service, &entry.account).map_err(|error| unavailable(&error))
}

fn read(slot: &Entry, entry: &KeyringEntry) -> Result<MasterKey, KeyringError> {
    match slot.get_password().map(Zeroizing::new) {
        Ok(text) => MasterKey::from_text(&text).ok_or_else(|| KeyringError::NotAKey(entry.clone())),
        Err(Error::NoEntry) => Err(KeyringError::NoKey(entry.clone())),
        Err(Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _)) => {
            bytes.zeroize();
            Err(KeyringError::NotAKey(entry.clone()))
        }
        Err(error) => Err(unavailable(&error)),
    }
}

fn unavailable(error: &Error) -> KeyringError {
    KeyringError::Unavailable { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs where there is no session bus (servers, CI) as well as on a desktop.
    #[test]
    fn an_unknown_entry_is_absent_or_the_keyring_is_named_unavailable() {
        let entry = KeyringEntry { service: "loket-test".into(), account: "no such entry".into() };
        match MasterKey::from_keyring(&entry) {
            Err(KeyringError::NoKey(named)) => assert_eq!(named, entry),
            Err(refused @ KeyringError::Unavailable { .. }) => {
                assert!(refused.to_string().contains(KEY_FILE_VARIABLE), "{refused}");
            }
            other => panic!("{other:?}"),
        }
    }
}

//! Keys and envelope encryption: what makes the queue's files unreadable without one key.
//!
//! A [`MasterKey`] comes from the operating system's keyring, a key file or a credential
//! directory ([`KeySource`]). It wraps one random key per bundle; destroying that wrapped key
//! makes the bundle's ciphertext worthless wherever copies of it linger.
//!
//! Invariant: key bytes never leave this crate except into the keyring or a key file that the
//! caller asked for, and every copy held in memory is overwritten when dropped.
//! The PIN that guards settings is a [`PinFile`]; no key is derived from it.
//! Lacks on purpose: passwords and key derivation from them, key rotation, asymmetric keys, and
//! any knowledge of what is sealed.

mod key;
mod key_file;
mod keyring_entry;
mod pin;
mod seal;
mod source;

pub use key::{KeyId, MasterKey, RandomnessUnavailable};
pub use key_file::KeyFileError;
pub use keyring_entry::{KeyringEntry, KeyringError};
pub use pin::{PIN_DIGITS, PinAnswer, PinError, PinFile, PinParams};
pub use seal::{OpenError, SealedBundle};
pub use source::{CREDENTIAL_NAME, KEY_FILE_VARIABLE, KeySource, KeySourceError};

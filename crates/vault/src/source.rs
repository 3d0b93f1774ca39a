//! Which key to use: an explicit key file, a service manager's credential, or the keyring.
//!
//! Invariant: the first configured source alone is asked. A key file that cannot be read never
//! falls through to another source, because that would silently seal under a second key.
//! Lacks on purpose: reading the environment itself; the caller passes the look-up.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::key::MasterKey;
use crate::key_file::KeyFileError;
use crate::keyring_entry::{KeyringEntry, KeyringError};

/// Environment variable naming a key file.
pub const KEY_FILE_VARIABLE: &str = "LOKET_KEY_FILE";
/// Name of the key inside `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=loket-key:…`).
pub const CREDENTIAL_NAME: &str = "loket-key";
const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// Where the master key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file named by the operator.
    KeyFile(PathBuf),
    /// A credential handed over by the service manager; read-only.
    Credential(PathBuf),
    /// The operating system's keyring.
    Keyring(KeyringEntry),
}

/// Why no key was had.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// The key file or credential.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

impl KeySourceError {
    /// The source works but holds no key yet.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::KeyFile(KeyFileError::Missing(_)) | Self::Keyring(KeyringError::NoKey(_)))
    }
}

impl KeySource {
    /// Chooses by environment: [`KEY_FILE_VARIABLE`], then a credential, then the keyring.
    pub fn choose(lookup: impl Fn(&str) -> Option<OsString>, keyring: KeyringEntry) -> Self {
        let named = |variable| lookup(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = named(KEY_FILE_VARIABLE) {
            return Self::KeyFile(path);
        }
        match named(CREDENTIALS_VARIABLE).map(|directory| directory.join(CREDENTIAL_NAME)) {
            Some(path) if path.exists() => Self::Credential(path),
            Some(_) | None => Self::Keyring(keyring),
        }
    }

    /// Reads the key.
    pub fn load(&self) -> Result<MasterKey, KeySourceError> {
        match self {
            Self::KeyFile(path) => Ok(MasterKey::from_key_file(path)?),
            Self::Credential(path) => Ok(MasterKey::from_credential(path)?),
            Self::Keyring(entry) => Ok(MasterKey::from_keyring(entry)?),
        }
    }

    /// Reads the key, or makes one where the source works but is empty. Call this only while no
    /// queue exists yet: a new key cannot open an old queue.
    pub fn load_or_create(&self) -> Result<MasterKey, KeySourceError> {
        match self.load() {
            Err(error) if error.is_absent() => self.create(),
            result => result,
        }
    }

    fn create(&self) -> Result<MasterKey, KeySourceError> {
        let created = match self {
            Self::KeyFile(path) => MasterKey::generate_key_file(path).map_err(KeySourceError::from),
            Self::Keyring(entry) => MasterKey::generate_in_keyring(entry).map_err(KeySourceError::from),
            Self::Credential(path) => Err(KeyFileError::Missing(path.clone()).into()),
        };
        match created {
            // Another process was faster; its key counts.
            Err(KeySourceError::KeyFile(KeyFileError::Exists(_)))
            | Err(KeySourceError::Keyring(KeyringError::Exists(_))) => self.load(),
            result => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn keyring() -> KeyringEntry {
        KeyringEntry { service: "loket-test".into(), account: "test".into() }
    }

    #[test]
    fn the_first_configured_source_wins() {
        let dir = tempfile::tempdir().unwrap();
        let credential = dir.path().join(CREDENTIAL_NAME);
        let with_both = |variable: &str| match variable {
            KEY_FILE_VARIABLE => Some("/keys/counter-1".into()),
            CREDENTIALS_VARIABLE => Some(dir.path().into()),
            _ => None,
        };
        let with_credential = |variable: &str| with_both(variable).filter(|_| variable != KEY_FILE_VARIABLE);
        assert_eq!(KeySource::choose(with_both, keyring()), KeySource::KeyFile("/keys/counter-1".into()));
        assert_eq!(KeySource::choose(with_credential, keyring()), KeySource::Keyring(keyring()));
        fs::write(&credential, "").unwrap();
        assert_eq!(KeySource::choose(with_credential, keyring()), KeySource::Credential(credential));
        let empty = |_: &str| Some(OsString::new());
        assert_eq!(KeySource::choose(empty, keyring()), KeySource::Keyring(keyring()));
    }

    #[test]
    fn a_key_is_made_once_and_then_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let source = KeySource::KeyFile(dir.path().join("key"));
        assert!(source.load().unwrap_err().is_absent());
        let made = source.load_or_create().unwrap();
        assert_eq!(source.load_or_create().unwrap().id(), made.id());
    }

    #[test]
    fn credentials_are_read_but_never_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(CREDENTIAL_NAME);
        let source = KeySource::Credential(path.clone());
        assert!(source.load_or_create().is_err());
        let key = MasterKey::generate_key_file(&path).unwrap();
        assert_eq!(source.load_or_create().unwrap().id(), key.id());
    }

    #[test]
    fn a_broken_key_file_is_an_error_and_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        MasterKey::generate_key_file(&path).unwrap();
        // Cut short in place, which keeps the file's mode.
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(20).unwrap();
        let source = KeySource::KeyFile(path.clone());
        let refused = source.load_or_create().unwrap_err();
        assert!(!refused.is_absent());
        assert_eq!(fs::read(&path).unwrap().len(), 20);
    }
}

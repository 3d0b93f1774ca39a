//! The two secrets a gateway needs, the API key and the device's signing secret; this kiosk's key at the partner's
//! backend; OneKYC's credentials for a stand-in; the key that web pages must know to launch.
//!
//! Each is looked for in the environment, in a file the environment names, in the data folder's
//! `credentials`, and in the keyring, in this order. Invariant: a secret is never an argument, a setting or a
//! line in a log, and a file open to other users is refused. Deliberately absent: the queue's master key,
//! which is the vault's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use crate::data_dir::{self, DataDir};

const KEYRING_SERVICE: &str = "loket";
/// No secret of ours is longer; a file that is, is another file.
const MAX_SECRET_BYTES: u64 = 4096;

/// Which secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretName {
    /// The bearer key of the gateway.
    ApiKey,
    /// Signs bundles that answer no challenge; provisioned with the partner.
    DeviceSecret,
    /// OneKYC's `client-id`; for a stand-in on this machine only.
    OneKycClientId,
    /// OneKYC's `pass-key`; for a stand-in on this machine only.
    OneKycPassKey,
    /// What a web page must know to launch a flow here; made by this installation.
    LaunchKey,
    /// Signs requests to the partner's backend; made by enrolling.
    KioskKey,
}

impl SecretName {
    /// Those a counter is given. OneKYC's belong on a partner's server; the kiosk's own key is made by enrolling.
    pub const ALL: [Self; 2] = [Self::ApiKey, Self::DeviceSecret];

    /// Its word: file name and keyring account.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::DeviceSecret => "device-secret",
            Self::OneKycClientId => "onekyc-client-id",
            Self::OneKycPassKey => "onekyc-pass-key",
            Self::LaunchKey => "launch-key",
            Self::KioskKey => "kiosk-key",
        }
    }

    /// The environment variable that holds it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::ApiKey => "LOKET_API_KEY",
            Self::DeviceSecret => "LOKET_DEVICE_SECRET",
            Self::OneKycClientId => "LOKET_ONEKYC_CLIENT_ID",
            Self::OneKycPassKey => "LOKET_ONEKYC_PASS_KEY",
            Self::LaunchKey => "LOKET_LAUNCH_KEY",
            Self::KioskKey => "LOKET_KIOSK_KEY",
        }
    }

    /// The environment variable that names a file holding it.
    pub fn file_variable(self) -> &'static str {
        match self {
            Self::ApiKey => "LOKET_API_KEY_FILE",
            Self::DeviceSecret => "LOKET_DEVICE_SECRET_FILE",
            Self::OneKycClientId => "LOKET_ONEKYC_CLIENT_ID_FILE",
            Self::OneKycPassKey => "LOKET_ONEKYC_PASS_KEY_FILE",
            Self::LaunchKey => "LOKET_LAUNCH_KEY_FILE",
            Self::KioskKey => "LOKET_KIOSK_KEY_FILE",
        }
    }
}

/// Where a secret was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretOrigin {
    /// An environment variable.
    Variable(&'static str),
    /// A file.
    File(PathBuf),
    /// The operating system's keyring.
    Keyring,
}

/// Why a secret could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is nowhere.
    #[error(
        "no {} is set: put it into {}, name a file with {}, or store it with: loketctl secret set {}",
        .0.word(), .0.variable(), .0.file_variable(), .0.word()
    )]
    Missing(SecretName),
    /// Its file cannot be used.
    #[error("cannot use {} as the {}: {reason}", path.display(), name.word())]
    File {
        /// Which secret.
        name: SecretName,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The keyring refused to store it.
    #[error("the keyring did not take the {}: {reason}", name.word())]
    Keyring {
        /// Which secret.
        name: SecretName,
        /// What the system said.
        reason: String,
    },
}

/// Looks secrets up for one data folder.
pub struct Secrets<'a> {
    dir: &'a DataDir,
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
}

impl<'a> Secrets<'a> {
    /// Secrets of this folder; `lookup` reads the environment.
    pub fn new(dir: &'a DataDir, lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { dir, lookup }
    }

    /// The secret and where it was found, or why there is none.
    pub fn find(&self, name: SecretName) -> Result<(SecretString, SecretOrigin), SecretError> {
        if let Some(text) = self.named(name.variable()) {
            return Ok((secret(&text.to_string_lossy()), SecretOrigin::Variable(name.variable())));
        }
        if let Some(path) = self.named(name.file_variable()) {
            return from_file(name, Path::new(&path));
        }
        let path = self.path(name);
        if path.exists() {
            return from_file(name, &path);
        }
        from_keyring(name, self.dir).ok_or(SecretError::Missing(name))
    }

    /// As [`Self::find`], taking "nowhere" for an answer.
    pub fn find_optional(&self, name: SecretName) -> Result<Option<SecretString>, SecretError> {
        match self.find(name) {
            Ok((secret, _)) => Ok(Some(secret)),
            Err(SecretError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores a secret as a file in the data folder, for this user alone.
    pub fn store_in_file(&self, name: SecretName, secret: &SecretString) -> Result<PathBuf, SecretError> {
        let path = self.path(name);
        data_dir::make_private(&self.dir.credentials_dir())
            .and_then(|()| data_dir::write_private(&path, secret.expose_secret()))
            .map_err(|error| SecretError::File { name, path: path.clone(), reason: error.to_string() })?;
        Ok(path)
    }

    /// Stores a secret in the operating system's keyring.
    pub fn store_in_keyring(&self, name: SecretName, secret: &SecretString) -> Result<(), SecretError> {
        keyring::Entry::new(KEYRING_SERVICE, &account(name, self.dir))
            .and_then(|entry| entry.set_password(secret.expose_secret()))
            .map_err(|error| SecretError::Keyring { name, reason: error.to_string() })
    }

    fn path(&self, name: SecretName) -> PathBuf {
        self.dir.credentials_dir().join(name.word())
    }

    fn named(&self, variable: &str) -> Option<OsString> {
        (self.lookup)(variable).filter(|value| !value.is_empty())
    }
}

/// One account per data folder, so that two installations of one user keep apart.
fn account(name: SecretName, dir: &DataDir) -> String {
    format!("{} of {}", name.word(), dir.path().display())
}

fn from_keyring(name: SecretName, dir: &DataDir) -> Option<(SecretString, SecretOrigin)> {
    let entry = keyring::Entry::new(KEYRING_SERVICE, &account(name, dir)).ok()?;
    match entry.get_password() {
        Ok(text) => Some((secret(&text), SecretOrigin::Keyring)),
        Err(error) => {
            tracing::debug!(%error, secret = name.word(), "not in the keyring");
            None
        }
    }
}

fn from_file(name: SecretName, path: &Path) -> Result<(SecretString, SecretOrigin), SecretError> {
    let refused = |reason: String| SecretError::File { name, path: path.to_owned(), reason };
    let metadata = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?;
    if metadata.len() > MAX_SECRET_BYTES {
        return Err(refused(format!("it is longer than {MAX_SECRET_BYTES} bytes")));
    }
    if data_dir::open_to_others(path).map_err(|error| refused(error.to_string()))? != 0 {
        return Err(refused(format!("other users can read it; run: chmod 600 {}", path.display())));
    }
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    if text.trim().is_empty() {
        return Err(refused("it is empty".to_owned()));
    }
    Ok((secret(&text), SecretOrigin::File(path.to_owned())))
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir() -> (tempfile::TempDir, DataDir) {
        let outer = tempfile::tempdir().unwrap();
        let dir = DataDir::choose(Some(outer.path().join("data")), |_| None).unwrap().open().unwrap();
        (outer, dir)
    }

    #[test]
    fn environment_then_named_file_then_data_folder() {
        let (outer, dir) = dir();
        let named = outer.path().join("named");
        data_dir::write_private(&named, "from the named file\n").unwrap();
        let nothing = |_: &str| None;
        Secrets::new(&dir, &nothing).store_in_file(SecretName::ApiKey, &"from the folder".into()).unwrap();
        let file = |name: &str| (name == "LOKET_API_KEY_FILE").then(|| named.clone().into_os_string());
        let both = |name: &str| match name {
            "LOKET_API_KEY" => Some(OsString::from(" from the environment ")),
            other => file(other),
        };
        let check = |lookup: &dyn Fn(&str) -> Option<OsString>, want: &str| {
            let (found, _) = Secrets::new(&dir, lookup).find(SecretName::ApiKey).unwrap();
            assert_eq!(found.expose_secret(), want);
        };
        check(&both, "from the environment");
        check(&file, "from the named file");
        check(&nothing, "from the folder");
    }

    #[test]
    fn a_missing_secret_says_how_to_set_it() {
        let (_outer, dir) = dir();
        let error = Secrets::new(&dir, &|_| None).find(SecretName::DeviceSecret).unwrap_err().to_string();
        for word in ["LOKET_DEVICE_SECRET", "LOKET_DEVICE_SECRET_FILE", "loketctl secret set device-secret"] {
            assert!(error.contains(word), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn files_that_are_unsafe_or_empty_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        fn check(text: &str, mode: u32, says: &str) {
            let (outer, dir) = dir();
            let path = outer.path().join("key");
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let lookup = move |name: &str| (name == "LOKET_API_KEY_FILE").then(|| path.clone().into());
            let error = Secrets::new(&dir, &lookup).find(SecretName::ApiKey).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        check("key", 0o644, "chmod 600");
        check("", 0o600, "empty");
        check(&"x".repeat(5000), 0o600, "longer");
    }
}

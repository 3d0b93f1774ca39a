//! Secrets by reference.
//!
//! Invariant: the configuration holds where a secret is, not the secret.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

/// Where a secret is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// In a file that only we can read; white space around it does not count.
    File(PathBuf),
    /// In a variable of the environment.
    Env(String),
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret in {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The variable is not set.
    #[error("the secret in the variable {0}: it is not set")]
    Env(String),
    /// It is there, and empty.
    #[error("a secret is empty")]
    Empty,
}

impl Secret {
    /// Fetches it.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|source| SecretError::File { path: path.clone(), source })?,
            Self::Env(name) => std::env::var(name).map_err(|_| SecretError::Env(name.clone()))?,
        };
        match text.trim() {
            "" => Err(SecretError::Empty),
            text => Ok(SecretString::from(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn files_are_trimmed_and_emptiness_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "synthetic\n").unwrap();
        assert_eq!(Secret::File(path.clone()).read().unwrap().expose_secret(), "synthetic");
        std::fs::write(&path, " \n").unwrap();
        assert!(matches!(Secret::File(path).read(), Err(SecretError::Empty)));
        let unset = Secret::Env("LOKET_NO_SUCH_VARIABLE".to_owned());
        assert!(matches!(unset.read(), Err(SecretError::Env(_))));
    }
}

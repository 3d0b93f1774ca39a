//! Master keys in files: created for the owner alone, refused when others could read them.
//!
//! Invariant: an existing file is never overwritten, and a key that was handed out has reached
//! the disk. Lacks on purpose: passphrases on key files, and Windows access-control lists (a
//! key file there is as private as the folder it lies in).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::key::{MasterKey, RandomnessUnavailable};

/// More than any key in text form; guards against being pointed at a huge file.
const MAX_KEY_FILE_BYTES: u64 = 4096;

/// Why a key file could not be used or made.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// No such file.
    #[error("there is no key file at {}", .0.display())]
    Missing(PathBuf),
    /// A file is there already; it may hold the only key to a queue.
    #[error("{} exists already and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// Users other than the owner may read or write it.
    #[error("{} is open to other users (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    TooOpen {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is not one key in text form.
    #[error("{} does not hold a key of this application", .0.display())]
    NotAKey(PathBuf),
    /// Reading or writing failed.
    #[error("cannot use key file {}: {source}", path.display())]
    Io {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No random bytes for a new key.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

impl MasterKey {
    /// Reads a key file; on Unix only if its owner alone may read it.
    pub fn from_key_file(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref();
        let file = open(path)?;
        refuse_if_open_to_others(path, &file)?;
        read_key(path, file)
    }

    /// Makes a new key file (mode 0600 on Unix). Two processes racing here end with one key:
    /// the loser gets [`KeyFileError::Exists`].
    pub fn generate_key_file(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref();
        let key = Self::generate()?;
        write_new(path, key.to_text().as_bytes()).map_err(|source| {
            if source.kind() == io::ErrorKind::AlreadyExists {
                KeyFileError::Exists(path.to_owned())
            } else {
                KeyFileError::Io { path: path.to_owned(), source }
            }
        })?;
        Ok(key)
    }

    /// Reads a key out of a service manager's credential directory. Its access is the service
    /// manager's concern (systemd grants it by access-control list, which shows as group bits).
    pub(crate) fn from_credential(path: &Path) -> Result<Self, KeyFileError> {
        read_key(path, open(path)?)
    }
}

fn open(path: &Path) -> Result<File, KeyFileError> {
    File::open(path).map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            KeyFileError::Missing(path.to_owned())
        } else {
            KeyFileError::Io { path: path.to_owned(), source }
        }
    })
}

fn read_key(path: &Path, file: File) -> Result<MasterKey, KeyFileError> {
    // Sized up front: a growing buffer would leave unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE_BYTES as usize + 1));
    file.take(MAX_KEY_FILE_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|source| KeyFileError::Io { path: path.to_owned(), source })?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(MasterKey::from_text)
        .ok_or_else(|| KeyFileError::NotAKey(path.to_owned()))
}

#[cfg(unix)]
fn refuse_if_open_to_others(path: &Path, file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata().map_err(|source| KeyFileError::Io { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::TooOpen { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_path: &Path, _file: &File) -> Result<(), KeyFileError> {
    Ok(())
}

/// Written beside and then linked into place, so that a crash leaves a whole key file or none.
fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_private(&beside, text).and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    written?;
    removed?;
    sync_directory(path)
}

fn write_private(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Without this a power cut may forget the new name though the bytes are on disk.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_file_reads_back_and_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let made = MasterKey::generate_key_file(&path).unwrap();
        let before = fs::read(&path).unwrap();
        assert_eq!(MasterKey::from_key_file(&path).unwrap().id(), made.id());
        assert!(matches!(MasterKey::generate_key_file(&path), Err(KeyFileError::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn missing_and_foreign_files_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        assert!(matches!(MasterKey::from_key_file(&path), Err(KeyFileError::Missing(_))));
        for content in [b"".as_slice(), b"-----BEGIN", &[0xFF; 64]] {
            let path = dir.path().join(content.len().to_string());
            write_private(&path, content).unwrap();
            assert!(matches!(MasterKey::from_key_file(&path), Err(KeyFileError::NotAKey(_))));
        }
    }

    #[cfg(unix)]
    #[test]
    fn files_open_to_others_are_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        MasterKey::generate_key_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o666, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = MasterKey::from_key_file(&path).unwrap_err();
            assert!(refused.to_string().contains("chmod 600"), "{refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        MasterKey::from_key_file(&path).unwrap();
    }
}

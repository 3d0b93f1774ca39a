//! The one folder that holds everything of an installation: settings, queue, credentials.
//!
//! Invariant: the folder and all made in it belong to this user alone. Deliberately absent: state anywhere
//! else, and moving data between folders.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Environment variable naming the folder.
pub const DATA_DIR_VARIABLE: &str = "LOKET_DATA_DIR";

/// Why there is no usable data folder.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// The system names no home for this user.
    #[error("this user has no home folder; name a data folder with --data-dir or {DATA_DIR_VARIABLE}")]
    NoHome,
    /// The folder cannot be made or used.
    #[error("cannot use the data folder {}: {source}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The data folder; exists once made by [`DataDir::open`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// Chooses the folder: `flag`, else [`DATA_DIR_VARIABLE`], else the platform's place for this user's data.
    pub fn choose(
        flag: Option<PathBuf>,
        lookup: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, DataDirError> {
        let named = || lookup(DATA_DIR_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let path = match flag.or_else(named) {
            Some(path) => std::path::absolute(&path).map_err(|source| DataDirError::Io { path, source })?,
            None => platform_default().ok_or(DataDirError::NoHome)?,
        };
        Ok(Self(path))
    }

    /// As [`Self::choose`], but where none is named a folder beside the real one, so that a demo touches nothing.
    pub fn choose_for_demo(
        flag: Option<PathBuf>,
        lookup: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, DataDirError> {
        let is_named = flag.is_some() || lookup(DATA_DIR_VARIABLE).is_some_and(|value| !value.is_empty());
        let dir = Self::choose(flag, lookup)?;
        Ok(if is_named { dir } else { Self(dir.0.with_file_name("loket-demo")) })
    }

    /// Makes the folder if it is missing, readable for this user alone.
    pub fn open(self) -> Result<Self, DataDirError> {
        make_private(&self.0).map_err(|source| DataDirError::Io { path: self.0.clone(), source })?;
        Ok(self)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Settings.
    pub fn config_file(&self) -> PathBuf {
        self.0.join("config.toml")
    }

    /// The encrypted queue.
    pub fn queue_file(&self) -> PathBuf {
        self.0.join("queue.db")
    }

    /// The hash of the PIN that guards the settings.
    pub fn pin_file(&self) -> PathBuf {
        self.0.join("pin")
    }

    /// Partners' themes, a folder each.
    pub fn themes_dir(&self) -> PathBuf {
        self.0.join("themes")
    }

    /// Where exports are written.
    pub fn exports_dir(&self) -> PathBuf {
        self.0.join("exports")
    }

    /// Writes a text into the exports folder, for this user alone; answers where.
    pub fn export(&self, name: &str, text: &str) -> std::io::Result<PathBuf> {
        let path = self.exports_dir().join(name);
        make_private(&self.exports_dir())?;
        write_private(&path, text)?;
        Ok(path)
    }

    /// Free space beside the data, in bytes, where the system tells.
    pub fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(&self.0).ok()
    }

    /// Where secrets lie that no keyring holds.
    pub fn credentials_dir(&self) -> PathBuf {
        self.0.join("credentials")
    }

    /// The simulator's rows, when one is run from here.
    pub fn simulator_file(&self) -> PathBuf {
        self.0.join("simulator.db")
    }
}

fn platform_default() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "loket").map(|dirs| dirs.data_local_dir().to_owned())
}

/// Makes a folder and its parents; the folder itself is closed to others, on systems that know modes.
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Writes a file that only this user can read, replacing what was there in one step.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

/// The permission bits that let others in; 0 where the system has none.
pub(crate) fn open_to_others(path: &Path) -> std::io::Result<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(std::fs::metadata(path)?.permissions().mode() & 0o077)
    }
    #[cfg(not(unix))]
    {
        std::fs::metadata(path).map(|_| 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_the_environment() {
        let environment = |name: &str| (name == DATA_DIR_VARIABLE).then(|| OsString::from("/from/env"));
        let chosen = |flag: Option<&str>| DataDir::choose(flag.map(PathBuf::from), environment).unwrap();
        assert_eq!(chosen(Some("/from/flag")).path(), Path::new("/from/flag"));
        assert_eq!(chosen(None).path(), Path::new("/from/env"));
        assert!(chosen(Some("relative")).path().is_absolute());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_private() {
        let outer = tempfile::tempdir().unwrap();
        let dir = DataDir(outer.path().join("a/b")).open().unwrap();
        assert_eq!(open_to_others(dir.path()).unwrap(), 0);
        let file = dir.config_file();
        write_private(&file, "one").unwrap();
        write_private(&file, "two").unwrap();
        assert_eq!(open_to_others(&file).unwrap(), 0);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "two");
    }
}

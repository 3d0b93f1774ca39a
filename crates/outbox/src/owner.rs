//! Who holds leases: one lock file per open queue, held by the operating system.
//!
//! The system drops the lock when the process ends, however it ends, so another process can
//! tell at once that a lease is orphaned instead of waiting for it to run out.
//!
//! Invariant: an owner is taken for dead only if its lock could be had. Lacks on purpose: process
//! ids, which are reused.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// This open queue's identity among those sharing the file.
#[derive(Debug)]
pub(crate) struct Owner {
    name: String,
    directory: PathBuf,
    prefix: String,
    /// Held, never read: closing it gives up the lock.
    lock: Option<File>,
}

impl Owner {
    /// Takes a fresh name beside the queue at `queue` and clears away names of the dead.
    pub(crate) fn register(queue: &Path) -> io::Result<Self> {
        let directory = match queue.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            Some(_) | None => PathBuf::from("."),
        };
        let file_name = queue.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut owner =
            Self { name: String::new(), directory, prefix: format!("{file_name}-owner-"), lock: None };
        loop {
            let name = Uuid::new_v4().simple().to_string();
            let path = owner.path_of(&name);
            let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            file.lock()?;
            // Between creating and locking, another process may have cleared the name away.
            if path.exists() {
                owner.name = name;
                owner.lock = Some(file);
                owner.clear_dead();
                return Ok(owner);
            }
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the process that registered `name` still has its queue open.
    pub(crate) fn is_alive(&self, name: &str) -> bool {
        if name == self.name {
            return true;
        }
        match File::open(self.path_of(name)) {
            Ok(file) => !try_lock(&file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            // Cannot tell: the lease's time limit decides.
            Err(_) => true,
        }
    }

    fn path_of(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{}{name}", self.prefix))
    }

    /// Tidiness only: a name left behind does no harm.
    fn clear_dead(&self) {
        let Ok(entries) = fs::read_dir(&self.directory) else { return };
        for entry in entries.flatten() {
            let file_name = entry.file_name();
            let Some(name) = file_name.to_str().and_then(|name| name.strip_prefix(&self.prefix)) else {
                continue;
            };
            if name == self.name {
                continue;
            }
            // The lock is kept until the name is gone, so that a process about to lock it waits.
            if let Ok(file) = File::open(entry.path())
                && try_lock(&file)
                && let Err(error) = fs::remove_file(entry.path())
            {
                tracing::debug!(%error, "a dead owner's lock file stays");
            }
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Windows does not remove an open file.
        drop(self.lock.take());
        if let Err(error) = fs::remove_file(self.path_of(&self.name)) {
            tracing::debug!(%error, "own lock file stays");
        }
    }
}

/// Whether the lock could be had; if the system cannot say, it counts as held.
fn try_lock(file: &File) -> bool {
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_see_each_other_until_they_go() {
        let dir = tempfile::tempdir().unwrap();
        let queue = dir.path().join("queue.db");
        let first = Owner::register(&queue).unwrap();
        let second = Owner::register(&queue).unwrap();
        let name = second.name().to_owned();
        assert!(first.is_alive(&name));
        drop(second);
        assert!(!first.is_alive(&name));
        assert!(first.is_alive(first.name()));
    }

    #[test]
    fn names_of_the_dead_are_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        let queue = dir.path().join("queue.db");
        // What a killed process leaves: the file, without its lock.
        File::create(dir.path().join("queue.db-owner-dead")).unwrap();
        let living = Owner::register(&queue).unwrap();
        assert!(!dir.path().join("queue.db-owner-dead").exists());
        drop(living);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

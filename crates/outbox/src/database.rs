//! Opening the queue's file: whose it is, whether it is sound, and how SQLite must treat it.
//!
//! Invariant: the key is checked on a read-only, lock-free view first, so that a wrong key, a
//! foreign file or a newer schema leaves every byte as it was.
//! Lacks on purpose: repair. A damaged file is kept for people to look at.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};
use vault::{KeyId, MasterKey};

use crate::error::{OpenError, OutboxError};
use crate::owner::Owner;
use crate::schema;

/// "LOKT": tells a queue from any other SQLite file.
const APPLICATION_ID: i64 = 0x4C4F_4B54;
const KEY_ID: &str = "key_id";

/// Numbers the queue works by.
#[derive(Clone, Debug)]
pub struct OutboxParams {
    /// How long to wait for another process. A write of 12 MB with full sync takes about a second
    /// on a slow card; ten leave room for several.
    pub busy_timeout: Duration,
    /// Room that accepting must leave free beyond the capture itself, so that receipts can still
    /// be written on a full disk: a few dozen pages of 4 KiB, doubled for the log.
    pub reserve_bytes: u64,
    /// A bound on the file of so many pages of 4 KiB, for shared disks; `None` leaves it to the disk.
    pub max_pages: Option<u32>,
}

impl Default for OutboxParams {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(10), reserve_bytes: 512 * 1024, max_pages: None }
    }
}

/// The open queue. Share it by reference or `Arc`; calls block on the disk.
pub struct Outbox {
    connection: Mutex<Connection>,
    pub(crate) key: Arc<MasterKey>,
    pub(crate) owner: Owner,
    pub(crate) params: OutboxParams,
    path: PathBuf,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox")
            .field("path", &self.path)
            .field("key", &self.key.id())
            .finish_non_exhaustive()
    }
}

impl Outbox {
    /// Opens the queue at `path`, making it if there is none (its folder must exist).
    pub fn open(path: impl AsRef<Path>, key: Arc<MasterKey>) -> Result<Self, OpenError> {
        Self::open_with(path, key, OutboxParams::default())
    }

    /// As [`Self::open`], with other numbers.
    pub fn open_with(
        path: impl AsRef<Path>,
        key: Arc<MasterKey>,
        params: OutboxParams,
    ) -> Result<Self, OpenError> {
        let path = path.as_ref();
        probe(path, key.id())?;
        create_private(path)?;
        let failed = |error: rusqlite::Error| OpenError::from_sqlite(path, &error);
        let mut connection = connect(path, &params).map_err(failed)?;
        // Until the key is known to be right, closing must not move the log into the main file.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
        let made = prepare(&mut connection, path, key.id())?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(failed)?;
        if made {
            // The key's id must be in the main file, where the read-only view finds it.
            checkpoint(&connection).map_err(failed)?;
            sync_directory(path).map_err(|error| io_error(path, &error))?;
        }
        let owner = Owner::register(path).map_err(|error| io_error(path, &error))?;
        Ok(Self { connection: Mutex::new(connection), key, owner, params, path: path.to_owned() })
    }

    /// The queue's main file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key the queue is sealed with.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key.id()
    }

    /// Reads the whole file and reports damage; for diagnosis, slow on a long queue.
    pub fn check_integrity(&self) -> Result<(), OutboxError> {
        let found: String = self.connection().pragma_query_value(None, "quick_check", |row| row.get(0))?;
        if found == "ok" { Ok(()) } else { Err(OutboxError::Corrupt(found)) }
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back; the connection itself is sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one write transaction; an error undoes all of it.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, OutboxError>,
    ) -> Result<T, OutboxError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// Copies the log into the main file and empties it, so that replaced pages do not linger there.
/// Returns whether that was possible; another reader may hold it up.
fn checkpoint(connection: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// [`checkpoint`] after a commit: what was committed is safe either way.
pub(crate) fn empty_log(connection: &Connection) {
    match checkpoint(connection) {
        Ok(true) => {}
        Ok(false) => tracing::debug!("the log is in use; it is emptied another time"),
        Err(error) => tracing::warn!(%error, "the log could not be emptied"),
    }
}

/// Looks at the main file alone (`immutable`: no locks, no log, no change).
fn probe(path: &Path, at_hand: KeyId) -> Result<(), OpenError> {
    if std::fs::metadata(path).map_or(0, |metadata| metadata.len()) == 0 {
        return Ok(());
    }
    match look_at_main_file(path, at_hand) {
        // With a log beside it the main file may be between two states, half of its pages still in
        // the log alone (a full disk does that). Then both must be read together.
        Err(OpenError::Corrupt { .. }) if has_log(path) => Ok(()),
        result => result,
    }
}

fn look_at_main_file(path: &Path, at_hand: KeyId) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::from_sqlite(path, &error);
    let absolute = std::path::absolute(path).map_err(|error| io_error(path, &error))?;
    let mut url = url::Url::from_file_path(&absolute).map_err(|()| OpenError::Io {
        path: path.to_owned(),
        detail: "its path cannot be written as a file URL".into(),
    })?;
    url.set_query(Some("immutable=1"));
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(url.as_str(), flags).map_err(failed)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    // A crash while making the queue leaves an empty main file.
    if tables == 0 { Ok(()) } else { check_identity(&connection, path, at_hand) }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0)
}

fn check_identity(connection: &Connection, path: &Path, at_hand: KeyId) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::from_sqlite(path, &error);
    let corrupt = |detail: &str| OpenError::Corrupt { path: path.to_owned(), detail: detail.into() };
    let application: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID {
        return Err(corrupt("another application's database"));
    }
    let found = schema::version(connection).map_err(failed)?;
    if found > schema::CURRENT {
        return Err(OpenError::NewerSchema { path: path.to_owned(), found, known: schema::CURRENT });
    }
    let stored: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [KEY_ID], |row| row.get(0))
        .optional()
        .map_err(failed)?;
    let made_with = stored
        .as_deref()
        .and_then(KeyId::from_bytes)
        .ok_or_else(|| corrupt("it does not say which key it was made with"))?;
    if made_with == at_hand {
        Ok(())
    } else {
        Err(OpenError::WrongKey { path: path.to_owned(), made_with, at_hand })
    }
}

/// Makes the file before SQLite does, readable by its owner alone.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map(drop).map_err(|error| io_error(path, &error))
}

fn connect(path: &Path, params: &OutboxParams) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(params.busy_timeout)?;
    // Before the first table, or it has no effect.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    enter_wal(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // macOS: a plain fsync leaves the bytes in the drive's cache.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    if let Some(pages) = params.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(connection)
}

/// SQLite does not wait for a competitor during this one switch, so we do.
fn enter_wal(connection: &Connection) -> rusqlite::Result<()> {
    const TRIES: u32 = 100;
    for _ in 1..TRIES {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

/// Creates or migrates the tables, or checks the key once more under a lock. Returns whether the
/// main file must be brought up to date.
fn prepare(connection: &mut Connection, path: &Path, key: KeyId) -> Result<bool, OpenError> {
    let failed = |error: rusqlite::Error| OpenError::from_sqlite(path, &error);
    let found = schema::version(connection).map_err(failed)?;
    if found == schema::CURRENT {
        check_identity(connection, path, key)?;
        return Ok(false);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Read again: another process may have been faster.
    let found = schema::version(&transaction).map_err(failed)?;
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    }
    if found < schema::CURRENT {
        schema::migrate(&transaction, found).map_err(failed)?;
    }
    if found == 0 {
        transaction
            .execute("INSERT INTO meta (key, value) VALUES (?1, ?2)", (KEY_ID, key.as_bytes().as_slice()))
            .map_err(failed)?;
    }
    check_identity(&transaction, path, key)?;
    transaction.commit().map_err(failed)?;
    Ok(true)
}

fn io_error(path: &Path, error: &std::io::Error) -> OpenError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        OpenError::DiskFull(path.to_owned())
    } else {
        OpenError::Io { path: path.to_owned(), detail: error.to_string() }
    }
}

/// Without this a power cut may forget the new file's name though its bytes are on disk.
#[cfg(unix)]
fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    std::fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

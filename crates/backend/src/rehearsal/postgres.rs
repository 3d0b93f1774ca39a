//! A PostgreSQL server of one's own: a temporary folder, a free port, an unprivileged user.
//!
//! Invariant: it is gone, with its folder, when it is dropped.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where Debian and its relatives keep the server's programs, one folder per version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";
/// `nobody`: the server refuses to run as root.
#[cfg(unix)]
const UNPRIVILEGED: u32 = 65534;
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A running server.
#[derive(Debug)]
pub struct PostgresServer {
    server: Child,
    port: u16,
    _folder: TempDir,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Not installed.
    #[error("PostgreSQL is not installed here (on Debian: apt-get install postgresql)")]
    Absent,
    /// Something of the system.
    #[error("PostgreSQL does not start: {0}")]
    System(#[from] io::Error),
    /// One of its programs failed.
    #[error("PostgreSQL's {0} failed")]
    Program(&'static str),
}

fn programs() -> Result<PathBuf, PostgresError> {
    let versions = std::fs::read_dir(DEBIAN_FOLDER).map_err(|_| PostgresError::Absent)?;
    let folders = versions.flatten().filter_map(|version| {
        let number: f64 = version.file_name().to_str()?.parse().ok()?;
        let bin = version.path().join("bin");
        bin.join("initdb").exists().then_some((number, bin))
    });
    let newest = folders.max_by(|(one, _), (other, _)| one.total_cmp(other));
    newest.map(|(_, bin)| bin).ok_or(PostgresError::Absent)
}

/// A command that runs as an unprivileged user where we are root.
fn command(program: &Path, is_root: bool) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    if is_root {
        use std::os::unix::process::CommandExt as _;
        command.uid(UNPRIVILEGED).gid(UNPRIVILEGED).current_dir("/");
    }
    #[cfg(not(unix))]
    let _ = is_root;
    command
}

/// Gives the folder to that user; answers whether we are root.
fn hand_over(folder: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if std::fs::metadata(folder)?.uid() == 0 {
            std::os::unix::fs::chown(folder, Some(UNPRIVILEGED), Some(UNPRIVILEGED))?;
            return Ok(true);
        }
    }
    let _ = folder;
    Ok(false)
}

impl PostgresServer {
    /// Starts one. With `is_durable` it syncs every commit, as a real one does; tests that kill only us need not wait.
    pub fn start(is_durable: bool) -> Result<Self, PostgresError> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("loket-postgres").tempdir()?;
        let is_root = hand_over(folder.path())?;
        let data = folder.path().join("data");
        let mut initdb = command(&programs.join("initdb"), is_root);
        initdb.arg("-D").arg(&data).args(["-U", "loket", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        if !initdb.status()?.success() {
            return Err(PostgresError::Program("initdb"));
        }
        // Between our letting go of the port and the server's taking it somebody else might; then it does not start.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut server = command(&programs.join("postgres"), is_root);
        server.arg("-D").arg(&data).arg("-p").arg(port.to_string()).arg("-k").arg(folder.path());
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
        if !is_durable {
            server.args(["-c", "fsync=off"]);
        }
        let server = Self { server: server.spawn()?, port, _folder: folder };
        server.wait_until_ready(&programs, is_root)?;
        Ok(server)
    }

    fn wait_until_ready(&self, programs: &Path, is_root: bool) -> Result<(), PostgresError> {
        let begun = Instant::now();
        let port = self.port.to_string();
        while begun.elapsed() < START_TIMEOUT {
            let mut probe = command(&programs.join("pg_isready"), is_root);
            if probe.args(["-q", "-h", "127.0.0.1", "-p", &port]).status()?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(PostgresError::Program("postgres"))
    }

    /// Makes an empty database; answers its URL.
    pub async fn new_database(&self) -> Result<String, tokio_postgres::Error> {
        let name = format!("loket_{}", uuid::Uuid::new_v4().simple());
        let (client, connection) =
            tokio_postgres::connect(&self.url("postgres"), tokio_postgres::NoTls).await?;
        let serving = tokio::spawn(connection);
        let made = client.batch_execute(&format!("CREATE DATABASE {name}")).await;
        serving.abort();
        made?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://loket@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// The server's process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.id()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // Already gone is as good. Its helpers end by themselves when it does.
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

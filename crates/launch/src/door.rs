//! The door between processes of one installation: who opened it first has the window, everybody else knocks.
//!
//! A Unix domain socket in the data folder, or a named pipe on Windows. Invariant: whether somebody has the window is told by a
//! lock that the system drops with the process, never by a file left behind; the socket belongs to this user alone.
//! Deliberately absent: anything that another machine could reach.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use zeroize::Zeroizing;

use crate::ending::Ending;
use crate::line::{self, AskWire, TellWire};
use crate::link::HandOverCode;
use crate::request::LaunchRequest;
use crate::result::LaunchResult;
use crate::socket::{self, Client, Listener};
use crate::threshold::{Hear, Incoming, Reply};

/// Whoever knocks says at once what for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long after a failed accept the next one is tried.
const BREATH: Duration = Duration::from_millis(200);

/// Why there is no door.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The lock or the socket.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// Which of them.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Why knocking led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The window went away.
    #[error("the window does not answer: {0}")]
    Io(#[from] io::Error),
    /// Another version has the window.
    #[error("the window does not understand; is it another version?")]
    NotUnderstood,
}

/// What became of opening.
pub enum Opened {
    /// Nobody has the window.
    First(Door),
    /// Another process has it, or is about to open it.
    Taken,
}

/// The door, held by the process that has the window.
pub struct Door {
    listener: Listener,
    /// Held, never read: closing it gives up the lock.
    _lock: File,
}

impl Door {
    /// Opens the door of the installation in this folder, if nobody has. Needs a running tokio.
    pub fn open(data_dir: &Path) -> Result<Opened, DoorError> {
        let lock_path = data_dir.join("launch.lock");
        let of_lock = |source| DoorError::Io { path: lock_path.clone(), source };
        let lock =
            OpenOptions::new().write(true).create(true).truncate(false).open(&lock_path).map_err(of_lock)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Opened::Taken),
            Err(TryLockError::Error(source)) => return Err(of_lock(source)),
        }
        let path = socket::path(data_dir);
        let listener = Listener::bind(&path).map_err(|source| DoorError::Io { path, source })?;
        Ok(Opened::First(Self { listener, _lock: lock }))
    }

    /// Attends to whoever knocks, for as long as it is polled.
    pub async fn serve(mut self, hear: Hear) {
        loop {
            match self.listener.accept().await {
                Ok(stream) => {
                    let hear = Hear::clone(&hear);
                    tokio::spawn(async move {
                        if let Err(error) = attend(stream, &hear).await {
                            tracing::info!(kind = %error.kind(), "a caller went away");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a caller could not be let in");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }
}

async fn attend(mut stream: impl AsyncRead + AsyncWrite + Unpin, hear: &Hear) -> io::Result<()> {
    let ask = tokio::time::timeout(PATIENCE, line::read::<AskWire>(&mut stream)).await;
    let tell = match ask.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        Ok(AskWire::Raise {}) => {
            hear(Incoming::Raise);
            TellWire::Heard {}
        }
        Ok(AskWire::HandOver { code }) => match HandOverCode::parse(&code) {
            Some(code) => {
                hear(Incoming::HandOver(code, Reply::nowhere()));
                TellWire::Heard {}
            }
            None => TellWire::NotUnderstood {},
        },
        Ok(AskWire::Launch { request }) => {
            TellWire::Result { result: launched(request.as_bytes(), hear).await }
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => TellWire::NotUnderstood {},
        Err(error) => return Err(error),
    };
    line::write(&mut stream, &tell).await
}

/// Hands a document over and waits for what comes of it.
async fn launched(json: &[u8], hear: &Hear) -> LaunchResult {
    let request = match LaunchRequest::parse(json) {
        Ok(request) => request,
        Err(error) => return Ending::Malformed(error.to_string()).result(""),
    };
    let correlation_id = request.correlation_id.to_string();
    let (reply, mut answer) = Reply::new();
    hear(Incoming::Launch(Box::new(request), reply));
    answer.wait(&correlation_id).await
}

/// A connection to the process that has the window.
#[derive(Debug)]
pub struct Caller(Client);

/// Knocks at the door of the installation in this folder; `None` if nobody is there.
pub async fn knock(data_dir: &Path) -> Result<Option<Caller>, CallError> {
    match socket::connect(&socket::path(data_dir)).await {
        Ok(stream) => Ok(Some(Caller(stream))),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

impl Caller {
    /// Asks for the window.
    pub async fn raise(self) -> Result<(), CallError> {
        self.heard(&AskWire::Raise {}).await
    }

    /// Brings the code of a link.
    pub async fn hand_over(self, code: &HandOverCode) -> Result<(), CallError> {
        self.heard(&AskWire::HandOver { code: Zeroizing::new(code.reveal().to_owned()) }).await
    }

    /// Launches, and waits until the flow is over, however long that takes.
    pub async fn launch(self, request: &LaunchRequest) -> Result<LaunchResult, CallError> {
        match self.ask(&AskWire::Launch { request: request.to_json() }).await? {
            TellWire::Result { result } => Ok(result),
            TellWire::Heard {} | TellWire::NotUnderstood {} => Err(CallError::NotUnderstood),
        }
    }

    async fn heard(self, ask: &AskWire) -> Result<(), CallError> {
        match self.ask(ask).await? {
            TellWire::Heard {} => Ok(()),
            TellWire::Result { .. } | TellWire::NotUnderstood {} => Err(CallError::NotUnderstood),
        }
    }

    async fn ask(mut self, ask: &AskWire) -> Result<TellWire, CallError> {
        line::write(&mut self.0, ask).await?;
        match line::read(&mut self.0).await {
            Ok(tell) => Ok(tell),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(CallError::NotUnderstood),
            Err(error) => Err(error.into()),
        }
    }
}

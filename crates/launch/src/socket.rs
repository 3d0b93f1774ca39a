//! The local socket under the door: a Unix domain socket, or a named pipe on Windows.
//!
//! Invariant: nobody but this user can connect. On Unix the data folder and the socket's mode see to that; on Windows the
//! pipe's default access list, which lets others read at most, and remote clients are refused.

#[cfg(unix)]
pub(crate) use unix::{Client, Listener, connect, path};
#[cfg(windows)]
pub(crate) use windows::{Client, Listener, connect, path};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::{Path, PathBuf};

    use tokio::net::{UnixListener, UnixStream};

    pub(crate) type Client = UnixStream;

    pub(crate) struct Listener(UnixListener);

    pub(crate) fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("launch.sock")
    }

    impl Listener {
        /// What lies at `path` was left by a process that is gone: whoever calls this has the lock.
        pub(crate) fn bind(path: &Path) -> io::Result<Self> {
            match std::fs::remove_file(path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            let listener = UnixListener::bind(path)?;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
            Ok(Self(listener))
        }

        pub(crate) async fn accept(&mut self) -> io::Result<UnixStream> {
            self.0.accept().await.map(|(stream, _)| stream)
        }
    }

    pub(crate) async fn connect(path: &Path) -> io::Result<Client> {
        UnixStream::connect(path).await
    }
}

#[cfg(windows)]
mod windows {
    use std::ffi::OsString;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use sha2::{Digest as _, Sha256};
    use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};

    /// `ERROR_PIPE_BUSY`: every instance is taken for a moment.
    const BUSY: i32 = 231;
    const BREATH: Duration = Duration::from_millis(50);
    const TRIES: u32 = 40;

    pub(crate) type Client = NamedPipeClient;

    pub(crate) struct Listener {
        name: OsString,
        next: NamedPipeServer,
    }

    /// The data folder lies in this user's profile, so that the name is another for every user.
    pub(crate) fn path(data_dir: &Path) -> PathBuf {
        let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
        let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        PathBuf::from(format!(r"\\.\pipe\loket-{name}"))
    }

    impl Listener {
        pub(crate) fn bind(path: &Path) -> io::Result<Self> {
            let next =
                ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(path)?;
            Ok(Self { name: path.as_os_str().to_owned(), next })
        }

        pub(crate) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
            self.next.connect().await?;
            let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
            Ok(std::mem::replace(&mut self.next, next))
        }
    }

    pub(crate) async fn connect(path: &Path) -> io::Result<Client> {
        for _ in 0..TRIES {
            match ClientOptions::new().open(path) {
                Err(error) if error.raw_os_error() == Some(BUSY) => tokio::time::sleep(BREATH).await,
                outcome => return outcome,
            }
        }
        ClientOptions::new().open(path)
    }
}

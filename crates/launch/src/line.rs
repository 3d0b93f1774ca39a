//! What two processes of Loket say to each other: one line of JSON each way.
//!
//! Invariant: a line has a bound, and nothing of it is shown when it cannot be read: it may hold a token.

use std::io;

use serde::{Deserialize, Serialize};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use zeroize::Zeroizing;

use crate::request::MAX_REQUEST_BYTES;
use crate::result::LaunchResult;

/// A request inside a JSON text may double.
const MAX_LINE_BYTES: u64 = 2 * MAX_REQUEST_BYTES as u64 + 1024;

/// Asked by the process that was started.
#[derive(Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum AskWire {
    /// Show the window.
    Raise {},
    /// A flow; the document as text.
    Launch {
        /// The document.
        request: Zeroizing<String>,
    },
    /// A flow behind a code.
    HandOver {
        /// The code.
        code: Zeroizing<String>,
    },
}

/// Told by the process that has the window.
#[derive(Serialize, Deserialize)]
#[serde(tag = "tell", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum TellWire {
    /// It will be done; nothing more will be told.
    Heard {},
    /// The flow is over.
    Result {
        /// How.
        result: LaunchResult,
    },
    /// This line is not understood.
    NotUnderstood {},
}

/// Reads one line.
pub(crate) async fn read<T: for<'a> Deserialize<'a>>(stream: impl AsyncRead + Unpin) -> io::Result<T> {
    let mut line = Zeroizing::new(Vec::new());
    BufReader::new(stream.take(MAX_LINE_BYTES)).read_until(b'\n', &mut line).await?;
    if line.last() != Some(&b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    // The error itself may quote what stands there.
    serde_json::from_slice(&line).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Writes one line.
pub(crate) async fn write(mut stream: impl AsyncWrite + Unpin, message: &impl Serialize) -> io::Result<()> {
    let mut line = Zeroizing::new(serde_json::to_vec(message)?);
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_read_as_they_were_written_and_others_are_not() {
        let mut bytes = Vec::new();
        write(&mut bytes, &AskWire::Launch { request: Zeroizing::new("{\"a\":\n1}".into()) }).await.unwrap();
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
        let ask = read::<AskWire>(&bytes[..]).await.unwrap();
        assert!(matches!(ask, AskWire::Launch { request } if *request == "{\"a\":\n1}"));
        for bad in
            ["", "{}\n", "{\"ask\":\"raise\"}", "{\"ask\":\"raise\",\"more\":1}\n", "{\"ask\":\"other\"}\n"]
        {
            assert!(read::<AskWire>(bad.as_bytes()).await.is_err(), "{bad:?}");
        }
        let endless = "x".repeat(1 << 20);
        assert!(read::<AskWire>(endless.as_bytes()).await.is_err());
    }
}

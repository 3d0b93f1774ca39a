//! A TCP listener whose connections a handler can cut.
//! Invariant: after `Wire::cut` not one more byte of an answer reaches the client; it sees a closed connection.
//! Deliberately lacks partial answers: a cut happens before the first byte or not at all.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Listens on TCP and hands out connections that can be cut.
pub struct CuttableListener(pub TcpListener);

/// A handler's hold on the connection its request came by.
#[derive(Clone, Debug)]
pub struct Wire {
    cut: Arc<AtomicBool>,
}

impl Wire {
    /// Closes the connection instead of answering.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }
}

/// One accepted connection.
pub struct CuttableStream {
    tcp: TcpStream,
    wire: Wire,
}

impl CuttableStream {
    fn refused<T>(&self) -> Option<Poll<io::Result<T>>> {
        self.wire
            .cut
            .load(Ordering::SeqCst)
            .then(|| Poll::Ready(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (tcp, address) = Listener::accept(&mut self.0).await;
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        (CuttableStream { tcp, wire: Wire { cut: Arc::default() } }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.io().wire.clone()
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.refused() {
            Some(refusal) => refusal,
            None => Pin::new(&mut self.get_mut().tcp).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.refused() {
            Some(refusal) => refusal,
            None => Pin::new(&mut self.get_mut().tcp).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

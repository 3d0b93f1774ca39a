//! How much of a request's body has left.
//!
//! Invariant: the body on the wire is the same as without a meter, `Content-Length` included. Lacks on purpose: what the
//! partner has received; bytes count once the transport took them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Small enough that a slow link shows movement every second.
const PIECE_BYTES: usize = 16 * 1024;

/// A body on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Bytes the transport took.
    pub sent_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
}

/// Counts one body at a time.
#[derive(Debug, Default)]
pub(crate) struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    /// 0 while nothing is on its way.
    total: AtomicU64,
}

impl Meter {
    /// A body that is counted from now on.
    pub(crate) fn body(&self, bytes: Vec<u8>) -> reqwest::Body {
        self.0.sent.store(0, Ordering::Relaxed);
        self.0.total.store(bytes.len() as u64, Ordering::Relaxed);
        reqwest::Body::wrap(Metered { rest: bytes.into(), counts: Arc::clone(&self.0) })
    }

    /// Nothing is on its way any more.
    pub(crate) fn rest(&self) {
        self.0.total.store(0, Ordering::Relaxed);
    }

    /// The body on its way, if there is one.
    pub(crate) fn read(&self) -> Option<Upload> {
        let total_bytes = self.0.total.load(Ordering::Relaxed);
        let sent_bytes = self.0.sent.load(Ordering::Relaxed).min(total_bytes);
        (total_bytes > 0).then_some(Upload { sent_bytes, total_bytes })
    }
}

struct Metered {
    rest: Bytes,
    counts: Arc<Counts>,
}

impl Body for Metered {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece_bytes = self.rest.len().min(PIECE_BYTES);
        if piece_bytes == 0 {
            return Poll::Ready(None);
        }
        let piece = self.rest.split_to(piece_bytes);
        self.counts.sent.fetch_add(piece_bytes as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(body: &mut Metered) -> Option<usize> {
        let polled = Pin::new(body).poll_frame(&mut Context::from_waker(std::task::Waker::noop()));
        let Poll::Ready(frame) = polled else { panic!("the bytes are all there") };
        frame.map(|frame| frame.unwrap().into_data().unwrap().len())
    }

    #[test]
    fn every_byte_counts_once_it_left() {
        let meter = Meter::default();
        assert_eq!(meter.read(), None);
        drop(meter.body(vec![7; PIECE_BYTES + 5]));
        let mut body = Metered { rest: Bytes::from(vec![7; PIECE_BYTES + 5]), counts: Arc::clone(&meter.0) };
        let sent = |meter: &Meter| meter.read().map(|upload| (upload.sent_bytes, upload.total_bytes));
        let total = PIECE_BYTES as u64 + 5;
        assert_eq!(sent(&meter), Some((0, total)));
        assert_eq!(body.size_hint().exact(), Some(total));
        assert_eq!(piece(&mut body), Some(PIECE_BYTES));
        assert_eq!(sent(&meter), Some((PIECE_BYTES as u64, total)));
        assert!(!body.is_end_stream());
        assert_eq!(piece(&mut body), Some(5));
        assert_eq!(sent(&meter), Some((total, total)));
        assert!(body.is_end_stream());
        assert_eq!(piece(&mut body), None);
        meter.rest();
        assert_eq!(meter.read(), None);
    }
}

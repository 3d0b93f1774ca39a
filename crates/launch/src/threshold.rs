//! What steps over the threshold, whichever way it came, and how it is answered.
//!
//! Invariant: a [`Reply`] is answered at most once; dropping it answers too, because whoever launched waits.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::ending::Ending;
use crate::link::HandOverCode;
use crate::request::LaunchRequest;
use crate::result::LaunchResult;

/// Something that came in.
#[derive(Debug)]
pub enum Incoming {
    /// Somebody started the application again: show the window.
    Raise,
    /// A flow.
    Launch(Box<LaunchRequest>, Reply),
    /// A flow behind a code.
    HandOver(HandOverCode, Reply),
}

/// Whoever decides about what came in. Called from a task: it must not wait.
pub type Hear = Arc<dyn Fn(Incoming) + Send + Sync>;

/// The way back to whoever launched.
#[derive(Debug)]
pub struct Reply(oneshot::Sender<LaunchResult>);

impl Reply {
    /// A way back and where the answer arrives.
    #[must_use]
    pub fn new() -> (Self, Answer) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), Answer(receiver))
    }

    /// A way back that leads nowhere: links have nobody to answer.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::new().0
    }

    /// Answers.
    pub fn tell(self, result: LaunchResult) {
        // Whoever launched may be gone; its backend hears from the platform.
        self.0.send(result).ok();
    }
}

/// Where the answer arrives.
#[derive(Debug)]
pub struct Answer(oneshot::Receiver<LaunchResult>);

impl Answer {
    /// Waits for it. Without one the window is gone.
    pub async fn wait(&mut self, correlation_id: &str) -> LaunchResult {
        (&mut self.0).await.unwrap_or_else(|_| Ending::WindowClosed.result(correlation_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reply_that_is_dropped_answers_that_the_window_is_gone() {
        let (reply, mut answer) = Reply::new();
        drop(reply);
        assert_eq!(answer.wait("c-1").await, Ending::WindowClosed.result("c-1"));
        let (reply, mut answer) = Reply::new();
        reply.tell(Ending::Busy.result("c-2"));
        assert_eq!(answer.wait("c-2").await, Ending::Busy.result("c-2"));
    }
}

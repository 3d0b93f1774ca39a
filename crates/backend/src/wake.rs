//! Waking those who wait for a kiosk's results.
//!
//! Invariant: whoever listens before it looks misses nothing. Carries no results: the woken look in the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

/// One bell per kiosk that waits.
#[derive(Default)]
pub struct Bells(Mutex<HashMap<Uuid, Arc<Notify>>>);

impl Bells {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bell of a kiosk.
    #[must_use]
    pub fn of(&self, kiosk: Uuid) -> Arc<Notify> {
        Arc::clone(self.lock().entry(kiosk).or_default())
    }

    /// Rings for one kiosk.
    pub fn ring(&self, kiosk: Uuid) {
        if let Some(bell) = self.lock().get(&kiosk) {
            bell.notify_waiters();
        }
    }

    /// Rings for all: after news may have been missed.
    pub fn ring_all(&self) {
        for bell in self.lock().values() {
            bell.notify_waiters();
        }
    }

    /// Takes down the bells nobody holds.
    pub fn tidy(&self) {
        self.lock().retain(|_, bell| Arc::strong_count(bell) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_named_kiosk_is_woken() {
        let bells = Bells::default();
        let (mine, other) = (Uuid::new_v4(), Uuid::new_v4());
        let (bell, others) = (bells.of(mine), bells.of(other));
        let mut waiting = Box::pin(bell.notified());
        let mut waiting_elsewhere = Box::pin(others.notified());
        waiting.as_mut().enable();
        waiting_elsewhere.as_mut().enable();
        bells.ring(mine);
        waiting.await;
        let woken = std::future::poll_fn(|context| {
            std::task::Poll::Ready(waiting_elsewhere.as_mut().poll(context).is_ready())
        });
        assert!(!woken.await);
    }

    #[test]
    fn bells_that_nobody_holds_are_taken_down() {
        let bells = Bells::default();
        let held = bells.of(Uuid::new_v4());
        drop(bells.of(Uuid::new_v4()));
        bells.tidy();
        assert_eq!(bells.lock().len(), 1);
        drop(held);
    }
}

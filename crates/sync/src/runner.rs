//! Passes over the queue: one ([`Runner::once`]) or for as long as the application lives
//! ([`Runner::watch`]).
//!
//! Invariant: one item at a time; a pass ends when nothing is due, when the link is paused or
//! when it is told to stop, and never in the middle of an item.

use std::sync::{Arc, Mutex, PoisonError};

use bundle::SigningProfile;
use gateway::{Clock, Gateway, Rejection};
use jiff::Timestamp;
use outbox::{Outbox, OutboxError};
use secrecy::SecretString;
use tokio::sync::Notify;

use crate::delivery::Done;
use crate::link::{Link, LinkState};
use crate::params::SyncParams;
use crate::policy;
use crate::progress::{PassSummary, Progress};
use crate::route::Route;
use crate::stop::Stop;

/// Gives numbers in 0..1; injected, so that tests decide them.
pub type Random = Box<dyn FnMut() -> f64 + Send>;

/// What was asked of the partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    Probe,
    Question,
    Capture,
}

/// Listens to progress.
pub(crate) type Listener<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// The device's own secret, for captures whose challenge cannot be used any more.
pub struct DeviceSigner {
    /// How to sign.
    pub profile: SigningProfile,
    /// Provisioned once by the partner.
    pub secret: SecretString,
}

/// Why a pass could not go on. What the partner says is never one of these.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The queue.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// A receipt could not be written down.
    #[error("a receipt could not be written down: {0}")]
    Receipt(serde_json::Error),
    /// The work on the queue was torn down with the application.
    #[error("the application is shutting down")]
    ShuttingDown,
}

/// Moves items from the queue to the partner.
pub struct Runner {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) gateway: Arc<dyn Gateway>,
    pub(crate) route: Route,
    pub(crate) signer: Option<DeviceSigner>,
    pub(crate) params: SyncParams,
    clock: Clock,
    random: Mutex<Random>,
    link: Mutex<Link>,
    woken: Notify,
}

impl Runner {
    /// A runner over an open queue to one partner that takes captures whole. `clock` is this machine's.
    #[must_use]
    pub fn new(
        outbox: Arc<Outbox>,
        gateway: Arc<dyn Gateway>,
        signer: Option<DeviceSigner>,
        params: SyncParams,
        clock: Clock,
        random: Random,
    ) -> Self {
        Self::along(Route::Whole(gateway), outbox, signer, params, clock, random)
    }

    /// A runner along any route.
    #[must_use]
    pub fn along(
        route: Route,
        outbox: Arc<Outbox>,
        signer: Option<DeviceSigner>,
        params: SyncParams,
        clock: Clock,
        random: Random,
    ) -> Self {
        Self {
            outbox,
            gateway: route.whole(&clock),
            route,
            signer,
            params,
            clock,
            random: Mutex::new(random),
            link: Mutex::new(Link::default()),
            woken: Notify::new(),
        }
    }

    /// What the last calls told about the connection.
    #[must_use]
    pub fn link(&self) -> Link {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a waiting [`Self::watch`] look at the queue now.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Works through everything that is due. A pause after failures is not waited for: somebody
    /// asked, so the partner is asked. A pause the partner wished for is.
    pub async fn once(
        &self,
        listener: &(dyn Fn(Progress) + Send + Sync),
        stop: &Stop,
    ) -> Result<PassSummary, SyncError> {
        let mut summary = PassSummary::default();
        listener(Progress::Started(self.with_outbox(Outbox::counts).await?));
        if self.is_work_due().await? && self.reach_partner(listener).await {
            self.drain(&mut summary, listener, stop).await?;
        }
        let now = self.now();
        summary.counts = self.with_outbox(Outbox::counts).await?;
        summary.link = self.link().state();
        summary.next_due = self.with_outbox(move |outbox| outbox.next_due(now)).await?;
        listener(Progress::Finished(summary));
        Ok(summary)
    }

    /// Works until told to stop: passes over the queue, sleeping in between until something is
    /// due, the link's pause is over, or [`Self::wake`] is called.
    pub async fn watch(
        &self,
        listener: &(dyn Fn(Progress) + Send + Sync),
        stop: &Stop,
    ) -> Result<(), SyncError> {
        while !stop.is_stopped() {
            match self.once(listener, stop).await {
                Ok(_) => {}
                // Passing trouble on this machine; the items are safe where they are.
                Err(SyncError::Outbox(error @ (OutboxError::DiskFull | OutboxError::Busy))) => {
                    tracing::warn!(%error, "the queue is in trouble; trying again later");
                }
                Err(error) => return Err(error),
            }
            let wait = self.pause_length().await?;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.woken.notified() => {}
                () = stop.stopped() => {}
            }
        }
        Ok(())
    }

    async fn drain(
        &self,
        summary: &mut PassSummary,
        listener: Listener<'_>,
        stop: &Stop,
    ) -> Result<(), SyncError> {
        while !stop.is_stopped() && self.link().paused_until(self.now()).is_none() {
            let (now, lease_for) = (self.now(), self.params.lease_for);
            let Some(lease) = self.with_outbox(move |outbox| outbox.lease_next(now, lease_for)).await? else {
                break;
            };
            let id = lease.item.id;
            match self.deliver_one(lease.item, listener).await {
                Ok(Done::Delivered { recovered }) => {
                    summary.delivered += 1;
                    summary.recovered += u32::from(recovered);
                }
                Ok(Done::Postponed) => summary.postponed += 1,
                Ok(Done::Parked) => summary.parked += 1,
                // Taken over after our lease ran out, or settled by an operator meanwhile.
                Err(SyncError::Outbox(
                    error @ (OutboxError::LeaseLost(_)
                    | OutboxError::WrongState { .. }
                    | OutboxError::NotFound(_)),
                )) => tracing::warn!(item = %id, %error, "the item changed hands"),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Asks the partner before the first item is touched: finds out that we are offline or
    /// refused without marking anything, and measures the partner's clock.
    async fn reach_partner(&self, listener: Listener<'_>) -> bool {
        let (link, now) = (self.link(), self.now());
        if link.wished_until(now).is_some() {
            return false;
        }
        if link.state() == LinkState::Online && link.paused_until(now).is_none() {
            return true;
        }
        if let Some(partner) = self.route.staged() {
            let probed = partner.probe().await;
            self.learn(Call::Probe, &probed, listener);
            if probed.is_err() || !self.route.goes_on() {
                return probed.is_ok();
            }
        }
        let probed = self.gateway.probe().await;
        self.learn(Call::Probe, &probed, listener);
        probed.is_ok()
    }

    async fn is_work_due(&self) -> Result<bool, SyncError> {
        let now = self.now();
        let due = self.with_outbox(move |outbox| outbox.next_due(now)).await?;
        Ok(due.is_some_and(|due| due <= now))
    }

    async fn pause_length(&self) -> Result<std::time::Duration, SyncError> {
        let now = self.now();
        let due = self.with_outbox(move |outbox| outbox.next_due(now)).await?;
        let poll = policy::later(now, self.params.poll);
        // While paused, due items wait for the link; other processes' items are looked for anyway.
        let until = match self.link().paused_until(now) {
            Some(paused) => paused,
            None => due.map_or(poll, |due| due.min(poll)),
        };
        let wait = std::time::Duration::try_from(until.duration_since(now)).unwrap_or_default();
        // A due item nobody could lease (another process holds it) must not make us spin.
        Ok(wait.max(std::time::Duration::from_millis(50)))
    }

    /// Lets the link learn from a call.
    pub(crate) fn learn<T>(&self, call: Call, result: &Result<T, Rejection>, listener: Listener<'_>) {
        let (now, random) = (self.now(), self.random());
        let (before, after) = {
            let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
            let before = link.state();
            match (result, call) {
                (Ok(_), Call::Probe) => link.found(),
                (Ok(_), Call::Question) => link.reached(),
                (Ok(_), Call::Capture) => link.served(),
                (Err(rejection), _) => link.rejected(rejection, now, random, &self.params),
            }
            (before, link.state())
        };
        if before != after {
            listener(Progress::Link(after));
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn random(&self) -> f64 {
        (self.random.lock().unwrap_or_else(PoisonError::into_inner))()
    }

    /// SQLite blocks; this keeps it off the threads that serve the network.
    pub(crate) async fn with_outbox<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let outbox = Arc::clone(&self.outbox);
        let result = tokio::task::spawn_blocking(move || work(&outbox)).await;
        Ok(result.map_err(|_| SyncError::ShuttingDown)??)
    }
}

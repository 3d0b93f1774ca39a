//! Sending what waits: a runner over an installation's queue and gateway.
//!
//! Invariant: the device's secret is at hand whenever one is provisioned, so that a capture whose challenge
//! ran out can still leave. Deliberately absent: the policy, which is `sync`'s.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use outbox::{Outbox, OutboxError, Purged, Retention};
use sync::{DeviceSigner, Runner, SyncParams};

use crate::capture::profile;
use crate::compose;
use crate::config::RetentionConfig;
use crate::installation::{ConnectError, Installation, QueueError};
use crate::secrets::{SecretError, SecretName};

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub enum SynchroniseError {
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The gateway.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The device's secret is set, but cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// A runner over the installation's queue.
pub fn runner(installation: &Installation, outbox: Arc<Outbox>) -> Result<Runner, SynchroniseError> {
    let secret = installation.secrets().find_optional(SecretName::DeviceSecret)?;
    let signer = secret.map(|secret| DeviceSigner { profile: profile(&installation.config), secret });
    Ok(Runner::along(
        installation.route()?,
        outbox,
        signer,
        SyncParams::default(),
        Arc::new(compose::now),
        Box::new(compose::random),
    ))
}

/// Removes what the settings no longer want kept; nothing that waits for delivery.
pub fn purge(outbox: &Outbox, config: &RetentionConfig, now: Timestamp) -> Result<Purged, OutboxError> {
    let days = |days: u32| (days > 0).then(|| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    let retention = Retention {
        receipts_for: days(config.receipts_days),
        parked_captures_for: days(config.parked_captures_days),
    };
    outbox.purge(&retention, now)
}

//! Is everything in place to work here? One finding per part, from really using it.
//!
//! Invariant: an examination changes nothing but a probe file that it removes again, asks the gateway nothing
//! that leaves a trace, and always ends. Deliberately absent: mending, and prose; the callers put findings
//! into words.

use std::time::{Duration, Instant};

use camera::Device;
use gateway::{Gateway as _, Rejection};
use inference::ModelSource;
use liveness::FaceReader;
use vision::Reader;

use crate::compose;
use crate::data_dir;
use crate::installation::{ConnectError, Installation, QueueError};
use crate::onekyc_config::Provider;
use crate::queue::CountsView;
use crate::secrets::{SecretError, SecretName, SecretOrigin};

/// What counts as enough.
#[derive(Clone, Copy, Debug)]
pub struct DoctorParams {
    /// Free space for a day in the field: 100 captures of 5 frames of 2 MB.
    pub enough_free_bytes: u64,
    /// Challenges live 15 s at least; a clock further off than this misjudges them.
    pub tolerable_skew: Duration,
}

impl Default for DoctorParams {
    fn default() -> Self {
        Self { enough_free_bytes: 1_000_000_000, tolerable_skew: Duration::from_secs(10) }
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Good,
    /// Work is possible, with less.
    Poor,
    /// Work is not possible.
    Bad,
}

/// The state of the data folder.
#[derive(Debug)]
pub enum FolderState {
    /// Writable, and closed to others.
    Private,
    /// Other users may look inside (permission bits).
    OpenToOthers(u32),
    /// Nothing can be written.
    NotWritable(std::io::Error),
}

/// The state of the gateway.
#[derive(Debug)]
pub enum GatewayState {
    /// It cannot even be called.
    NotSet(ConnectError),
    /// It answered.
    Reached {
        /// Milliseconds a small request took.
        took_ms: u64,
        /// Its clock ahead of ours, in seconds.
        skew_s: i64,
    },
    /// It answered that this key may not.
    Refused(Rejection),
    /// It did not answer as it should.
    Unreachable(Rejection),
}

/// The state of the partner's backend.
#[derive(Debug)]
pub enum BackendState {
    /// It cannot even be called.
    NotSet(ConnectError),
    /// It answered, and knows this kiosk.
    Reached {
        /// Milliseconds a small request took.
        took_ms: u64,
    },
    /// It does not take this kiosk's requests.
    Refused(Rejection),
    /// It did not answer as it should.
    Unreachable(Rejection),
}

/// What is wrong with the queue.
#[derive(Debug)]
pub enum QueueTrouble {
    /// It does not open, or would not.
    Open(QueueError),
    /// It opens, but does not answer.
    Use(outbox::OutboxError),
}

/// What was found about one part.
#[derive(Debug)]
pub enum Finding {
    /// The data folder.
    Folder(FolderState),
    /// Free space beside it, in bytes.
    Disk(Result<u64, std::io::Error>),
    /// The nets: milliseconds they took to load.
    Models(Result<u64, inference::LoadError>),
    /// The queue and its key: what the queue holds, `None` while there is none.
    Queue(Result<Option<CountsView>, QueueTrouble>),
    /// The queue's audit chain: its length.
    Audit(Result<i64, outbox::AuditError>),
    /// A secret and where it was found.
    Secret(SecretName, Result<SecretOrigin, SecretError>),
    /// The gateway.
    Gateway(GatewayState),
    /// The partner's backend, where one is set.
    Backend(BackendState),
    /// Cameras.
    Cameras(Result<Vec<Device>, camera::DevicesError>),
}

impl Finding {
    /// How grave it is.
    pub fn health(&self, params: &DoctorParams) -> Health {
        match self {
            Self::Folder(FolderState::Private) => Health::Good,
            Self::Folder(FolderState::OpenToOthers(_)) => Health::Poor,
            Self::Folder(FolderState::NotWritable(_)) => Health::Bad,
            Self::Disk(Ok(free)) if *free >= params.enough_free_bytes => Health::Good,
            Self::Disk(_) => Health::Poor,
            Self::Models(loaded) => good_or_bad(loaded.is_ok()),
            Self::Queue(opened) => good_or_bad(opened.is_ok()),
            Self::Audit(verified) => good_or_bad(verified.is_ok()),
            Self::Secret(SecretName::ApiKey, found) => good_or_bad(found.is_ok()),
            // Without it, captures are signed by challenges alone: not offline.
            Self::Secret(
                SecretName::DeviceSecret
                | SecretName::OneKycClientId
                | SecretName::OneKycPassKey
                | SecretName::LaunchKey
                | SecretName::KioskKey,
                found,
            ) => good_or_poor(found.is_ok()),
            Self::Gateway(state) => gateway_health(state, params),
            Self::Backend(state) => match state {
                BackendState::Reached { .. } => Health::Good,
                BackendState::Unreachable(_) => Health::Poor,
                BackendState::NotSet(_) | BackendState::Refused(_) => Health::Bad,
            },
            Self::Cameras(found) => good_or_poor(found.as_ref().is_ok_and(|devices| !devices.is_empty())),
        }
    }
}

fn good_or_bad(good: bool) -> Health {
    if good { Health::Good } else { Health::Bad }
}

fn good_or_poor(good: bool) -> Health {
    if good { Health::Good } else { Health::Poor }
}

fn gateway_health(state: &GatewayState, params: &DoctorParams) -> Health {
    match state {
        GatewayState::NotSet(_) | GatewayState::Refused(_) => Health::Bad,
        GatewayState::Unreachable(_) => Health::Poor,
        GatewayState::Reached { skew_s, .. } => {
            good_or_poor(skew_s.unsigned_abs() <= params.tolerable_skew.as_secs())
        }
    }
}

/// Examines everything.
pub async fn examine(installation: &Installation) -> Vec<Finding> {
    let mut findings = vec![
        Finding::Folder(folder(installation)),
        Finding::Disk(fs4::available_space(installation.dir.path())),
        Finding::Models(models()),
    ];
    findings.extend(queue(installation));
    // Where Identity Platform is not spoken to, its key and address are not missed.
    let has_gateway = installation.config.gateway.provider != Provider::Onekyc;
    for name in SecretName::ALL {
        if has_gateway || name != SecretName::ApiKey {
            let found = installation.secrets().find(name).map(|(_, origin)| origin);
            findings.push(Finding::Secret(name, found));
        }
    }
    if has_gateway {
        findings.push(Finding::Gateway(gateway(installation).await));
    }
    if installation.config.backend.url.is_some() {
        findings.push(Finding::Backend(backend(installation).await));
    }
    findings.push(Finding::Cameras(camera::list_devices()));
    findings
}

fn folder(installation: &Installation) -> FolderState {
    let dir = installation.dir.path();
    let probe = dir.join(".probe");
    let written = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe));
    match written.and_then(|()| data_dir::open_to_others(dir)) {
        Ok(0) => FolderState::Private,
        Ok(bits) => FolderState::OpenToOthers(bits),
        Err(error) => FolderState::NotWritable(error),
    }
}

fn models() -> Result<u64, inference::LoadError> {
    let started = Instant::now();
    let source = ModelSource::from_env();
    Reader::load(&source)?;
    FaceReader::load(&source)?;
    Ok(milliseconds(started.elapsed()))
}

fn queue(installation: &Installation) -> Vec<Finding> {
    let opened = match installation.existing_queue() {
        Ok(Some(outbox)) => outbox,
        // The key must be at hand before the first capture, not after it.
        Ok(None) => {
            let key = installation.check_key().map_err(QueueTrouble::Open);
            return vec![Finding::Queue(key.map(|()| None))];
        }
        Err(error) => return vec![Finding::Queue(Err(QueueTrouble::Open(error)))],
    };
    let counts = opened.counts().map(CountsView::from).map_err(QueueTrouble::Use);
    let audit = opened.verify_audit().map(|report| report.entries);
    vec![Finding::Queue(counts.map(Some)), Finding::Audit(audit)]
}

async fn gateway(installation: &Installation) -> GatewayState {
    let gateway = match installation.gateway() {
        Ok(gateway) => gateway,
        Err(error) => return GatewayState::NotSet(error),
    };
    let started = Instant::now();
    match gateway.probe().await {
        Ok(()) => GatewayState::Reached {
            took_ms: milliseconds(started.elapsed()),
            skew_s: gateway.now().duration_since(compose::now()).as_secs(),
        },
        Err(rejection @ (Rejection::Blocked { .. } | Rejection::Permanent { .. })) => {
            GatewayState::Refused(rejection)
        }
        Err(
            rejection @ (Rejection::Retryable { .. }
            | Rejection::NeedsRecovery { .. }
            | Rejection::ChallengeSpent { .. }),
        ) => GatewayState::Unreachable(rejection),
    }
}

async fn backend(installation: &Installation) -> BackendState {
    let kiosk = match installation.kiosk() {
        Ok(kiosk) => kiosk,
        Err(error) => return BackendState::NotSet(error),
    };
    let started = Instant::now();
    match kiosk.probe().await.map_err(|error| error.failure().rejection()) {
        Ok(()) => BackendState::Reached { took_ms: milliseconds(started.elapsed()) },
        Err(rejection @ (Rejection::Blocked { .. } | Rejection::Permanent { .. })) => {
            BackendState::Refused(rejection)
        }
        Err(
            rejection @ (Rejection::Retryable { .. }
            | Rejection::NeedsRecovery { .. }
            | Rejection::ChallengeSpent { .. }),
        ) => BackendState::Unreachable(rejection),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

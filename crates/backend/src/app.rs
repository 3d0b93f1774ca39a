//! One replica: what its handlers and its worker share, how it starts and how it stops.
//!
//! Invariant: it stops by finishing what it began: requests under way are answered, looks are stored or given back.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::config::{Config, SecretError, StorageConfig};
use crate::metrics::Metrics;
use crate::partner::{IdentityPlatform, OneKyc, OneKycStartError};
use crate::store::{Store, StoreError, listen};
use crate::wake::Bells;
use crate::{api, worker};

/// How long requests under way may still take once we are told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// What handlers and the worker share.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// Rows.
    pub store: Arc<Store>,
    /// Who waits.
    pub bells: Arc<Bells>,
    /// Counters.
    pub metrics: Metrics,
    /// OneKYC, if configured.
    pub onekyc: Option<OneKyc>,
    /// Identity Platform, if configured.
    pub identity: Option<IdentityPlatform>,
    /// The fixed headers of callbacks.
    pub callback_headers: Vec<(String, secrecy::SecretString)>,
    /// Who may hand flows over: a name for the log, and a key.
    pub partner_keys: Vec<(String, secrecy::SecretString)>,
    /// Rung when something is due.
    pub due: Notify,
    /// Becomes true when we are told to stop.
    pub stopping: watch::Sender<bool>,
    keys: RwLock<HashMap<Uuid, Arc<[u8]>>>,
}

/// Why a replica does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A secret is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// OneKYC's client cannot be made.
    #[error(transparent)]
    OneKyc(#[from] OneKycStartError),
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// Opens the store that a configuration names.
pub async fn open_store(config: &StorageConfig) -> Result<Store, StartError> {
    use secrecy::ExposeSecret as _;
    Ok(match config {
        StorageConfig::Sqlite { path } => Store::open_sqlite(path)?,
        StorageConfig::Postgres { url, pool_size } => {
            Store::open_postgres(url.read()?.expose_secret(), *pool_size).await?
        }
    })
}

impl App {
    /// Reads secrets and opens the store.
    pub async fn open(config: Config) -> Result<Arc<Self>, StartError> {
        let store = Arc::new(open_store(&config.storage).await?);
        let onekyc = config.onekyc.clone().map(OneKyc::new).transpose()?;
        let identity = config.identity_platform.clone().map(IdentityPlatform::new).transpose()?;
        let headers = config.onekyc.iter().flat_map(|onekyc| &onekyc.callbacks.headers);
        let callback_headers = headers
            .map(|(name, secret)| Ok((name.to_ascii_lowercase(), secret.read()?)))
            .collect::<Result<_, SecretError>>()?;
        let keys = config.partner_api.keys.iter();
        let partner_keys = keys
            .map(|(name, secret)| Ok((name.clone(), secret.read()?)))
            .collect::<Result<_, SecretError>>()?;
        Ok(Arc::new(Self {
            config,
            store,
            bells: Arc::default(),
            metrics: Metrics::default(),
            onekyc,
            identity,
            callback_headers,
            partner_keys,
            due: Notify::new(),
            stopping: watch::Sender::new(false),
            keys: RwLock::default(),
        }))
    }

    /// Milliseconds of Unix time.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    /// A kiosk's public key. Keys never change, so a known one is not read again; revocation is judged elsewhere.
    pub async fn kiosk_key(&self, kiosk: Uuid) -> Result<Option<Arc<[u8]>>, StoreError> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&kiosk).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(key) = self.store.kiosk_key(kiosk).await? else { return Ok(None) };
        let key: Arc<[u8]> = key.into();
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(kiosk, Arc::clone(&key));
        Ok(Some(key))
    }

    /// Resolves once we are told to stop.
    pub async fn stopped(&self) {
        // The sender lives as long as `self`.
        _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}

/// Binds the configured address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })
}

/// Serves until `stop` resolves, then finishes what is under way.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let listening = tokio::spawn(listen(Arc::clone(&app.store), Arc::clone(&app.bells)));
    let tidying = tokio::spawn(worker::tidy(Arc::clone(&app)));
    let working = tokio::spawn(worker::work(Arc::clone(&app)));
    let router = api::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let told = {
        let app = Arc::clone(&app);
        async move { app.stopped().await }
    };
    let mut serving =
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(told).await });
    let ended = tokio::select! {
        () = stop => None,
        ended = &mut serving => Some(ended),
    };
    tracing::info!("stopping");
    app.stopping.send_replace(true);
    let ended = match ended {
        Some(ended) => Ok(ended),
        None => tokio::time::timeout(LAST_REQUESTS, serving).await,
    };
    if working.await.is_err() {
        tracing::error!("the worker ended by a panic");
    }
    listening.abort();
    tidying.abort();
    match ended {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(std::io::Error::other(panic)),
        Err(_) => {
            tracing::warn!("some requests did not end in time and were dropped");
            Ok(())
        }
    }
}

//! Starting and stopping a simulator inside a process.
//! Invariant: it listens on loopback only; the control API beside the partner API has no key of its own.
//! Deliberately lacks TLS: clients allow plain HTTP to loopback addresses and nowhere else.

use std::sync::Arc;

use anyhow::Context;
use axum::http::StatusCode;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::{Settings, SimulatorConfig};
use crate::fault::FaultRule;
use crate::listener::{CuttableListener, Wire};
use crate::onekyc::{self, OneKyc};
use crate::store::NewCustomer;
use crate::store::rows::{
    CaptureRow, ChallengeRow, CustomerRow, DeliveryRow, FaceRow, RequestRow, VerificationRow,
};
use crate::{api, control, webhook};

/// A simulator that runs until it is shut down or dropped.
pub struct Running {
    /// Base of the partner API, e.g. `http://127.0.0.1:4010/identity`.
    pub base_url: String,
    /// Base of the control API, e.g. `http://127.0.0.1:4010/_control`.
    pub control_url: String,
    /// A bearer key with all identity scopes.
    pub api_key: String,
    /// The OneKYC side.
    pub onekyc: OneKyc,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
    delivering: JoinHandle<()>,
}

/// Starts a server; it answers from the moment this returns.
pub async fn start(config: SimulatorConfig) -> anyhow::Result<Running> {
    anyhow::ensure!(config.bind.ip().is_loopback(), "the simulator listens on loopback addresses only");
    let app = Arc::new(App::open(&config)?);
    let listener =
        TcpListener::bind(config.bind).await.with_context(|| format!("cannot listen on {}", config.bind))?;
    let address = listener.local_addr()?;
    let platform = Arc::new(onekyc::Platform::new(
        config.onekyc_account.clone(),
        config.onekyc.clone(),
        config.card_reader.clone(),
        app.clock.clone(),
        config.fault_seed,
    )?);
    let routes: Router = api::router(&app)
        .merge(control::router(&app))
        .merge(onekyc::router(&platform))
        .merge(onekyc::control_router(&platform))
        .fallback(not_played);
    let (stop, stopped) = oneshot::channel::<()>();
    let service = routes.into_make_service_with_connect_info::<Wire>();
    let serving = tokio::spawn(async move {
        let stopped = async { _ = stopped.await };
        axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stopped).await
    });
    let delivering = tokio::spawn(webhook::deliver(Arc::clone(&app), webhook::client()?));
    Ok(Running {
        base_url: format!("http://{address}/identity"),
        control_url: format!("http://{address}/_control"),
        api_key: config.api_key,
        onekyc: OneKyc {
            base_url: format!("http://{address}/onekyc"),
            token_url: format!("http://{address}/onekyc-token"),
            platform,
        },
        app,
        stop: Some(stop),
        serving,
        delivering,
    })
}

/// Whatever is not played here, in the documented form.
async fn not_played() -> (StatusCode, Json<Value>) {
    (StatusCode::NOT_FOUND, Json(json!({"error": "not found"})))
}

impl Running {
    /// Stops listening, lets requests under way finish, and returns when all is closed.
    pub async fn shutdown(mut self) -> anyhow::Result<()> {
        if let Some(stop) = self.stop.take() {
            // A server that is already gone needs no telling.
            _ = stop.send(());
        }
        (&mut self.serving).await??;
        Ok(())
    }

    /// Resolves when the server ends by itself (it lost its socket).
    pub async fn ended(&mut self) -> anyhow::Result<()> {
        (&mut self.serving).await??;
        Ok(())
    }

    /// Replaces the fault rules and restarts their lottery.
    pub fn set_faults(&self, rules: Vec<FaultRule>, seed: u64) {
        self.app.faults.set(rules, Some(seed));
    }

    /// Changes settings.
    pub fn set_settings(&self, settings: Settings) {
        self.app.set_settings(settings);
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.app.settings()
    }

    /// Puts the server's clock `skew_ms` ahead of the machine's.
    pub fn set_clock_skew_ms(&self, skew_ms: i64) {
        self.app.clock.set_skew_ms(skew_ms);
    }

    /// The server's current time.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Registers another API key.
    pub fn add_api_key(&self, key: &str, scopes: &[&str]) -> anyhow::Result<()> {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.app.store.add_api_key(key, &scopes)
    }

    /// Registers the secret of a device that signs without a challenge.
    pub fn add_device_secret(&self, secret: &str) -> anyhow::Result<()> {
        self.app.store.add_device_secret(secret)
    }

    /// Creates a customer without going through the partner API; answers the id.
    pub fn add_customer(&self, full_name: &str) -> anyhow::Result<String> {
        let new = NewCustomer { full_name: full_name.to_owned(), ..NewCustomer::default() };
        self.app.store.create_customer(&new, None, self.app.clock.now())?.context("a fresh id is free")
    }

    /// All customers, oldest first.
    pub fn customers(&self) -> anyhow::Result<Vec<CustomerRow>> {
        self.app.store.customers()
    }

    /// All challenges, oldest first.
    pub fn challenges(&self) -> anyhow::Result<Vec<ChallengeRow>> {
        self.app.store.challenges()
    }

    /// All captures, oldest first.
    pub fn captures(&self) -> anyhow::Result<Vec<CaptureRow>> {
        self.app.store.captures()
    }

    /// All faces, oldest first.
    pub fn faces(&self) -> anyhow::Result<Vec<FaceRow>> {
        self.app.store.faces()
    }

    /// All verification rows, oldest first.
    pub fn verifications(&self) -> anyhow::Result<Vec<VerificationRow>> {
        self.app.store.verifications()
    }

    /// All webhook deliveries, oldest first.
    pub fn deliveries(&self) -> anyhow::Result<Vec<DeliveryRow>> {
        self.app.store.deliveries()
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> anyhow::Result<Vec<RequestRow>> {
        self.app.store.requests()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
        self.delivering.abort();
    }
}

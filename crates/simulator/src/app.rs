//! What all requests share: rows, clock, settings, faults, rate windows.
//! Invariant: settings are read once per request, so a change never splits one.
//! Deliberately lacks any knowledge of HTTP.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::{Settings, SimulatorConfig};
use crate::fault::{Endpoint, Faults};
use crate::keys::new_id;
use crate::store::Store;
use crate::{clock, keys};

/// Scopes of the key a simulator starts with.
pub const DEFAULT_SCOPES: [&str; 4] =
    ["customers:write", "customers:view", "verifications:view", "webhooks:manage"];

/// The one organisation.
pub const ORG_ID: &str = "org_simulator";

const WINDOW_S: i64 = 60;

/// The shared state of one simulator.
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub faults: Faults,
    /// Woken when a webhook delivery is owed.
    pub deliveries: Notify,
    pub webhook_retry_s: Vec<u64>,
    settings: RwLock<Settings>,
    windows: Mutex<HashMap<(String, Endpoint), Window>>,
    previous: Mutex<HashMap<Endpoint, Value>>,
}

#[derive(Clone, Copy)]
struct Window {
    minute: i64,
    used: u32,
}

/// A key's standing with one endpoint after a request was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateState {
    pub limit: u32,
    pub remaining: u32,
    pub reset_s: i64,
    pub exceeded: bool,
}

impl App {
    /// Opens the state and registers what the configuration names.
    pub fn open(config: &SimulatorConfig) -> anyhow::Result<Self> {
        let store = Store::open(&config.state)?;
        anyhow::ensure!(
            keys::is_sandbox_key(&config.api_key),
            "the API key is not of the form qe_sk_sandbox_…"
        );
        let scopes: Vec<String> = DEFAULT_SCOPES.iter().map(|s| (*s).to_owned()).collect();
        store.add_api_key(&config.api_key, &scopes)?;
        for secret in &config.device_secrets {
            store.add_device_secret(secret)?;
        }
        Ok(Self {
            store,
            clock: Clock::skewed(config.skew_ms),
            faults: Faults::seeded(config.fault_seed),
            deliveries: Notify::new(),
            webhook_retry_s: config.webhook_retry_s.clone(),
            settings: RwLock::new(config.settings.clone()),
            windows: Mutex::default(),
            previous: Mutex::default(),
        })
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings.
    pub fn set_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// Counts one request of `caller` against the fixed one-minute window of `endpoint`.
    pub fn count(&self, caller: &str, endpoint: Endpoint, limit: u32) -> RateState {
        let now_s = self.clock.now().as_second();
        let minute = now_s.div_euclid(WINDOW_S);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry((caller.to_owned(), endpoint)).or_insert(Window { minute, used: 0 });
        if window.minute != minute {
            *window = Window { minute, used: 0 };
        }
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        RateState {
            limit,
            remaining: limit - window.used.min(limit),
            reset_s: (minute + 1) * WINDOW_S,
            exceeded,
        }
    }

    /// Keeps `answer` as the endpoint's latest success and hands out the one before.
    pub fn remember(&self, endpoint: Endpoint, answer: &Value) -> Option<Value> {
        let mut previous = self.previous.lock().unwrap_or_else(PoisonError::into_inner);
        previous.insert(endpoint, answer.clone())
    }

    /// Owes an event to every registered target.
    pub fn emit(&self, event: &str, data: Value, now: Timestamp) -> anyhow::Result<()> {
        for target in self.store.webhook_ids()? {
            self.emit_to(&target, event, &data, now)?;
        }
        Ok(())
    }

    /// Owes an event to one target.
    pub fn emit_to(&self, webhook_id: &str, event: &str, data: &Value, now: Timestamp) -> anyhow::Result<()> {
        let event_id = new_id("evt");
        let body = serde_json::json!({
            "id": event_id, "event": event, "occurredAt": clock::iso_ms(now), "orgId": ORG_ID, "data": data,
        });
        self.store.owe(webhook_id, event, &event_id, &body.to_string(), now)?;
        self.deliveries.notify_one();
        Ok(())
    }

    /// Back to an empty server: rows, faults, windows. Keys, device secrets and settings stay.
    pub fn reset(&self) -> anyhow::Result<()> {
        self.store.reset()?;
        self.faults.set(Vec::new(), None);
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.previous.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }
}

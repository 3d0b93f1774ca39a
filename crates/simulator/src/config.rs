//! What a simulator is started with, and the part of it that the control API may change while it runs.
//! Invariant: the defaults are the documented contract (limits, envelopes, scopes).
//! Deliberately lacks file formats: callers fill the structs.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use crate::check::CheckParams;
use crate::keys;
use crate::onekyc::{Account, Behaviour, CardReader};

/// Where the server keeps its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StateLocation {
    /// Lost when the server stops.
    #[default]
    Memory,
    /// An SQLite file, created when missing; keys, customers and captures survive a restart.
    File(PathBuf),
}

/// How identity answers are wrapped. The vendor's pages disagree, so a client must take all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Envelope {
    /// As documented: identity answers bare, customer creation in `{"data":…}`.
    #[default]
    Documented,
    /// Everything in `{"data":…}`.
    Data,
    /// Everything in `{"data":…,"ok":true}`.
    DataOk,
}

/// Requests per key, endpoint and minute (contract B.2, B.4, B.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RateLimits {
    /// Flash challenges, of cards and of faces each.
    pub challenge_per_minute: u32,
    /// KTP captures.
    pub capture_per_minute: u32,
    /// Liveness checks, and step-ups, each.
    pub face_per_minute: u32,
    /// Every other reading call.
    pub read_per_minute: u32,
    /// Every other writing call.
    pub write_per_minute: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            challenge_per_minute: 30,
            capture_per_minute: 20,
            face_per_minute: 20,
            read_per_minute: 600,
            write_per_minute: 120,
        }
    }
}

impl RateLimits {
    /// No limit that a test could reach.
    pub fn unlimited() -> Self {
        let most = 1_000_000;
        Self {
            challenge_per_minute: most,
            capture_per_minute: most,
            face_per_minute: most,
            read_per_minute: most,
            write_per_minute: most,
        }
    }
}

/// How faces are dealt with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FaceSettings {
    /// How alike every face is to the one on its customer's card. No model of faces runs here, so it is a setting.
    pub similarity: f64,
    /// Least similarity for risk levels `low` and `medium`.
    pub threshold: f64,
    /// Least similarity for risk level `high`.
    pub threshold_high: f64,
    /// How old the card's face may be for risk level `high`.
    pub reference_minutes: u32,
    /// Step-ups answer `allow: false` whatever the checks say.
    pub deny: bool,
    /// Liveness comes to `unclear` and tier `low` whatever the voters say.
    pub doubt: bool,
}

impl Default for FaceSettings {
    fn default() -> Self {
        Self {
            similarity: 0.71,
            threshold: 0.45,
            threshold_high: 0.55,
            reference_minutes: 60,
            deny: false,
            doubt: false,
        }
    }
}

/// Behaviour that `PUT /_control/settings` may change at run time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Answer wrapping.
    pub envelope: Envelope,
    /// Per-minute limits.
    pub rate_limits: RateLimits,
    /// An unknown customer id is created on first sight instead of answering 404.
    pub auto_customers: bool,
    /// NIKs with the never-issued serial `0000` count as well-formed (synthetic people carry it).
    pub allow_test_serial: bool,
    /// The organisation's KTP capability; off answers 403 as documented.
    pub ktp_enabled: bool,
    /// A bundle without flash evidence is sent to review instead of reaching tier `standard`.
    pub flash_required: bool,
    /// How faces are dealt with.
    pub face: FaceSettings,
    /// Thresholds of the picture and data checks.
    pub checks: CheckParams,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            envelope: Envelope::default(),
            rate_limits: RateLimits::default(),
            auto_customers: false,
            allow_test_serial: true,
            ktp_enabled: true,
            flash_required: false,
            face: FaceSettings::default(),
            checks: CheckParams::default(),
        }
    }
}

/// Everything `start` needs. `SimulatorConfig::default()` is a strict server in memory on a free loopback port.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// Loopback address to listen on; port 0 picks a free one.
    pub bind: SocketAddr,
    /// Where rows are kept.
    pub state: StateLocation,
    /// Bearer key that is valid from the start, with all identity scopes. More come by the control API.
    pub api_key: String,
    /// Secrets of devices whose bundles are signed without a challenge.
    pub device_secrets: Vec<String>,
    /// How far the server's clock is ahead of the machine's, in milliseconds.
    pub skew_ms: i64,
    /// Seed of the fault lottery.
    pub fault_seed: u64,
    /// Seconds to wait before the second, third, … try of a webhook delivery; then it is given up.
    pub webhook_retry_s: Vec<u64>,
    /// The changeable part.
    pub settings: Settings,
    /// The partner's account with OneKYC.
    pub onekyc_account: Account,
    /// How OneKYC behaves.
    pub onekyc: Behaviour,
    /// Reads the cards that OneKYC receives; without one they are judged by their look alone.
    pub card_reader: Option<Arc<dyn CardReader>>,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state: StateLocation::Memory,
            api_key: keys::generate_api_key("sandbox"),
            device_secrets: Vec::new(),
            skew_ms: 0,
            fault_seed: 0,
            webhook_retry_s: vec![1, 5, 30, 300, 1800],
            settings: Settings::default(),
            onekyc_account: Account::default(),
            onekyc: Behaviour::default(),
            card_reader: None,
        }
    }
}

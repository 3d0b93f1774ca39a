//! How a deployment says what it wants: one TOML file, and secrets from files or the environment.
//!
//! Invariant: a secret never stands in the file itself, so the file can be read by anybody and kept in version control.
//! Unknown keys are refused: a misspelt setting would silently be the default.

mod secret;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

pub use gateway::{Endpoint, EndpointError};
use ipnet::IpNet;
use serde::Deserialize;

pub use secret::{Secret, SecretError};

use crate::flow::FlowKind;

/// Everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen. TLS is the business of what stands in front.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// What stands in front and may say, in `X-Forwarded-For`, who asked.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// Where rows are kept.
    pub storage: StorageConfig,
    /// Enrolled kiosks.
    #[serde(default)]
    pub kiosks: KioskConfig,
    /// OneKYC, where it is used.
    pub onekyc: Option<OneKycConfig>,
    /// Identity Platform, where it is used.
    pub identity_platform: Option<IdentityPlatformConfig>,
    /// The partner's own systems, which hand flows over to kiosks.
    #[serde(default)]
    pub partner_api: PartnerApiConfig,
    /// How results are looked for.
    #[serde(default)]
    pub work: WorkConfig,
}

/// One machine, or a database server.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageConfig {
    /// A file; made if there is none.
    Sqlite {
        /// Where.
        path: PathBuf,
    },
    /// A server, shared by replicas.
    Postgres {
        /// `postgres://user:password@host/name?sslmode=require`.
        url: Secret,
        /// Connections of this replica.
        #[serde(default = "default_pool_size")]
        pool_size: usize,
    },
}

/// What is asked of kiosks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KioskConfig {
    /// How far a kiosk's clock may be off, either way.
    pub clock_tolerance_seconds: u32,
    /// How long a request for results may wait for one.
    pub longest_wait_seconds: u32,
    /// How many may wait at once; more are answered at once.
    pub most_waiting: usize,
}

impl Default for KioskConfig {
    fn default() -> Self {
        // Two minutes: kiosks are set by NTP. 25 s is below the 30 s at which many proxies give up.
        Self { clock_tolerance_seconds: 120, longest_wait_seconds: 25, most_waiting: 20_000 }
    }
}

/// Who may hand flows over to kiosks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartnerApiConfig {
    /// Bearer keys, by the name of the system that holds each. Without any, nobody may.
    pub keys: BTreeMap<String, Secret>,
    /// How long a hand-over code is good for.
    pub code_seconds: u32,
}

impl Default for PartnerApiConfig {
    fn default() -> Self {
        // Long enough to cross a hall, short enough to be useless on a photograph.
        Self { keys: BTreeMap::new(), code_seconds: 120 }
    }
}

/// How OneKYC is reached and what it is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneKycConfig {
    /// Mints tokens.
    pub token_host: Endpoint,
    /// Mints tokens of the certificate family; the same host where it is absent.
    pub esign_token_host: Option<Endpoint>,
    /// The gateway.
    pub base_url: Endpoint,
    /// `client-id`.
    pub client_id: Secret,
    /// `pass-key`.
    pub pass_key: Secret,
    /// Which onboarding code goes with which flow. A flow without one is not offered.
    pub onboarding_partner: BTreeMap<FlowKind, String>,
    /// Name of the header that carries it for the certificate family.
    #[serde(default = "default_esign_onboarding_header")]
    pub esign_onboarding_header: String,
    /// What our ids of people are called there.
    #[serde(default = "default_user_id_type")]
    pub partner_user_id_type: String,
    /// Where a user token comes from.
    #[serde(default)]
    pub token_source: TokenSource,
    /// What callbacks must bring.
    #[serde(default)]
    pub callbacks: CallbackConfig,
}

/// Where a user token comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenSource {
    /// `initiate-flow`.
    #[default]
    InitiateFlow,
    /// `/v2/coe/authentication`, for what that page calls native use.
    V2,
}

/// What callbacks must bring, since the platform does not sign them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackConfig {
    /// Fixed headers that were given to the platform. Without any, callbacks are refused.
    pub headers: BTreeMap<String, Secret>,
    /// Addresses they may come from; empty allows all.
    pub allowed_ips: Vec<IpNet>,
}

/// How Identity Platform is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityPlatformConfig {
    /// `…/identity`.
    pub base_url: Endpoint,
    /// `qe_sk_…`.
    pub api_key: Secret,
    /// Secret of the registered webhook; without it webhooks are refused.
    pub webhook_secret: Option<Secret>,
}

/// How results are looked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkConfig {
    /// How long nothing may come before we ask ourselves. The platform's guide says about ten minutes.
    pub first_look_seconds: u32,
    /// How long one look may take before another replica may try.
    pub lease_seconds: u32,
    /// How many looks at once.
    pub looks_at_once: usize,
}

impl Default for WorkConfig {
    fn default() -> Self {
        Self { first_look_seconds: 600, lease_seconds: 60, looks_at_once: 32 }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8090)
}

fn default_pool_size() -> usize {
    24
}

fn default_esign_onboarding_header() -> String {
    "x-esign-onboarding-partner".to_owned()
}

fn default_user_id_type() -> String {
    "KIOSK_USER_ID".to_owned()
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not as it should be. The message names the line; no secret can stand there.
    #[error("{path}: {source}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
}

impl Config {
    /// Reads a file. Secrets are read when they are used first.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text)
            .map_err(|source| ConfigError::Malformed { path: path.to_owned(), source: Box::new(source) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../example.toml");

    #[test]
    fn the_example_is_read() {
        let config: Config = toml::from_str(EXAMPLE).unwrap();
        let onekyc = config.onekyc.unwrap();
        assert_eq!(onekyc.token_source, TokenSource::InitiateFlow);
        assert_eq!(onekyc.onboarding_partner.len(), 3);
        assert_eq!(config.work.first_look_seconds, 600);
        assert!(matches!(config.storage, StorageConfig::Sqlite { .. }));
    }

    #[test]
    fn what_is_misspelt_or_secret_in_the_file_is_refused() {
        #[track_caller]
        fn check(from: &str, to: &str) {
            assert!(EXAMPLE.contains(from), "{from}");
            assert!(toml::from_str::<Config>(&EXAMPLE.replacen(from, to, 1)).is_err(), "{to}");
        }
        check("listen =", "lisen =");
        check("clock_tolerance_seconds", "clock_tolerance");
        check("{ file = \"/etc/loket-backend/client-id\" }", "\"the secret itself\"");
        check("https://token.onekyc.example", "http://token.onekyc.example");
        check("KTP_SCAN", "KTP_SCANNING");
    }
}

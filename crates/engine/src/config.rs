//! Settings: `config.toml` in the data folder, each overridable by environment, all with defaults.
//!
//! Invariant: an unknown key or an unusable value is an error that names file and key, never ignored; no
//! secret is ever a setting. Deliberately absent: merging; what is saved is the whole.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use bundle::SigningProfile;
use gateway::Endpoint;
use serde::{Deserialize, Serialize};

use crate::app_config::{AppConfig, CaptureFlow, IDLE_S};
use crate::backend_config::BackendSettings;
use crate::launch_config::LaunchConfig;
use crate::onekyc_config::{OneKycSettings, Provider};
use crate::selfie_config::{GESTURES, SelfieConfig};

/// Environment variable overriding `gateway.base_url`.
pub const GATEWAY_URL_VARIABLE: &str = "LOKET_GATEWAY_URL";
/// Environment variable overriding `gateway.platform`.
pub const PLATFORM_VARIABLE: &str = "LOKET_PLATFORM";

/// Longest name of an occasion; the contract names no limit.
const MAX_LABEL_CHARS: usize = 120;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no settings file.
    #[error("{} is not a valid settings file: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        reason: String,
    },
    /// One setting has a value that cannot be used.
    #[error("{key} in {origin}: {reason}")]
    Value {
        /// The setting, as in `gateway.base_url`.
        key: &'static str,
        /// The file or environment variable it came from.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The partner's gateway.
    pub gateway: GatewayConfig,
    /// What goes into a bundle.
    pub capture: CaptureConfig,
    /// The guided selfie.
    pub selfie: SelfieConfig,
    /// How long things stay.
    pub retention: RetentionConfig,
    /// The window.
    pub app: AppConfig,
    /// OneKYC, where `gateway.provider` names it.
    pub onekyc: OneKycSettings,
    /// Launches by partners' front ends.
    pub launch: LaunchConfig,
    /// The partner's backend.
    pub backend: BackendSettings,
}

/// Which of Identity Platform's calls takes the face that follows a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceStep {
    /// Liveness, comparison with the card's face, and the platform's decision.
    #[default]
    StepUp,
    /// Liveness alone.
    Liveness,
}

/// The partner's gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct GatewayConfig {
    /// Which partner captures go to.
    pub provider: Provider,
    /// Base URL, such as `https://sandbox.quantumelixir.tech/identity`. Without one nothing is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The platform word in bundles; the contract knows no desktop (`web` is the nearest).
    pub platform: String,
    /// How this software names itself in bundles, `name@semver`.
    pub sdk_version: String,
    /// Whether the signing secret travels beside the bundle, as the contract wants for `web`.
    pub send_hmac_key: bool,
    /// How bundles are signed; `jcs-hex-v1` unless the partner says otherwise.
    pub signing_profile: String,
    /// How the face that follows a card is handed in.
    pub face: FaceStep,
    /// What the platform's records call the occasion of a step-up, such as the counter's name.
    pub face_action_label: String,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            provider: Provider::default(),
            base_url: None,
            platform: "web".to_owned(),
            sdk_version: concat!("loket@", env!("CARGO_PKG_VERSION")).to_owned(),
            send_hmac_key: true,
            signing_profile: "jcs-hex-v1".to_owned(),
            face: FaceStep::default(),
            face_action_label: "Customer onboarding".to_owned(),
        }
    }
}

/// What goes into a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaptureConfig {
    /// Frames in a bundle, 1–5 (the contract's answer R7).
    pub max_frames: usize,
    /// Longer side of a frame in a bundle: enough for the partner's own reading, small enough to queue.
    pub max_edge_px: u32,
    /// JPEG quality of a frame in a bundle.
    pub jpeg_quality: u8,
    /// Largest frame in a bundle (the contract's answer R7).
    pub max_frame_bytes: usize,
    /// Colours asked of a flash challenge, 3–10.
    pub challenge_steps: u8,
    /// How long a challenge is asked to live, 15,000–300,000 ms.
    pub challenge_ttl_ms: u32,
}

impl Default for CaptureConfig {
    fn default() -> Self {
        Self {
            max_frames: 5,
            max_edge_px: 1920,
            jpeg_quality: 90,
            max_frame_bytes: 2 * 1024 * 1024,
            challenge_steps: 5,
            challenge_ttl_ms: 90_000,
        }
    }
}

/// How long things stay. Nothing that waits for delivery is ever removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Days a receipt is kept after delivery; 0 keeps it for ever.
    pub receipts_days: u32,
    /// Days a parked capture is kept; 0 keeps it for ever.
    pub parked_captures_days: u32,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { receipts_days: 365, parked_captures_days: 30 }
    }
}

impl Config {
    /// Reads the file, where there is one, and lays the environment over it.
    pub fn load(path: &Path, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let mut config = match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(source) => return Err(ConfigError::Io { path: path.to_owned(), source }),
        };
        let file = path.display().to_string();
        if let Some(text) = variable(&lookup, GATEWAY_URL_VARIABLE) {
            config.gateway.base_url = Some(text);
            config.check_url(GATEWAY_URL_VARIABLE)?;
        }
        if let Some(text) = variable(&lookup, PLATFORM_VARIABLE) {
            config.gateway.platform = text;
        }
        config.check(&file)?;
        config.onekyc.check(path)?;
        config.launch.check(path)?;
        config.backend.check(path)?;
        config.check_flow(&file)?;
        Ok(config)
    }

    /// Writes the settings for this user alone.
    pub fn save(&self, path: &Path) -> Result<(), ConfigError> {
        let text = toml::to_string_pretty(self)
            .map_err(|e| ConfigError::Syntax { path: path.to_owned(), reason: e.to_string() })?;
        crate::data_dir::write_private(path, &text)
            .map_err(|source| ConfigError::Io { path: path.to_owned(), source })
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|e| ConfigError::Syntax { path: path.to_owned(), reason: e.to_string() })
    }

    /// Whether there is anybody to send to.
    #[must_use]
    pub fn names_a_partner(&self) -> bool {
        match self.gateway.provider {
            Provider::IdentityPlatform => self.gateway.base_url.is_some(),
            Provider::Onekyc => self.onekyc.base_url.is_some(),
            Provider::Both => self.gateway.base_url.is_some() && self.onekyc.base_url.is_some(),
        }
    }

    fn check_flow(&self, origin: &str) -> Result<(), ConfigError> {
        if self.app.flow == CaptureFlow::SelfieLiveness && self.gateway.provider != Provider::Onekyc {
            let reason = "faces alone go to OneKYC; set gateway.provider = \"onekyc\"".to_owned();
            return Err(value("app.flow", origin, reason));
        }
        let is_both = self.app.flow == CaptureFlow::IdentityVerification;
        if is_both && self.gateway.provider != Provider::IdentityPlatform {
            let reason = "at OneKYC, card and face together begin with a launch; set gateway.provider = \
                          \"identity-platform\""
                .to_owned();
            return Err(value("app.flow", origin, reason));
        }
        Ok(())
    }

    fn check_url(&self, origin: &str) -> Result<(), ConfigError> {
        let Some(text) = &self.gateway.base_url else { return Ok(()) };
        let checked = Endpoint::parse(text).map(drop);
        checked.map_err(|error| value("gateway.base_url", origin, error.to_string()))
    }

    fn check(&self, origin: &str) -> Result<(), ConfigError> {
        self.check_url(origin)?;
        let gateway = &self.gateway;
        gateway
            .signing_profile
            .parse::<SigningProfile>()
            .map_err(|error| value("gateway.signing_profile", origin, error.to_string()))?;
        if !(1..=MAX_LABEL_CHARS).contains(&gateway.face_action_label.chars().count()) {
            let reason = format!("it needs 1 to {MAX_LABEL_CHARS} characters");
            return Err(value("gateway.face_action_label", origin, reason));
        }
        let capture = &self.capture;
        let within = |key, number: u64, low: u64, high: u64| {
            if (low..=high).contains(&number) {
                return Ok(());
            }
            Err(value(key, origin, format!("{number} is not between {low} and {high}")))
        };
        within("capture.max_frames", capture.max_frames as u64, 1, 5)?;
        within("capture.max_edge_px", capture.max_edge_px.into(), 640, 8192)?;
        within("capture.jpeg_quality", capture.jpeg_quality.into(), 50, 100)?;
        within("capture.max_frame_bytes", capture.max_frame_bytes as u64, 65_536, 9_000_000)?;
        within("capture.challenge_steps", capture.challenge_steps.into(), 3, 10)?;
        within("capture.challenge_ttl_ms", capture.challenge_ttl_ms.into(), 15_000, 300_000)?;
        within(
            "selfie.gestures",
            self.selfie.gestures.into(),
            (*GESTURES.start()).into(),
            (*GESTURES.end()).into(),
        )?;
        within("app.idle_s", self.app.idle_s.into(), (*IDLE_S.start()).into(), (*IDLE_S.end()).into())
    }
}

pub(crate) fn value(key: &'static str, origin: &str, reason: String) -> ConfigError {
    ConfigError::Value { key, origin: origin.to_owned(), reason }
}

fn variable(lookup: &impl Fn(&str) -> Option<OsString>, name: &str) -> Option<String> {
    let text = lookup(name)?.to_string_lossy().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(&path, |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn without_a_file_there_are_defaults_and_they_survive_saving() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let config = Config::load(&path, |_| None).unwrap();
        assert_eq!(config, Config::default());
        config.save(&path).unwrap();
        assert_eq!(Config::load(&path, |_| None).unwrap(), config);
    }

    #[test]
    fn the_environment_lies_over_the_file() {
        let text = "[gateway]\nbase_url = \"https://one.example.test/identity\"\n";
        let over = [(GATEWAY_URL_VARIABLE, "http://127.0.0.1:4000"), (PLATFORM_VARIABLE, "android")];
        let one = load(text, &[]).unwrap().gateway;
        assert_eq!(one.base_url.as_deref(), Some("https://one.example.test/identity"));
        let config = load(text, &over).unwrap().gateway;
        assert_eq!(config.base_url.as_deref(), Some("http://127.0.0.1:4000"));
        assert_eq!(config.platform, "android");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        fn check(text: &str, variables: &[(&str, &str)], says: &[&str]) {
            let error = load(text, variables).unwrap_err().to_string();
            assert!(says.iter().all(|word| error.contains(word)), "{error}");
        }
        check("[gateway]\nbase_ulr = 1", &[], &["config.toml", "base_ulr"]);
        check("[capture]\nmax_frames = 9", &[], &["capture.max_frames", "between 1 and 5"]);
        check("[selfie]\ngestures = 4", &[], &["selfie.gestures", "between 0 and 3"]);
        check("[app]\nflow = \"selfie-liveness\"", &[], &["app.flow", "onekyc"]);
        let both = "[app]\nflow = \"identity-verification\"\n[gateway]\nprovider = ";
        check(&format!("{both}\"onekyc\""), &[], &["app.flow", "launch"]);
        check(&format!("{both}\"both\""), &[], &["app.flow", "launch"]);
        check("[capture]\njpeg_quality = \"best\"", &[], &["jpeg_quality"]);
        let url = |url: &str| format!("[gateway]\nbase_url = {url:?}");
        check(&url("http://gateway.example.test"), &[], &["gateway.base_url", "https://"]);
        check(&url("ftp://gateway.example.test"), &[], &["gateway.base_url", "https://"]);
        check("[gateway]\nsigning_profile = \"rot13\"", &[], &["gateway.signing_profile", "jcs-hex-v1"]);
        check(&url("https://a:b@gateway.example.test"), &[], &["credentials"]);
        check("[onekyc]\nbase_url = \"http://onekyc.example.test\"", &[], &["onekyc.base_url", "https://"]);
        check("[gateway]\nface = \"match\"", &[], &["step_up", "liveness"]);
        check("[gateway]\nface_action_label = \"\"", &[], &["gateway.face_action_label", "120"]);
        check("[gateway]\nprovider = \"all\"", &[], &["identity-platform"]);
        check("[app]\nidle_s = 5", &[], &["app.idle_s", "between 15 and 300"]);
        check("[app]\nmode = \"kiosk\"", &[], &["self-service"]);
        check("", &[(GATEWAY_URL_VARIABLE, "nonsense")], &[GATEWAY_URL_VARIABLE]);
        check("", &[(GATEWAY_URL_VARIABLE, "http://10.0.0.1")], &[GATEWAY_URL_VARIABLE, "https://"]);
    }
}

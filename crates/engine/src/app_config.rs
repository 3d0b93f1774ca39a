//! Settings of the window: who sits in front of it, how it looks, which camera it takes.
//!
//! Invariant: every value is one the window can show; what is out of bounds is an error when it is read. Deliberately
//! absent: the PIN, which is a file of its own, and anything the command line needs.

use serde::{Deserialize, Serialize};

/// Bounds of [`AppConfig::idle_s`]: shorter interrupts people who read slowly, longer shows a stranger's data.
pub const IDLE_S: std::ops::RangeInclusive<u32> = 15..=300;

/// Settings of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AppConfig {
    /// Who sits in front of it.
    pub mode: AppMode,
    /// What a visit captures, unless a launch says otherwise. Faces alone need OneKYC alone as the partner, card and face
    /// together Identity Platform alone.
    pub flow: CaptureFlow,
    /// The language a session starts with.
    pub language: AppLanguage,
    /// Light, dark, high contrast.
    pub appearance: AppAppearance,
    /// Name of the partner's theme, a folder of `themes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The camera's key; without one the best is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// What to do with a virtual camera.
    pub virtual_cameras: VirtualCameras,
    /// Whether the flash challenge is offered.
    pub uses_flash: bool,
    /// Whether staff see numbers over the live picture.
    pub shows_measures: bool,
    /// Seconds without a touch before the countdown in self-service.
    pub idle_s: u32,
}

impl Default for AppConfig {
    fn default() -> Self {
        Self {
            mode: AppMode::Staff,
            flow: CaptureFlow::KtpScan,
            language: AppLanguage::Id,
            appearance: AppAppearance::System,
            theme: None,
            camera: None,
            virtual_cameras: VirtualCameras::Warn,
            uses_flash: true,
            shows_measures: false,
            // Long enough to find the card in a bag.
            idle_s: 30,
        }
    }
}

/// What a visit captures that nobody launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CaptureFlow {
    /// The card.
    KtpScan,
    /// The face.
    SelfieLiveness,
    /// Card, then face, for Identity Platform. At OneKYC it begins with a launch: it needs a contact that OneKYC verified.
    IdentityVerification,
}

/// Who sits in front of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppMode {
    /// Staff at a counter.
    Staff,
    /// A customer alone at a kiosk.
    SelfService,
    /// A field agent, offline for days.
    Field,
}

/// A language of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppLanguage {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

/// How the window looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppAppearance {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// What to do with a virtual camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum VirtualCameras {
    /// Take it.
    Allow,
    /// Take it, and say so.
    Warn,
    /// Refuse it.
    Refuse,
}

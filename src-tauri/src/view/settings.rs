//! The settings, behind a PIN.

use serde::{Deserialize, Serialize};

use super::{Appearance, CameraView, Language, Mode};

/// A PIN is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PinView {
    /// What it opens.
    pub purpose: PinPurpose,
    /// Whether the last one was wrong.
    pub is_wrong: bool,
    /// Seconds until another may be tried; 0 at once.
    pub locked_s: u32,
}

/// What a PIN opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PinPurpose {
    /// No PIN was chosen yet: choose one (6 digits, typed twice by the window).
    Choose,
    /// The settings.
    Settings,
    /// Leaving the kiosk's full screen.
    LeaveKiosk,
    /// Going on after too many failed selfies.
    SelfieLock,
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// What is set now.
    pub values: SettingsValues,
    /// The cameras there are.
    pub cameras: Vec<CameraChoiceView>,
    /// The chosen camera, live; frames come from the command `frame`.
    pub camera: CameraView,
    /// Themes found in the themes folder, by name.
    pub themes: Vec<String>,
    /// Where the data lie.
    pub data_dir: String,
    /// Diagnostics; `None` until they were asked for, empty while they run.
    pub diagnostics: Option<Vec<DiagnosticView>>,
    /// Which value was not taken, and why.
    pub rejected: Option<SettingsProblem>,
    /// The file that the support bundle was written to.
    pub exported_to: Option<String>,
}

/// What can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsValues {
    /// Who sits in front of it.
    pub mode: Mode,
    /// The language a session starts with.
    pub language: Language,
    /// Light, dark, high contrast.
    pub appearance: Appearance,
    /// Name of the partner's theme; `None` is Loket's own.
    pub theme: Option<String>,
    /// The camera, by its key; `None` takes the best.
    pub camera: Option<String>,
    /// What to do with a virtual camera.
    pub virtual_cameras: VirtualCameraPolicy,
    /// The gateway's base URL; `None` keeps everything here.
    pub gateway_url: Option<String>,
    /// Whether the flash challenge is offered.
    pub uses_flash: bool,
    /// Gestures asked for in a selfie, 0–3.
    pub gestures: u8,
    /// Whether staff see numbers over the live picture.
    pub shows_measures: bool,
    /// Seconds without a touch before the countdown in self-service, 15–300.
    pub idle_s: u32,
}

/// What to do with a virtual camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum VirtualCameraPolicy {
    /// Take it.
    Allow,
    /// Take it, and say so on the screen and in the bundle's log.
    Warn,
    /// Refuse it.
    Refuse,
}

/// One camera.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CameraChoiceView {
    /// What it is chosen by; stays the same when it is plugged in again.
    pub key: String,
    /// Its name.
    pub name: String,
    /// A virtual camera.
    pub is_virtual: bool,
    /// An infrared camera.
    pub is_infrared: bool,
}

/// Why a setting was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SettingsProblem {
    /// The gateway's address is no https address (http only on this machine).
    GatewayUrl,
    /// The theme file cannot be used.
    Theme,
    /// The time is not between 15 and 300 seconds.
    IdleTime,
    /// The file could not be written.
    NotWritten,
}

/// One finding of the diagnostics.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticView {
    /// Which part.
    pub part: DiagnosticPart,
    /// How it is.
    pub health: DiagnosticHealth,
    /// What was found, for whoever mends it; in the system's words.
    pub detail: String,
}

/// A part that diagnostics look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum DiagnosticPart {
    /// The data folder.
    Folder,
    /// Free space.
    Disk,
    /// The master key.
    Key,
    /// The queue.
    Queue,
    /// The nets.
    Models,
    /// The cameras.
    Camera,
    /// The gateway.
    Gateway,
    /// Secrets.
    Secrets,
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum DiagnosticHealth {
    /// As it should be.
    Good,
    /// Work is possible, with less.
    Poor,
    /// Work is not possible.
    Bad,
}

//! The use cases shared by the window and the command line.
//!
//! Invariant: everything an installation does goes through here, so that window and command line cannot
//! differ; only `compose` reads clock, randomness and environment. Deliberately absent: prose for users,
//! windows, terminals.

mod app_config;
mod backend_config;
mod capture;
pub mod compose;
mod config;
#[cfg(test)]
mod config_reference;
mod data_dir;
pub mod doctor;
mod enrolment;
mod face;
mod flash;
mod flash_recorder;
mod hand_over;
mod installation;
mod launch_config;
pub mod live;
mod onekyc_config;
mod partner;
pub mod picture;
mod pile;
mod queue;
mod scan;
mod secrets;
mod selfie_config;
mod sharpness;
mod signs;
mod synchronise;
mod take;

pub use app_config::{AppAppearance, AppConfig, AppLanguage, AppMode, CaptureFlow, IDLE_S, VirtualCameras};
pub use backend_config::BackendSettings;
pub use capture::{
    CaptureError, CaptureRequest, CaptureTools, Captured, CardToQueue, Companions, FlashState, capture,
    queue_card, queue_selfie,
};
pub use config::{
    CaptureConfig, Config, ConfigError, FaceStep, GATEWAY_URL_VARIABLE, GatewayConfig, PLATFORM_VARIABLE,
    RetentionConfig,
};
pub use data_dir::{DATA_DIR_VARIABLE, DataDir, DataDirError, write_private};
pub use enrolment::{EnrolError, EnrolRequest, EnrolledKiosk, KeyPlace, enrol};
pub use face::{FaceToQueue, face_challenge};
pub use flash::{FlashParams, play};
pub use flash_recorder::FlashRecorder;
pub use installation::{ConnectError, Installation, InstallationError, QueueError};
pub use launch_config::LaunchConfig;
pub use onekyc_config::{OneKycSettings, Provider};
pub use queue::{AttemptView, AuditView, CountsView, ItemDetailView, ItemView, QueueView};
pub use scan::{Outcome, REQUIRED, Scan, scan};
pub use secrets::{SecretError, SecretName, SecretOrigin, Secrets};
pub use selfie_config::{GESTURES, SelfieConfig};
pub use synchronise::{SynchroniseError, purge, runner};
pub use take::{TakeError, TakeParams, Taken, take};

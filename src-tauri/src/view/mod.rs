//! What the window shows, as closed types. They reach TypeScript through `cargo xtask bindings`; a test fails when the
//! two differ. Deliberately lacks prose: the window has it, in two languages.
//!
//! Invariant: an [`AppView`] is the whole truth. The window keeps no state of its own but what is being typed, so it
//! may be reloaded at any moment. Values read off a card are in [`ReviewView`] alone.

mod capture;
mod outcome;
mod queue;
mod review;
mod selfie;
mod settings;
mod status;

pub use capture::*;
pub use outcome::*;
pub use queue::*;
pub use review::*;
pub use selfie::*;
pub use settings::*;
pub use status::*;

use serde::Serialize;

/// The whole window. Pushed as the event `view` whenever it changes, and answered by the command `view`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    /// Counts up with every change: an older view never replaces a newer one.
    #[cfg_attr(test, ts(type = "number"))]
    pub revision: u64,
    /// Version of the application.
    pub version: String,
    /// Who sits in front of it.
    pub mode: Mode,
    /// The language chosen now.
    pub language: Language,
    /// How it looks.
    pub theme: ThemeView,
    /// Whether the partner can be reached, known from real calls.
    pub link: LinkView,
    /// How many captures are in which state; `None` when there is no queue to count.
    pub counts: Option<CountsView>,
    /// Only in a demo: its switches.
    pub demo: Option<DemoView>,
    /// Only while the session is about to be wiped for want of a person.
    pub idle: Option<IdleView>,
    /// Something to say once, such as "the data on this screen was wiped".
    pub notice: Option<Notice>,
    /// The screen.
    pub screen: ScreenView,
}

/// Who sits in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Staff at a counter: review and correction, dense screens.
    Staff,
    /// A customer alone at a kiosk: attract screen, idle time-out, no review, no queue.
    SelfService,
    /// A field agent, offline for days: the queue comes first.
    Field,
}

/// A language of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// Bahasa Indonesia, the default.
    Id,
    /// English.
    En,
}

/// How the window looks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ThemeView {
    /// Light, dark, high contrast, or as the system says.
    pub appearance: Appearance,
    /// The partner's look; `None` is Loket's own.
    pub partner: Option<PartnerThemeView>,
}

/// Light, dark, high contrast, or as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Appearance {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// A partner's look, from its theme file. Everything was checked when the file was read: colours are `#rrggbb` with
/// enough contrast, the logo is a small SVG or PNG.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PartnerThemeView {
    /// Name shown beside the logo.
    pub name: String,
    /// Accent on light surfaces.
    pub accent: String,
    /// Accent on dark surfaces.
    pub accent_dark: String,
    /// Font family; must be installed, else the bundled one is used.
    pub font: Option<String>,
    /// Whether the command `logo` gives a picture.
    pub has_logo: bool,
    /// Words that replace ours, by key of the window's table of words, per language.
    pub copy: std::collections::BTreeMap<String, CopyView>,
}

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CopyView {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// Whether the partner can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum LinkView {
    /// No gateway is set: captures are kept.
    NotSet,
    /// Nothing was tried yet.
    Unknown,
    /// The last call was answered.
    Online,
    /// The last call was not answered.
    Offline,
}

/// The switches of a demo.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DemoView {
    /// Whether the stand-in partner answers.
    pub is_online: bool,
    /// The scene the simulated camera plays; `None` with a real camera.
    pub scene: Option<String>,
    /// The scenes there are.
    pub scenes: Vec<String>,
}

/// The session will be wiped unless somebody touches the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct IdleView {
    /// Whole seconds left.
    pub seconds_left: u32,
}

/// Something to say once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Notice {
    /// Nobody was there any more: everything on this screen was wiped.
    Wiped,
    /// The capture was given up at somebody's wish; nothing was kept.
    Cancelled,
    /// Consent was declined; nothing was kept.
    Declined,
    /// The settings were saved.
    SettingsSaved,
    /// The file was written; where is in the screen's own view.
    Exported,
    /// A change is only possible between two captures.
    NotNow,
    /// The PIN was wrong, or cannot be tried now; nothing was done.
    WrongPin,
    /// Staff chose no PIN on this machine yet, so none can open anything.
    NoPin,
    /// What a partner's application asked for cannot be begun.
    LaunchRefused,
}

/// One screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "name", rename_all = "camelCase")]
pub enum ScreenView {
    /// The application is getting ready, or cannot.
    Opening(OpeningView),
    /// Start, or attract.
    Start(StartView),
    /// What is captured, why, how long; nothing is stored before it is accepted.
    Consent(ConsentView),
    /// The live picture and one hint.
    Card(CardView),
    /// The live picture of the face and one hint.
    Selfie(SelfieView),
    /// Too many selfies failed; staff are needed.
    SelfieLocked(SelfieLockedView),
    /// The screen lights the card, or the face.
    Flash(FlashView),
    /// The frames are being read.
    Reading(ReadingView),
    /// What was read, beside the card.
    Review(ReviewView),
    /// The bundle is signed, stored, sent.
    Submitting(SubmittingView),
    /// What came of it.
    Outcome(OutcomeView),
    /// The queue.
    Queue(QueueScreenView),
    /// A PIN is asked for.
    Pin(PinView),
    /// The settings.
    Settings(SettingsView),
    /// Help; the screen it was asked on comes back.
    Help(HelpView),
}

impl ScreenView {
    /// Its name, as the window knows it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Opening(_) => "opening",
            Self::Start(_) => "start",
            Self::Consent(_) => "consent",
            Self::Card(_) => "card",
            Self::Selfie(_) => "selfie",
            Self::SelfieLocked(_) => "selfieLocked",
            Self::Flash(_) => "flash",
            Self::Reading(_) => "reading",
            Self::Review(_) => "review",
            Self::Submitting(_) => "submitting",
            Self::Outcome(_) => "outcome",
            Self::Queue(_) => "queue",
            Self::Pin(_) => "pin",
            Self::Settings(_) => "settings",
            Self::Help(_) => "help",
        }
    }
}

/// The application is getting ready, or cannot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OpeningView {
    /// Version, models, queue, and what is wrong with them.
    pub status: StatusView,
}

/// Start, or attract.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// Captures begun today and accepted into the queue.
    pub captured_today: u32,
    /// Of these, how many the partner has accepted.
    pub delivered_today: u32,
    /// Whether an id of the customer may be typed; without one the partner makes one.
    pub asks_customer_id: bool,
    /// The queue's first items, where work begins with the queue: in the field.
    pub items: Vec<QueueItemView>,
    /// Trouble that a person should mend before the next customer.
    pub trouble: Option<QueueProblem>,
    /// What a visit captures.
    pub flow: FlowView,
}

/// What a visit captures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FlowView {
    /// The card.
    #[default]
    KtpScan,
    /// The face.
    SelfieLiveness,
    /// Card, then face.
    IdentityVerification,
}

impl FlowView {
    /// Whether a card is captured.
    pub(crate) fn has_card(self) -> bool {
        matches!(self, Self::KtpScan | Self::IdentityVerification)
    }

    /// Whether a face is captured.
    pub(crate) fn has_face(self) -> bool {
        matches!(self, Self::SelfieLiveness | Self::IdentityVerification)
    }
}

/// What is captured, why, how long.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// Version of the text that is agreed to; recorded with the time.
    pub text_version: String,
    /// What will be captured.
    pub flow: FlowView,
    /// The partner the data go to; `None` before a gateway is set.
    pub recipient: Option<String>,
    /// Days a receipt stays on this machine; `None` is without end.
    pub receipt_days: Option<u32>,
    /// Days a capture that the partner refused stays on this machine; `None` is without end.
    pub capture_days: Option<u32>,
}

/// Help; what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HelpView {
    /// The screen it was asked on.
    pub topic: HelpTopic,
}

/// The screen help was asked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum HelpTopic {
    /// Start, and everything in general.
    General,
    /// Holding the card.
    Card,
    /// Taking the selfie.
    Selfie,
    /// Checking what was read.
    Review,
    /// The queue.
    Queue,
}

//! What the controller asks for: work that takes time, touches the world, or must be forgotten.
//!
//! Invariant: an effect is a wish; whatever comes of it comes back as an event.

use bundle::FlashSample;
use gateway::{FlashChallenge, Grant};
use jiff::Timestamp;
use ktp::Fields;
use launch::Ending;

use super::event::VisitId;
use super::face::Gestures;
use super::launched::LaunchId;
use super::review::Correction;
use crate::taken::{TakenCard, TakenSelfie};
use crate::view::{FlashOutcome, FlowView, Mode, SettingsValues};

/// Something to do.
pub(crate) enum Effect {
    /// Look at installation, settings, queue and nets.
    Open,
    /// Run the camera.
    CameraOn,
    /// Let the camera go.
    CameraOff,
    /// Begin a visit: guide to the card, if it has one; meanwhile make sure of the customer's id and ask for a challenge.
    BeginVisit(VisitOrder),
    /// Guide to a card once more, in the same visit.
    GuideAgain(VisitId),
    /// Guide to a selfie; meanwhile ask for a challenge.
    GuideSelfie(SelfieOrder),
    /// The light that the face waits for.
    SelfieLight(SelfieLight),
    /// Take the picture now.
    Shutter,
    /// Go on after a failed try.
    TryAgain,
    /// Forget everything of the visit: frames, values, pictures.
    Forget,
    /// Begin recording the light of this challenge on the card.
    FlashBegin(VisitId, FlashChallenge),
    /// Card: the colour at this place is on the screen.
    FlashShown(u32),
    /// Card: the last colour's time is over.
    FlashDone,
    /// Sign, store, send.
    Submit(Box<SubmitOrder>),
    /// Look at the queue; with this item's history.
    LookAtQueue(Option<String>),
    /// Put an item back into the line, due now.
    Retry(String),
    /// Send what waits, now.
    SendNow,
    /// Write an item's history, receipt, consent, corrections and signs of tampering to a file; captures never leave but to
    /// the partner.
    ExportItem(String),
    /// Destroy a parked item's capture, if the PIN is right.
    Discard(DiscardOrder),
    /// Whether a PIN was chosen, and whether one may be tried.
    AskPin,
    /// Is it this one?
    CheckPin(String),
    /// It shall be this one.
    ChoosePin(String),
    /// Which cameras and themes are there?
    ListChoices,
    /// Save these.
    SaveSettings(Box<SettingsValues>),
    /// Run the diagnostics.
    Diagnose,
    /// Write the support bundle.
    ExportSupport,
    /// Whether the demo's partner answers.
    DemoOnline(bool),
    /// What the demo's camera plays.
    DemoScene(String),
    /// Bring the window to the front.
    Raise,
    /// The partner's logo, or none.
    ShowLogo(Option<Vec<u8>>),
    /// A launch was not even begun; tell it and forget it.
    RefuseLaunch(LaunchId, Ending),
    /// A launched flow is over; tell it.
    TellLaunch(LaunchId, Ending),
    /// The customer left a launched visit: the browser may go on.
    LeaveLaunch(LaunchId),
    /// Lock the window down, or let it go.
    Kiosk(bool),
    /// Close the window.
    Quit,
}

/// Whose visit, and how.
#[derive(Clone)]
pub(crate) struct VisitOrder {
    /// Which visit.
    pub visit: VisitId,
    /// The partner's id, if staff know it.
    pub customer_id: Option<String>,
    /// What is captured.
    pub flow: FlowView,
    /// Whether a challenge is wanted.
    pub wants_flash: bool,
}

/// One sitting before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SelfieOrder {
    /// Which visit.
    pub visit: VisitId,
    /// Whether gestures are asked for, as many as the settings say.
    pub has_gestures: bool,
    /// Whether a challenge is wanted, and the face waits for its light.
    pub wants_light: bool,
}

/// The light that a face waits for.
pub(crate) enum SelfieLight {
    /// This challenge is played from now on.
    Begin(Box<FlashChallenge>),
    /// The colour at this place is on the screen.
    Shown(u32),
    /// It is over, or there is none.
    Over,
}

/// What goes with a face.
pub(crate) struct FaceOrder {
    /// Its challenge, whether it was played or not: it can sign.
    pub challenge: Option<FlashChallenge>,
    /// What became of the light. Samples are evidence only where it was played.
    pub flash: FlashOutcome,
    /// Whether gestures were asked for.
    pub gestures: Gestures,
    /// Tries that failed before.
    pub failed_tries: u32,
}

/// What was agreed to.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    /// Version of the text.
    pub text_version: &'static str,
    /// When.
    pub at: Timestamp,
    /// In front of which window.
    pub mode: Mode,
}

/// Everything that is to be sent.
pub(crate) struct SubmitOrder {
    /// Which visit.
    pub visit: VisitId,
    /// What was captured.
    pub flow: FlowView,
    /// What was read, with its frames, if a card was captured.
    pub taken: Option<Box<TakenCard>>,
    /// The face, if one was captured.
    pub selfie: Option<Box<TakenSelfie>>,
    /// What goes with the face, if one was captured.
    pub face: Option<FaceOrder>,
    /// Leave to run the flow, if it was launched.
    pub grant: Option<Grant>,
    /// The values as they stand after review.
    pub values: Fields,
    /// What a person changed.
    pub corrections: Vec<Correction>,
    /// What was agreed to.
    pub consent: Consent,
    /// The card's challenge, whether it was played or not: it can sign.
    pub challenge: Option<FlashChallenge>,
    /// What the camera saw of it.
    pub samples: Vec<FlashSample>,
    /// What became of the card's flash.
    pub flash: FlashOutcome,
}

/// What to discard and why.
pub(crate) struct DiscardOrder {
    /// The item.
    pub id: String,
    /// The PIN.
    pub pin: String,
    /// Why, for the audit chain.
    pub reason: String,
}

/// Neither PINs nor values reach a log.
impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an effect")
    }
}

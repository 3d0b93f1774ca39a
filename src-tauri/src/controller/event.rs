//! What reaches the controller: people's actions, and news from the work it asked for.
//!
//! Invariant: `Debug` shows no value of a card. Work that belongs to a customer carries the visit it was begun in, so that
//! news of a visit that is over is dropped.

use std::collections::BTreeMap;

use bundle::FlashSample;
use gateway::{FlashChallenge, Upload};
use jiff::Timestamp;
use jiff::civil::Date;
use ktp::Field;
use launch::PlatformRefusal;

use super::launched::LaunchOrder;
use crate::action::Action;
use crate::taken::{TakenCard, TakenSelfie};
use crate::theme::Theme;
use crate::view::{
    CameraChoiceView, CameraView, CardView, CountsView, DiagnosticView, FlashSubject, FlowView, LinkView,
    OutcomeView, PointView, QueueItemDetailView, QueueItemView, QueueProblem, SelfieFailure, SelfieView,
    SettingsProblem, SettingsValues, StatusView, SubmitStage,
};

/// Numbers a customer's visit; news of another visit is dropped.
pub(crate) type VisitId = u64;

/// The present.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Milliseconds since the application began.
    pub ms: u64,
    /// By this machine's clock.
    pub at: Timestamp,
    /// Where this machine stands.
    pub today: Date,
}

/// Something that happened.
pub(crate) enum Event {
    /// A person did something.
    Act(Action),
    /// Nothing but the passing of time; comes several times a second.
    Tick,
    /// What the installation stands on.
    Opened(Box<StatusView>),
    /// The settings in force, at the beginning and after saving; the theme they name, if it can be used.
    Configured(Box<Configured>),
    /// The camera.
    Camera(CameraView),
    /// Something that happens in one customer's visit.
    Visit(VisitId, VisitEvent),
    /// Whether the partner can be reached.
    Link(LinkView),
    /// Sending began or ended.
    Sending(bool),
    /// The queue was looked at.
    Queue(Box<QueueNews>),
    /// The PIN was checked or chosen.
    Pin(PinNews),
    /// The cameras there are and the themes.
    Choices(Vec<CameraChoiceView>, Vec<String>),
    /// The settings were not saved.
    NotSaved(SettingsProblem),
    /// Diagnostics are done.
    Diagnosed(Vec<DiagnosticView>),
    /// The support bundle was written there; `None` if it could not be.
    SupportWritten(Option<String>),
    /// An item of the queue was written there; `None` if it could not be.
    ItemWritten(Option<String>),
    /// Somebody started the application again.
    StartedAgain,
    /// A partner's front end launched a flow.
    Launched(Box<LaunchOrder>),
    /// A link was followed, and nothing could be launched by it.
    LaunchFailed,
    /// Somebody wants to close the window.
    CloseAsked,
    /// The demo's switches.
    Demo(crate::view::DemoView),
}

/// Something that happens in one customer's visit.
pub(crate) enum VisitEvent {
    /// The partner gave a challenge for this subject, or cannot; the customer's id with it, once there is one.
    Challenge(FlashSubject, ChallengeNews),
    /// A frame was looked at.
    Seen(Box<CardSeen>),
    /// The card was read.
    Taken(Box<TakenCard>),
    /// The guided capture ended without a card.
    CardEnded(CardEnd),
    /// A frame of the selfie was looked at.
    SelfieSeen(SelfieView),
    /// The face is done, and waits for its light.
    SelfieAwaitsLight,
    /// The selfie was taken, and looked at.
    SelfieTaken(Box<TakenSelfie>),
    /// The guided selfie ended without one.
    SelfieEnded(SelfieFailure),
    /// What the camera saw of the flash; empty if it could not see it.
    FlashSeen(Vec<FlashSample>),
    /// Submitting goes on.
    Submitting(SubmitStage),
    /// So much of it has left.
    Uploading(Upload),
    /// It is in the queue under this name: nothing can be lost any more.
    Stored(String),
    /// The platform refuses it, in these words; the outcome follows.
    Refused(PlatformRefusal),
    /// Submitting is over.
    Submitted(Box<OutcomeView>),
}

/// What asking for a challenge came to.
#[derive(Clone, Debug)]
pub(crate) enum ChallengeNews {
    /// Here it is, good for so long from now: clocks here may be wrong, and the partner's decides.
    Given {
        /// The colours, and what signs them.
        challenge: FlashChallenge,
        /// Milliseconds until it expires.
        lives_ms: u64,
    },
    /// The partner cannot be asked now.
    Offline,
    /// The camera cannot show the screen's light.
    NotPossible,
    /// Nobody asked: flash is switched off, or the partner knows none.
    NotWanted,
}

/// The guided capture after one frame.
#[derive(Clone)]
pub(crate) struct CardSeen {
    /// What to show; step and camera are the controller's.
    pub view: CardView,
    /// Where it stands.
    pub stage: CardStage,
}

/// Where the guided capture stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardStage {
    /// Guiding, holding, taking, advising.
    Looking,
    /// Taken; the frames are being read.
    Reading {
        /// Frames read.
        done: u32,
        /// Frames to read.
        of: u32,
    },
}

/// How a guided capture ends without a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardEnd {
    /// Nobody got any further.
    TimedOut,
    /// Reading broke.
    Broken,
}

/// The settings in force.
#[derive(Clone)]
pub(crate) struct Configured {
    /// What can be set.
    pub values: SettingsValues,
    /// The partner's look.
    pub theme: Option<Theme>,
    /// Where the data lie.
    pub data_dir: String,
    /// The partner the data go to.
    pub recipient: Option<String>,
    /// What a visit captures that nobody launched.
    pub flow: FlowView,
    /// Whether the partner asks for coloured light on cards.
    pub knows_light: bool,
    /// Days a receipt stays; `None` is without end.
    pub receipt_days: Option<u32>,
    /// Days a refused capture stays; `None` is without end.
    pub capture_days: Option<u32>,
    /// Whether this is the answer to saving.
    pub is_saved: bool,
}

/// The queue as it was when it was looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueueNews {
    /// How many are in which state; `None` if there is no queue.
    pub counts: Option<CountsView>,
    /// Captures accepted today.
    pub captured_today: u32,
    /// Of these, with a receipt.
    pub delivered_today: u32,
    /// The items.
    pub items: Vec<QueueItemView>,
    /// The item that was asked for.
    pub open: Option<QueueItemDetailView>,
    /// Free space, in bytes.
    pub free_bytes: Option<u64>,
    /// Captures that still fit.
    pub captures_left: Option<u32>,
    /// Why it cannot be looked at.
    pub problem: Option<QueueProblem>,
}

/// What came of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinNews {
    /// None was chosen yet.
    NotChosen,
    /// One was chosen before; another may be tried after so many seconds.
    Asked {
        /// Seconds until one may be tried.
        locked_s: u32,
    },
    /// It is right, or was chosen now.
    Right,
    /// It is wrong or was not looked at.
    Wrong {
        /// Seconds until another may be tried.
        locked_s: u32,
    },
}

/// The fields' outlines on the straightened card.
pub(crate) type Places = BTreeMap<Field, [PointView; 4]>;

/// Neither PINs nor values reach a log.
impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an event")
    }
}

//! One submission's way through the platform, stage by stage.
//!
//! Every stage is written down before its call is made, and every call may be made again from its stage: a crash at any
//! moment continues, and nothing is submitted twice. The ids of a run are made with the first stage.
//!
//! Invariants: a stage's bytes hold a user token and signed addresses, hence are sealed by whoever keeps them; a partner's
//! secret is never among them. Lacks on purpose: keeping the bytes, and waiting.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::answer::{StatusReport, UploadTicket};
use super::failure::{Failure, FailureClass};
use super::run::FlowRun;
use super::token::Token;
use super::words::{DocumentKey, ExitReason, Flow, RiskLevel, SubmissionResult, SubmissionStatus};

/// A run is begun anew this often at most (contract A.4.3: once; session ids that were taken count too).
pub(super) const MAX_RESTARTS: u32 = 2;

/// The form at rest changes only by optional fields.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Journey {
    /// Names.
    pub run: FlowRun,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) token: Option<KeptToken>,
    /// Pictures sent in this run.
    pub captures: u32,
    /// Runs given up before.
    pub restarts: u32,
    /// Where it is.
    pub stage: JourneyStage,
}

/// Where a submission is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "at")]
pub enum JourneyStage {
    /// The ids are made; no call was.
    Planned,
    /// There is a token.
    Started,
    /// There are addresses; some pictures may be stored.
    Uploading {
        /// The partner's name.
        submission_id: String,
        /// One for each picture.
        slots: Vec<KeptSlot>,
    },
    /// All pictures are stored. The confirmation may have been made.
    Uploaded {
        /// The partner's name.
        submission_id: String,
    },
    /// Confirmed.
    Polling {
        /// The partner's name.
        submission_id: String,
        /// Polls made.
        polls: u32,
        /// By our clock.
        confirmed_at: Timestamp,
    },
    /// Decided; the details are to be read.
    Deciding {
        /// The partner's name.
        submission_id: String,
        /// How the run ends.
        exit: ExitReason,
        /// What the status told.
        told: ToldStatus,
    },
}

impl JourneyStage {
    /// One of a closed set of words, for the audit chain.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Planned => "onekyc_planned",
            Self::Started => "onekyc_started",
            Self::Uploading { .. } => "onekyc_uploading",
            Self::Uploaded { .. } => "onekyc_uploaded",
            Self::Polling { .. } => "onekyc_confirmed",
            Self::Deciding { .. } => "onekyc_decided",
        }
    }
}

/// A user token at rest.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptToken {
    value: Zeroizing<String>,
    expires_at: Timestamp,
}

impl KeptToken {
    pub(super) fn of(token: &Token) -> Self {
        let value = Zeroizing::new(token.value.expose_secret().to_owned());
        Self { value, expires_at: token.expires_at }
    }

    pub(super) fn token(&self) -> Token {
        Token { value: SecretString::from(self.value.as_str()), expires_at: self.expires_at }
    }
}

/// An upload address at rest.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptSlot {
    pub(super) key: DocumentKey,
    pub(super) url: Zeroizing<String>,
    pub(super) expires_at: Timestamp,
    pub(super) stored: bool,
    /// Asked for anew once already.
    #[serde(default)]
    pub(super) renewed: bool,
}

/// What a decided status told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldStatus {
    pub(super) status: SubmissionStatus,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) is_approved: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) risk_level: Option<RiskLevel>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) confidence_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) completed_at: Option<Timestamp>,
}

impl ToldStatus {
    pub(super) fn of(report: &StatusReport) -> Self {
        let decision = report.decision.as_ref();
        Self {
            status: report.status.clone(),
            is_approved: decision.map(|decision| decision.is_approved),
            risk_level: decision.and_then(|decision| decision.risk_level.clone()),
            confidence_percent: decision.and_then(|decision| decision.confidence_percent),
            completed_at: report.completed_at,
        }
    }

    pub(super) fn result(&self) -> Option<SubmissionResult> {
        let word = |approved| if approved { SubmissionResult::Valid } else { SubmissionResult::Invalid };
        self.is_approved.map(word)
    }
}

/// The pictures of a capture; what a flow does not need is absent.
#[derive(Clone, Copy, Default)]
pub struct Pictures<'a> {
    /// The card's front.
    pub card: Option<&'a [u8]>,
    /// The best selfie.
    pub selfie: Option<&'a [u8]>,
    /// Another, half a second apart.
    pub additional_selfie: Option<&'a [u8]>,
}

impl<'a> Pictures<'a> {
    pub(super) fn of(self, key: &DocumentKey) -> Option<&'a [u8]> {
        match key {
            DocumentKey::Ktp | DocumentKey::KtpFront => self.card,
            DocumentKey::Selfie => self.selfie,
            DocumentKey::AdditionalSelfie => self.additional_selfie,
            DocumentKey::KtpBack | DocumentKey::Other(_) => None,
        }
    }
}

/// What one step came to.
pub enum Advance {
    /// Write this down, then go on.
    Next(Journey),
    /// Write this down and go on after a while.
    Later {
        /// The next stage.
        journey: Journey,
        /// Not before.
        after: Duration,
    },
    /// Take the picture again and go on from here (only if there are attempts left).
    Recapture(Journey),
    /// The run is over.
    Done(Box<super::Ending>),
}

/// Fresh names for a run.
#[derive(Clone, Copy)]
pub struct RunIds {
    /// `x-partner-session-id`
    pub partner_session: Uuid,
    /// `x-sdk-session-id`
    pub sdk_session: Uuid,
}

impl Journey {
    /// The first stage.
    #[must_use]
    pub fn planned(flow: Flow, user_id: &str, ids: RunIds) -> Self {
        let run = FlowRun {
            flow,
            partner_session_id: ids.partner_session,
            sdk_session_id: ids.sdk_session,
            user_id: user_id.to_owned(),
            contact: None,
        };
        Self { run, token: None, captures: 0, restarts: 0, stage: JourneyStage::Planned }
    }

    /// The same with a contact that was verified.
    #[must_use]
    pub fn with_contact(mut self, contact: super::VerifiedContact) -> Self {
        self.run.contact = Some(contact);
        self
    }

    /// The same for a flow that was started elsewhere: there is a token, and the name is given.
    #[must_use]
    pub(super) fn granted(self, partner_session_id: Uuid, token: Token) -> Self {
        let run = FlowRun { partner_session_id, ..self.run };
        Self { run, token: Some(KeptToken::of(&token)), stage: JourneyStage::Started, ..self }
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The form that is sealed and kept.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).expect("keys are texts and every number is finite"))
    }

    pub(super) fn at(self, stage: JourneyStage) -> Self {
        Self { stage, ..self }
    }

    /// From the beginning, under new names.
    pub(super) fn restarted(self, ids: RunIds) -> Self {
        let run =
            FlowRun { partner_session_id: ids.partner_session, sdk_session_id: ids.sdk_session, ..self.run };
        let restarts = self.restarts + 1;
        Self { run, token: None, captures: self.captures, restarts, stage: JourneyStage::Planned }
    }

    /// The stage after addresses came.
    pub(super) fn ticketed(
        self,
        ticket: UploadTicket,
        pictures: Pictures<'_>,
        confirmed_at: Timestamp,
        expiry_of: impl Fn(Duration) -> Timestamp,
        renewed: bool,
    ) -> Result<Self, Failure> {
        let submission_id = ticket.submission_id;
        if ticket.status != SubmissionStatus::Initiated {
            // Known already and on its way.
            return Ok(self.at(JourneyStage::Polling { submission_id, polls: 0, confirmed_at }));
        }
        let has_pictures = ticket.slots.iter().all(|slot| pictures.of(&slot.key).is_some());
        if ticket.slots.is_empty() || !has_pictures {
            // A picture we do not have: a matter of configuration, found before anything is uploaded.
            return Err(Failure::of(FailureClass::Invalid));
        }
        let keep = |slot: super::UploadSlot| KeptSlot {
            expires_at: expiry_of(slot.expires_in),
            url: Zeroizing::new(slot.url.expose_secret().to_owned()),
            key: slot.key,
            stored: false,
            renewed,
        };
        let slots = ticket.slots.into_iter().map(keep).collect();
        let captures = self.captures + u32::from(!renewed);
        Ok(Self { captures, stage: JourneyStage::Uploading { submission_id, slots }, ..self })
    }
}

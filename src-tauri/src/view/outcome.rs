//! Signing, storing, sending, and what came of it.

use serde::Serialize;

use super::{FaceOutcomeView, StepView};

/// The bundle is signed, stored, sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SubmittingView {
    /// Where we are.
    pub step: StepView,
    /// What is being done.
    pub stage: SubmitStage,
    /// Bytes sent of [`Self::total_bytes`], while sending.
    #[cfg_attr(test, ts(type = "number"))]
    pub sent_bytes: u64,
    /// Bytes to send; 0 until it is known.
    #[cfg_attr(test, ts(type = "number"))]
    pub total_bytes: u64,
    /// Whether it takes longer than expected; going on without waiting is offered.
    pub is_slow: bool,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SubmitStage {
    /// Building and signing the document.
    Signing,
    /// Writing it, encrypted, to the disk. From its end on nothing can be lost.
    Storing,
    /// Sending it.
    Sending,
    /// Waiting for the partner's verdict.
    Judging,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// The one sentence.
    pub result: OutcomeResult,
    /// The queue's name for it; `None` if nothing was kept.
    pub item: Option<String>,
    /// The partner's reference, if there is a receipt.
    pub reference: Option<String>,
    /// `high`, `standard` or `low`, for staff.
    pub tier: Option<String>,
    /// Checks and their voters, for staff; empty in self-service.
    pub checks: Vec<CheckView>,
    /// Why it was refused or postponed: a word.
    pub reason: Option<String>,
    /// Whether flash evidence was part of it.
    pub flash: FlashOutcome,
    /// What became of the face, for staff; `None` if none was captured.
    pub face: Option<FaceOutcomeView>,
    /// What is offered to be captured again, in the same visit; `None` if that would not help.
    pub retake: Option<RetakeView>,
    /// OneKYC's own words, for staff; `None` of other partners.
    pub onekyc: Option<OneKycView>,
    /// Goes back to the start by itself after so many seconds; `None` never.
    pub leaves_in_s: Option<u32>,
}

impl OutcomeView {
    /// Saved here, not sent yet.
    pub(crate) fn queued(item: String, flash: FlashOutcome) -> Self {
        Self {
            result: OutcomeResult::Queued,
            item: Some(item),
            reference: None,
            tier: None,
            checks: Vec::new(),
            reason: None,
            flash,
            face: None,
            retake: None,
            onekyc: None,
            leaves_in_s: None,
        }
    }
}

/// What may be captured again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum RetakeView {
    /// The card, and what follows it.
    Card,
    /// The selfie alone.
    Selfie,
}

/// How a run at OneKYC ended, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OneKycView {
    /// `COMPLETED`, `ERROR`, …
    pub status: String,
    /// `VALID` or `INVALID`, once it is decided.
    pub result: Option<String>,
    /// Such as `NOT_EKTP`.
    pub reason_code: Option<String>,
    /// The correlation id.
    pub correlation_id: String,
}

/// The one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum OutcomeResult {
    /// The partner accepted it.
    Verified,
    /// The partner received it; a person there will look.
    Review,
    /// The partner received it and is still at work; the result will follow.
    Processing,
    /// Saved here, will be sent when online.
    Queued,
    /// The partner refused it; a person here must act.
    Refused,
    /// It could not be kept; the reason says why.
    Failed,
}

/// What became of the flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FlashOutcome {
    /// Played, and seen.
    Played,
    /// Not wanted by the customer: lower assurance.
    Declined,
    /// Not possible: offline, or no gateway.
    Offline,
    /// The camera cannot see the screen's light.
    NotSeen,
    /// Not asked for: switched off here, or the partner asks for none.
    Off,
}

/// One of the partner's checks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// Its name: `antiSpoof` or `tamper`.
    pub name: String,
    /// Whether it passed; `None` if it was not decided.
    pub has_passed: Option<bool>,
    /// Its voters.
    pub voters: Vec<VoterView>,
}

/// One voter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct VoterView {
    /// Its name.
    pub name: String,
    /// Whether it passed.
    pub has_passed: bool,
    /// Its reason, in the partner's words.
    pub reason: Option<String>,
}

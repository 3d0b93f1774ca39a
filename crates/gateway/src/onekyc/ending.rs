//! How a run ended, in words that may be kept for years.
//!
//! Invariant: ids, words, times and scores; never a value off a card, an address or prose.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::details::SubmissionDetails;
use super::journey::ToldStatus;
use super::reason::ReasonCode;
use super::run::FlowRun;
use super::words::{ExitReason, Flow, RiskLevel, SubmissionResult, SubmissionStatus};
use crate::receipt::{Receipt, ReceiptOrigin, Verdict, VerificationStatus};

/// The end of one run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The partner's name for the submission.
    pub submission_id: String,
    /// The correlation id.
    pub partner_session_id: Uuid,
    /// Our capture's id.
    pub sdk_session_id: Uuid,
    /// What for.
    pub flow: Flow,
    /// How the run ended.
    pub exit: ExitReason,
    /// The partner's status.
    pub status: SubmissionStatus,
    /// Its decision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub result: Option<SubmissionResult>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<ReasonCode>,
    /// The risk.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub risk_level: Option<RiskLevel>,
    /// 0–100.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confidence_percent: Option<f64>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub processed_at: Option<Timestamp>,
}

impl Ending {
    fn named(run: &FlowRun, submission_id: &str, exit: ExitReason, status: SubmissionStatus) -> Self {
        Self {
            submission_id: submission_id.to_owned(),
            partner_session_id: run.partner_session_id,
            sdk_session_id: run.sdk_session_id,
            flow: run.flow.clone(),
            exit,
            status,
            result: None,
            reason: None,
            risk_level: None,
            confidence_percent: None,
            processed_at: None,
        }
    }

    /// Nobody waits any longer.
    pub(super) fn pending(run: &FlowRun, submission_id: &str) -> Self {
        Self::named(run, submission_id, ExitReason::Pending, SubmissionStatus::InProgress)
    }

    /// From a status alone.
    pub(super) fn of_status(
        run: &FlowRun,
        submission_id: &str,
        exit: &ExitReason,
        told: &ToldStatus,
    ) -> Self {
        let ending = Self::named(run, submission_id, exit.clone(), told.status.clone());
        Self { result: told.result(), ..ending }.with_status(exit, told)
    }

    /// From the result.
    pub(super) fn of_details(run: &FlowRun, submission_id: &str, details: &SubmissionDetails) -> Self {
        let exit = match (&details.status, &details.result) {
            (SubmissionStatus::Completed, Some(result)) if result.is_valid() => ExitReason::Success,
            (SubmissionStatus::Completed, Some(_)) => ExitReason::Rejected,
            (SubmissionStatus::Error, _) => ExitReason::Error,
            (
                SubmissionStatus::Completed
                | SubmissionStatus::Initiated
                | SubmissionStatus::InProgress
                | SubmissionStatus::PartiallyCompleted
                | SubmissionStatus::Other(_),
                _,
            ) => ExitReason::Pending,
        };
        Self {
            result: details.result.clone(),
            reason: details.reason.clone(),
            processed_at: details.processed_at,
            ..Self::named(run, submission_id, exit, details.status.clone())
        }
    }

    /// Adds what only the status tells. Where both tell a decision, the details have the last word.
    pub(super) fn with_status(self, exit: &ExitReason, told: &ToldStatus) -> Self {
        let is_told = matches!(self.exit, ExitReason::Pending) && *exit != ExitReason::NeedsDetails;
        Self {
            exit: if is_told { exit.clone() } else { self.exit },
            result: self.result.or_else(|| told.result()),
            risk_level: told.risk_level.clone(),
            confidence_percent: told.confidence_percent,
            processed_at: self.processed_at.or(told.completed_at),
            ..self
        }
    }

    /// The receipt the queue keeps.
    #[must_use]
    pub fn receipt(self) -> Receipt {
        let (status, verdict) = match &self.exit {
            ExitReason::Success => (VerificationStatus::Verified, Some(Verdict::Passed)),
            ExitReason::Rejected => (VerificationStatus::Failed, Some(Verdict::Failed)),
            ExitReason::Error | ExitReason::Exhausted | ExitReason::Cancelled => {
                (VerificationStatus::Failed, None)
            }
            ExitReason::Pending | ExitReason::NeedsDetails | ExitReason::Other(_) => {
                (VerificationStatus::Pending, None)
            }
        };
        Receipt {
            verification_id: self.submission_id.clone(),
            status,
            score: self.confidence_percent,
            verdict,
            assurance_tier: None,
            anti_spoof: None,
            tamper: None,
            kyc_level: None,
            bundle_id: None,
            face_enrolment_id: None,
            created_at: self.processed_at,
            origin: ReceiptOrigin::Answered,
            flash_dropped: None,
            face: None,
            onekyc: Some(self),
        }
    }
}

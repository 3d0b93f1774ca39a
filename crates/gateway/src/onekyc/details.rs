//! The result of a submission, as an answer or as a callback's body; one decoder for both API families.
//!
//! Invariants: every block may be missing; names match in either case; unknown members are kept.
//! `Debug` shows ids, words and scores only.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;

use super::answer::{CardData, Unknown, data_of};
use super::failure::{Failure, FailureClass};
use super::lenient::Object;
use super::reason::ReasonCode;
use super::words::{DocumentKey, Flow, SubmissionResult, SubmissionStatus};
use crate::rejection::PartnerText;
use crate::word::clipped;

/// One check of a face or picture.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckReport {
    /// Whether it passed.
    pub passed: Option<bool>,
    /// 0–1, where told.
    pub score: Option<f64>,
    /// Version of the partner's check.
    pub version: Option<String>,
}

/// The reference picture's own check.
#[derive(Clone, PartialEq, Debug)]
pub struct ReferenceReport {
    /// Whether it can be used.
    pub passed: Option<bool>,
    /// Why not.
    pub reason: Option<ReasonCode>,
}

/// What the registry was asked (the other family), each `PASS` or `FAIL`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct IdentityReport {
    /// NIK known.
    pub nik: Option<bool>,
    /// Name agrees.
    pub name: Option<bool>,
    /// Birth date agrees.
    pub date_of_birth: Option<bool>,
    /// Face agrees.
    pub selfie: Option<bool>,
}

/// The certificate that follows a standalone verification.
#[derive(Clone, PartialEq, Debug)]
pub struct CertificateReport {
    /// The partner's name for it.
    pub registration_id: Option<String>,
    /// May be activated.
    pub eligible_to_activate: Option<bool>,
    /// Needs no activation.
    pub should_skip_activation: Option<bool>,
    /// `NEW_USER` or another word.
    pub onboarding_code: Option<String>,
}

/// The partner's words for a rejection in one language.
#[derive(Clone, PartialEq, Debug)]
pub struct RejectionText {
    /// `id_ID`, `en_ID`.
    pub locale: String,
    /// Headline.
    pub title: PartnerText,
    /// Text.
    pub message: PartnerText,
}

/// A signed address of a stored picture. Not kept, shown or logged.
#[derive(Clone)]
pub struct ImageLink {
    /// Which picture.
    pub key: DocumentKey,
    /// Signed.
    pub url: SecretString,
}

/// The result of a submission.
#[derive(Clone)]
pub struct SubmissionDetails {
    /// The partner's name for it; missing in some failures.
    pub submission_id: Option<String>,
    /// How far.
    pub status: SubmissionStatus,
    /// What for.
    pub flow: Option<Flow>,
    /// Our correlation id.
    pub partner_session_id: Option<String>,
    /// Our user, in callbacks.
    pub user_id: Option<String>,
    /// Its kind, in callbacks.
    pub user_id_type: Option<String>,
    /// The decision; none while in progress or after an error.
    pub result: Option<SubmissionResult>,
    /// Why; none if there is nothing to say.
    pub reason: Option<ReasonCode>,
    /// When it was decided.
    pub processed_at: Option<Timestamp>,
    /// What was read off the card.
    pub card: Option<CardData>,
    /// Stored pictures.
    pub images: Vec<ImageLink>,
    /// Selfie against reference.
    pub face_match: Option<CheckReport>,
    /// Living person.
    pub liveness: Option<CheckReport>,
    /// The reference picture.
    pub reference_image: Option<ReferenceReport>,
    /// Registry checks.
    pub identity: Option<IdentityReport>,
    /// Certificate.
    pub certificate: Option<CertificateReport>,
    /// The partner's words for a rejection.
    pub rejection_texts: Vec<RejectionText>,
    /// Unknown members of the result.
    pub unknown: Unknown,
    /// Unknown members of its details.
    pub unknown_details: Unknown,
}

impl fmt::Debug for SubmissionDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmissionDetails")
            .field("submission_id", &self.submission_id)
            .field("status", &self.status)
            .field("result", &self.result)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Reads a result: the answer of either family, or a callback's bare body.
pub fn decode_details(bytes: &[u8]) -> Result<SubmissionDetails, Failure> {
    let mut data = data_of(bytes)?;
    let status = data.filled_text("status").ok_or_else(|| Failure::of(FailureClass::Unreadable))?;
    let mut inner = data.object("submissionDetails").unwrap_or_default();
    // For certificates alone, their fields sit directly below the details.
    let certificate = inner.object("certificateRegistration").map(certificate);
    let mut checks = inner.object("verificationResults").unwrap_or_default();
    let mut named = inner.object("verificationResult").unwrap_or_default();
    let images = inner.object("imageUrls").map(images).unwrap_or_default();
    let texts = inner.object("rejectionReasonTranslations").map(rejection_texts).unwrap_or_default();
    Ok(SubmissionDetails {
        submission_id: data.filled_text("submissionId"),
        status: status.into(),
        flow: data.filled_text("flow").map(Into::into),
        partner_session_id: data.filled_text("partnerSessionId"),
        user_id: data.filled_text("userId"),
        user_id_type: data.filled_text("userIdType"),
        result: data.filled_text("result").map(Into::into),
        reason: data.filled_text("reasonCode").map(Into::into),
        processed_at: data.moment("processedAt"),
        card: inner.object("ktpData").map(CardData::of),
        images,
        face_match: checks.object("faceMatch").or_else(|| named.object("faceMatch")).map(check),
        liveness: checks.object("liveness").or_else(|| named.object("liveness")).map(check),
        reference_image: checks.object("referenceImageValidation").and_then(reference),
        identity: identity(&mut named).or_else(|| identity(&mut checks)),
        certificate,
        rejection_texts: texts,
        unknown: Unknown::of(data),
        unknown_details: Unknown::of(inner),
    })
}

fn check(mut object: Object) -> CheckReport {
    CheckReport {
        passed: object.flag("result"),
        score: object.number("score"),
        version: object.text("version").map(|version| clipped(&version)),
    }
}

fn reference(mut object: Object) -> Option<ReferenceReport> {
    let mut card = object.object("ktp")?;
    Some(ReferenceReport {
        passed: card.flag("verificationResult"),
        reason: card.filled_text("verificationReasonCode").map(Into::into),
    })
}

fn identity(object: &mut Object) -> Option<IdentityReport> {
    let report = IdentityReport {
        nik: object.flag("nik"),
        name: object.flag("name"),
        date_of_birth: object.flag("dateOfBirth"),
        selfie: object.flag("selfie"),
    };
    (report != IdentityReport::default()).then_some(report)
}

fn certificate(mut object: Object) -> CertificateReport {
    CertificateReport {
        registration_id: object.filled_text("registrationId").map(|id| clipped(&id)),
        eligible_to_activate: object.flag("eligibleToActivate"),
        should_skip_activation: object.flag("shouldSkipActivation"),
        onboarding_code: object.filled_text("onboardingCode").map(|code| clipped(&code)),
    }
}

fn images(object: Object) -> Vec<ImageLink> {
    let link = |(key, url): (String, String)| ImageLink { key: DocumentKey::of_key(&key), url: url.into() };
    object.texts().map(link).collect()
}

fn rejection_texts(object: Object) -> Vec<RejectionText> {
    let text = |object: &mut Object, name| PartnerText::new(&object.text(name).unwrap_or_default());
    let translated = |(locale, mut object): (String, Object)| RejectionText {
        locale: clipped(&locale),
        title: text(&mut object, "title"),
        message: text(&mut object, "message"),
    };
    object.objects().map(translated).collect()
}

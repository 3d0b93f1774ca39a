//! Reason codes and what a counter can do about each (contract A.10).
//!
//! Invariant: an unknown code is kept and means a rejection without advice.

use crate::word::words;

words! {
    /// Why a submission was decided as it was.
    ReasonCode {
        /// Not an electronic KTP.
        NotEktp = "NOT_EKTP",
        /// Fraud found.
        FraudReject = "FRAUD_REJECT",
        /// The data do not match the population registry.
        DukcapilRejected = "DUKCAPIL_REJECTED",
        /// The registry could not process it.
        DukcapilIrretrievableError = "DUKCAPIL_IRRETRIEVABLE_ERROR",
        /// The same under another page's name.
        DukcapilSystemError = "DUKCAPIL_SYSTEM_ERROR",
        /// The liveness check failed.
        LivenessCheckFailed = "LIVENESS_CHECK_FAILED",
        /// The partner's engine refused.
        AetherVerificationFailed = "AETHER_VERIFICATION_FAILED",
        /// The e-mail address belongs to another NIK.
        EmailHasBeenUsed = "EMAIL_HAS_BEEN_USED",
        /// The phone number belongs to another NIK.
        PhoneHasBeenUsed = "PHONE_HAS_BEEN_USED",
        /// An internal failure.
        SystemError = "SYSTEM_ERROR",
        /// The selfie is not of a living person.
        NotLive = "NOT_LIVE",
        /// The face differs from the reference.
        FaceMatchFailed = "FACE_MATCH_FAILED",
        /// The reference picture cannot be used.
        ReferenceImageValidationFailed = "REFERENCE_IMAGE_VALIDATION_FAILED",
        /// No picture was uploaded.
        DocumentNotFound = "DOCUMENT_NOT_FOUND",
        /// The picture is invalid.
        InvalidDocument = "INVALID_DOCUMENT",
        /// An unexpected failure.
        VerificationFailed = "VERIFICATION_FAILED",
    }
}

/// What to do about a reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Advice {
    /// Take the card's picture again, of the right card.
    RecaptureCard,
    /// Take the selfie again.
    RetakeSelfie,
    /// Once more, then a member of staff.
    RetakeSelfieOnceThenStaff,
    /// Send the pictures again.
    UploadAgain,
    /// Try the same again later.
    TryLater,
    /// Ask for another phone number or e-mail address.
    AnotherContact,
    /// A member of staff decides.
    Staff,
    /// Rejected; show the code to staff.
    Rejected,
}

impl ReasonCode {
    /// The contract's advice.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::NotEktp | Self::ReferenceImageValidationFailed | Self::InvalidDocument => {
                Advice::RecaptureCard
            }
            Self::FraudReject | Self::DukcapilRejected | Self::AetherVerificationFailed => Advice::Staff,
            Self::DukcapilIrretrievableError
            | Self::DukcapilSystemError
            | Self::SystemError
            | Self::VerificationFailed => Advice::TryLater,
            Self::LivenessCheckFailed | Self::NotLive => Advice::RetakeSelfie,
            Self::FaceMatchFailed => Advice::RetakeSelfieOnceThenStaff,
            Self::EmailHasBeenUsed | Self::PhoneHasBeenUsed => Advice::AnotherContact,
            Self::DocumentNotFound => Advice::UploadAgain,
            Self::Other(_) => Advice::Rejected,
        }
    }
}

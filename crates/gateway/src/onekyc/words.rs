//! OneKYC's closed vocabularies. Each keeps words it does not know.
//!
//! Lacks on purpose: what follows from a word; see `next_action` and `reason`.

use crate::word::words;

words! {
    /// What a run is for; also the type of its submissions.
    Flow {
        /// Reading of an identity card.
        KtpScan = "KTP_SCAN",
        /// Selfie with a liveness check.
        StandaloneLiveness = "STANDALONE_LIVENESS",
        /// Selfie against a reference picture.
        FaceVerification = "FACE_VERIFICATION",
        /// Two pictures against each other.
        FaceMatch = "FACE_MATCH",
        /// Card and selfie, short.
        KycLite = "KYC_LITE",
        /// Face check on demand.
        OnDemandFr = "ON_DEMAND_FR",
        /// Card, selfie and registry in one (the other API family).
        StandaloneIdentityVerification = "STANDALONE_IDENTITY_VERIFICATION",
    }
}

words! {
    /// How far a submission is.
    SubmissionStatus {
        /// Upload addresses were handed out.
        Initiated = "INITIATED",
        /// Being processed.
        InProgress = "IN_PROGRESS",
        /// Identity passed, certificate still being made.
        PartiallyCompleted = "PARTIALLY_COMPLETED",
        /// Decided.
        Completed = "COMPLETED",
        /// Failed for technical reasons.
        Error = "ERROR",
    }
}

words! {
    /// The decision about a completed submission.
    SubmissionResult {
        /// Passed.
        Valid = "VALID",
        /// Rejected; a reason code says why.
        Invalid = "INVALID",
        /// In one schema only; read as `INVALID`.
        Rejected = "REJECTED",
    }
}

words! {
    /// How far one picture is.
    DocumentStatus {
        /// Not there yet.
        Pending = "PENDING",
        /// Stored.
        Uploaded = "UPLOADED",
        /// Accepted.
        Verified = "VERIFIED",
        /// Not usable.
        Invalid = "INVALID",
        /// Refused.
        Rejected = "REJECTED",
    }
}

words! {
    /// The partner's view of the risk.
    RiskLevel {
        /// Little.
        Low = "LOW",
        /// Some.
        Medium = "MEDIUM",
        /// Much.
        High = "HIGH",
    }
}

words! {
    /// Which picture an upload address is for. The contract's pages disagree about the names.
    DocumentKey {
        /// The card's front.
        Ktp = "KTP",
        /// The card's front, on another page.
        KtpFront = "KTP_FRONT",
        /// The card's back.
        KtpBack = "KTP_BACK",
        /// The best selfie.
        Selfie = "SELFIE",
        /// A second selfie, some moments apart.
        AdditionalSelfie = "ADDITIONAL_SELFIE",
    }
}

words! {
    /// The next step that the vendor's diagrams name, computed by us.
    ExitReason {
        /// Approved.
        Success = "success",
        /// Decided against.
        Rejected = "rejected",
        /// Decided, but not told how: the details tell.
        NeedsDetails = "needs_details",
        /// A technical failure.
        Error = "error",
        /// The user's attempts are used up.
        Exhausted = "exhausted",
        /// Not decided in the time we had.
        Pending = "pending",
        /// The user left.
        Cancelled = "cancelled",
    }
}

impl DocumentKey {
    /// Keys come in either case.
    pub(super) fn of_key(key: &str) -> Self {
        Self::from(key.to_ascii_uppercase())
    }
}

impl SubmissionStatus {
    /// Whether nothing more will happen by itself.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Completed | Self::Error => true,
            Self::Initiated | Self::InProgress | Self::PartiallyCompleted | Self::Other(_) => false,
        }
    }

    /// A submission's status never moves to a lower rank.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Other(_) => 0,
            Self::Initiated => 1,
            Self::InProgress => 2,
            Self::PartiallyCompleted => 3,
            Self::Error => 4,
            Self::Completed => 5,
        }
    }
}

impl SubmissionResult {
    /// Whether it passed.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Valid => true,
            Self::Invalid | Self::Rejected | Self::Other(_) => false,
        }
    }
}

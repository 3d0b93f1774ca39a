//! The flows a kiosk may ask for.
//!
//! Invariant: the list is closed; what the platform names and we do not play is refused before it is asked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A flow, in the platform's words.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlowKind {
    /// The card is captured and read.
    KtpScan,
    /// A selfie is judged to be live.
    StandaloneLiveness,
    /// A selfie is compared with a reference picture.
    FaceVerification,
    /// Card and selfie, in short.
    KycLite,
    /// Face recognition on demand.
    OnDemandFr,
    /// Standalone Identity Verification, of the certificate family.
    StandaloneIdentityVerification,
}

/// Which of the platform's two families of paths and tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// `/coe…`
    Coe,
    /// `/esign…`
    Esign,
}

impl FlowKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::KtpScan,
        Self::StandaloneLiveness,
        Self::FaceVerification,
        Self::KycLite,
        Self::OnDemandFr,
        Self::StandaloneIdentityVerification,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::KtpScan => "KTP_SCAN",
            Self::StandaloneLiveness => "STANDALONE_LIVENESS",
            Self::FaceVerification => "FACE_VERIFICATION",
            Self::KycLite => "KYC_LITE",
            Self::OnDemandFr => "ON_DEMAND_FR",
            Self::StandaloneIdentityVerification => "STANDALONE_IDENTITY_VERIFICATION",
        }
    }

    /// Where it belongs.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::KtpScan
            | Self::StandaloneLiveness
            | Self::FaceVerification
            | Self::KycLite
            | Self::OnDemandFr => Family::Coe,
            Self::StandaloneIdentityVerification => Family::Esign,
        }
    }

    /// Whether a picture of the person's card helps it.
    #[must_use]
    pub const fn wants_reference_image(self) -> bool {
        match self {
            Self::StandaloneLiveness | Self::FaceVerification | Self::OnDemandFr => true,
            Self::KtpScan | Self::KycLite | Self::StandaloneIdentityVerification => false,
        }
    }
}

impl fmt::Display for FlowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no flow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no such flow")]
pub struct UnknownFlow;

impl FromStr for FlowKind {
    type Err = UnknownFlow;

    fn from_str(word: &str) -> Result<Self, UnknownFlow> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(UnknownFlow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_and_is_the_one_on_the_wire() {
        for kind in FlowKind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        assert_eq!("FACE_MATCH".parse::<FlowKind>(), Err(UnknownFlow));
    }
}

//! Flash challenges: the single-use colour sequence a capture is lit with.
//!
//! Invariant: a [`FlashChallenge`] can be shown in full before it expires.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;

/// A colour to light the screen with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rgb(pub [u8; 3]);

/// What is to be lit; a challenge given for one is not taken with the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ChallengePurpose {
    /// The card.
    #[default]
    Card,
    /// The face.
    Face,
}

/// What to ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChallengeRequest {
    /// What is to be lit.
    pub purpose: ChallengePurpose,
    /// How many colours, 3–10.
    pub steps: u8,
    /// How long it may be used, 15,000–300,000.
    pub ttl_ms: u32,
}

impl Default for ChallengeRequest {
    /// The contract's example.
    fn default() -> Self {
        Self { purpose: ChallengePurpose::Card, steps: 5, ttl_ms: 90_000 }
    }
}

/// A challenge that has been checked.
#[derive(Clone)]
pub struct FlashChallenge {
    /// The partner's name for it.
    pub id: String,
    /// To be echoed in the bundle.
    pub nonce: String,
    /// The colours and how long to hold each, in milliseconds.
    pub steps: Vec<(Rgb, u32)>,
    /// By the partner's clock ([`crate::Gateway::now`]).
    pub expires_at: Timestamp,
    /// Signs the bundle.
    pub hmac_secret: SecretString,
}

impl fmt::Debug for FlashChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlashChallenge")
            .field("id", &self.id)
            .field("steps", &self.steps)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

//! The living face that follows a card: its challenge, and its signed document.
//!
//! Invariant: a face is signed by its own challenge's secret or by the device's, never by the card's. Deliberately absent: the
//! capture itself, and any judgement of what is claimed.

use bundle::{FaceDocument, FaceResponse, FlashEvidence, RppgSample, SignedFace};
use frame::Frame;
use gateway::{ChallengePurpose, ChallengeSecret, FlashChallenge, Gateway, Rejection};
use jiff::Timestamp;
use secrecy::SecretString;

use crate::capture::{CaptureError, ask_for, jpegs, profile, secret_of, signing_secret};
use crate::config::{CaptureConfig, Config};

/// A living face that was taken, with what speaks for its life.
pub struct FaceToQueue<'a> {
    /// The frames, best first; no two the same, and one or more apart in time.
    pub frames: &'a [Frame],
    /// When the first of them was taken.
    pub captured_at: Timestamp,
    /// The gestures that were asked for, in order, and whether each was seen.
    pub responses: Vec<FaceResponse>,
    /// A score from 0 (a picture of a face) to 1 (a face) for each frame that was judged.
    pub passive_scores: Vec<f64>,
    /// The skin's colour over time, if it was measured.
    pub rppg: Vec<RppgSample>,
    /// The face's own challenge, see [`face_challenge`]; it signs the face.
    pub challenge: Option<FlashChallenge>,
    /// What was seen of its colours, if they were played.
    pub evidence: Option<FlashEvidence>,
}

impl FaceToQueue<'_> {
    /// The signed document, and what is kept of the challenge that signed it.
    pub(crate) fn sign(
        self,
        config: &Config,
        device_secret: Option<&SecretString>,
    ) -> Result<(SignedFace, Option<ChallengeSecret>), CaptureError> {
        let secret = signing_secret(config, device_secret, self.challenge.as_ref())?;
        let document = FaceDocument {
            sdk_version: config.gateway.sdk_version.clone(),
            platform: config.gateway.platform.clone(),
            frames: jpegs(self.frames, &config.capture)?,
            captured_at: self.captured_at,
            responses: self.responses,
            passive_scores: self.passive_scores,
            flash: self.evidence,
            rppg: self.rppg,
        };
        Ok((document.sign(profile(config), &secret)?, self.challenge.map(secret_of)))
    }
}

/// Asks the partner for the challenge of a customer's face; `None` where it cannot be reached or is too busy. Another than
/// the card's is needed, because each is good once.
pub async fn face_challenge(
    gateway: &dyn Gateway,
    customer_id: &str,
    config: &CaptureConfig,
) -> Result<Option<FlashChallenge>, Rejection> {
    ask_for(gateway, ChallengePurpose::Face, customer_id, config).await
}

#[cfg(test)]
mod tests {
    use bundle::FaceChallenge;

    use super::*;

    fn face(frames: &[Frame], challenge: Option<FlashChallenge>) -> FaceToQueue<'_> {
        FaceToQueue {
            frames,
            captured_at: Timestamp::UNIX_EPOCH,
            responses: vec![FaceResponse { challenge: FaceChallenge::Smile, satisfied: true }],
            passive_scores: vec![0.912],
            rppg: Vec::new(),
            challenge,
            evidence: None,
        }
    }

    #[test]
    fn the_faces_challenge_signs_it_else_the_device_does() {
        let config = Config::default();
        let (device, frames) = (SecretString::from("qe_whsec_DEVICE"), [Frame::filled(64, 48, [90, 80, 70])]);
        let challenge = FlashChallenge {
            id: "fc_1".into(),
            nonce: "n".into(),
            steps: Vec::new(),
            expires_at: Timestamp::UNIX_EPOCH,
            hmac_secret: "qe_whsec_FACE".into(),
        };
        let secret = challenge.hmac_secret.clone();
        let (signed, kept) = face(&frames, Some(challenge)).sign(&config, Some(&device)).unwrap();
        assert!(signed.verify(profile(&config), &secret) && kept.is_some());
        assert_eq!(signed.document().passive_scores, [0.91]);
        let (signed, kept) = face(&frames, None).sign(&config, Some(&device)).unwrap();
        assert!(signed.verify(profile(&config), &device) && kept.is_none());
        let unsigned = face(&frames, None).sign(&config, None);
        assert!(matches!(unsigned, Err(CaptureError::NoSigningSecret)));
    }
}

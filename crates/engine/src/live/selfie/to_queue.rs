//! From a selfie that was taken to the face that is queued.
//!
//! Invariant: light is claimed only where it was seen under a challenge that was given. Deliberately lacks the verdict of
//! this device: the partner judges what it is sent.

use bundle::{FaceChallenge, FaceResponse, FlashEvidence};
use frame::Frame;
use gateway::FlashChallenge;
use jiff::Timestamp;
use session::Gesture;

use super::TakenSelfie;
use crate::FaceToQueue;

impl TakenSelfie {
    /// Its pictures, best first.
    #[must_use]
    pub fn frames(&self) -> Vec<Frame> {
        std::iter::once(&self.best).chain(&self.additional).cloned().collect()
    }

    /// The face to be queued, with these [`frames`](Self::frames) of its own. The challenge signs it; the colours count
    /// only if they were seen.
    #[must_use]
    pub fn to_queue<'a>(
        &self,
        frames: &'a [Frame],
        captured_at: Timestamp,
        challenge: Option<FlashChallenge>,
    ) -> FaceToQueue<'a> {
        let life = &self.life;
        let samples = &life.flash_samples;
        let evidence = challenge
            .as_ref()
            .filter(|_| !samples.is_empty())
            .map(|challenge| FlashEvidence { nonce: challenge.nonce.clone(), samples: samples.clone() });
        FaceToQueue {
            frames,
            captured_at,
            responses: life.responses.iter().map(|(gesture, seen)| response(*gesture, *seen)).collect(),
            passive_scores: life.passive_scores.iter().map(|score| f64::from(*score)).collect(),
            rppg: life.pulse_samples.clone(),
            challenge,
            evidence,
        }
    }
}

fn response(gesture: Gesture, satisfied: bool) -> FaceResponse {
    let challenge = match gesture {
        Gesture::Blink => FaceChallenge::Blink,
        Gesture::TurnLeft => FaceChallenge::TurnLeft,
        Gesture::Smile => FaceChallenge::Smile,
    };
    FaceResponse { challenge, satisfied }
}

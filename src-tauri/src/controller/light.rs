//! The coloured light of one subject: the challenge that was given for it, and what became of it.
//!
//! Invariant: samples are claimed for light that was played to its end and seen, under a challenge that still holds.
//! Deliberately lacks screens, cameras, and asking.

use bundle::FlashSample;
use gateway::FlashChallenge;

use super::event::ChallengeNews;
use crate::view::FlashOutcome;

/// The light of one subject.
#[derive(Default)]
pub(super) struct Light {
    news: Option<ChallengeNews>,
    /// When the challenge that was given expires.
    until_ms: u64,
    /// The colours are over, or there were none.
    end: Option<(FlashOutcome, Vec<FlashSample>)>,
}

/// What became of it in the end.
pub(super) struct LightEnd {
    /// The challenge, whether it was played or not: it can sign.
    pub challenge: Option<FlashChallenge>,
    /// In one word.
    pub outcome: FlashOutcome,
    /// What the camera saw of it.
    pub samples: Vec<FlashSample>,
}

impl Light {
    /// The partner gave a challenge, or cannot.
    pub(super) fn learn(&mut self, news: ChallengeNews, now_ms: u64) {
        if let ChallengeNews::Given { lives_ms, .. } = &news {
            self.until_ms = now_ms.saturating_add(*lives_ms);
        }
        self.news = Some(news);
    }

    /// The challenge, if it can be played now; else why there is no light.
    pub(super) fn offer(&self, now_ms: u64) -> Result<&FlashChallenge, FlashOutcome> {
        match &self.news {
            Some(ChallengeNews::Given { challenge, .. }) if now_ms < self.until_ms => Ok(challenge),
            Some(ChallengeNews::NotPossible) => Err(FlashOutcome::NotSeen),
            Some(ChallengeNews::NotWanted) => Err(FlashOutcome::Off),
            // Not answered in all this time is as good as offline.
            Some(ChallengeNews::Given { .. } | ChallengeNews::Offline) | None => Err(FlashOutcome::Offline),
        }
    }

    /// The challenge that is being played.
    pub(super) fn challenge(&self) -> Option<&FlashChallenge> {
        match &self.news {
            Some(ChallengeNews::Given { challenge, .. }) => Some(challenge),
            Some(ChallengeNews::Offline | ChallengeNews::NotPossible | ChallengeNews::NotWanted) | None => {
                None
            }
        }
    }

    /// Whether nothing more is to be lit.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// It is over, or there was none.
    pub(super) fn end(&mut self, outcome: FlashOutcome, samples: Vec<FlashSample>) {
        self.end = Some((outcome, samples));
    }

    /// What was lit belonged to a try that failed; the challenge may be played again.
    pub(super) fn reopen(&mut self) {
        self.end = None;
    }

    /// Takes everything for what is submitted.
    pub(super) fn settle(&mut self, now_ms: u64) -> LightEnd {
        let (outcome, samples) = self.end.take().unwrap_or((FlashOutcome::Offline, Vec::new()));
        let challenge = match self.news.take() {
            Some(ChallengeNews::Given { challenge, .. }) => {
                Some(challenge).filter(|_| now_ms < self.until_ms)
            }
            Some(ChallengeNews::Offline | ChallengeNews::NotPossible | ChallengeNews::NotWanted) | None => {
                None
            }
        };
        LightEnd { challenge, outcome, samples }
    }
}

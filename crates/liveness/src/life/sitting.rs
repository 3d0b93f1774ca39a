//! [`Sitting`]: one selfie from its first frame to its last.

use frame::{Frame, Gray};

use super::flash::{self, FlashVoteParams};
use super::flow::{self, Motion};
use super::fuse::{Judgement, Outcome, Vote, Voter, fuse};
use super::glimpse::Glimpse;
use super::grain::Grain;
use super::motion::{self, MotionVoteParams};
use super::pattern::Pattern;
use super::stream::{Stream, StreamVoteParams};
use crate::analyser::SelfieLook;

/// Thresholds of all voters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifeParams {
    /// Flash.
    pub flash: FlashVoteParams,
    /// Motion and continuity.
    pub motion: MotionVoteParams,
    /// Stream.
    pub stream: StreamVoteParams,
    /// Least median of the passive net's beliefs.
    pub least_passive: f32,
    /// Highest spectral peak of a face, in nepers.
    pub most_peak: f32,
    /// Least noise of the face, as a share of the noise around it.
    pub least_grain_share: f32,
    /// Frames whose numbers are kept: a minute at 30 a second.
    pub most_frames: usize,
}

impl Default for LifeParams {
    fn default() -> Self {
        Self {
            flash: FlashVoteParams::default(),
            motion: MotionVoteParams::default(),
            stream: StreamVoteParams::default(),
            least_passive: 0.6,
            most_peak: 2.15,
            least_grain_share: 0.78,
            most_frames: 1_800,
        }
    }
}

/// What is known of one sitting.
#[derive(Clone, Debug, Default)]
pub struct Sitting {
    params: LifeParams,
    glimpses: Vec<Glimpse>,
    motions: Vec<Motion>,
    before: Option<Gray>,
    stream: Stream,
    pattern: Pattern,
    grain: Grain,
    is_grains_turn: bool,
}

impl Sitting {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(params: LifeParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// Takes in the next frame. `lit` names the colour of the challenge that was on the screen when it was taken, and
    /// whether it had settled.
    pub fn see(&mut self, frame: &Frame, at_ms: u64, look: &SelfieLook, lit: Option<(usize, bool)>) {
        self.stream.see(frame, &self.params.stream);
        let small = flow::small(frame);
        let before = self.before.replace(small.clone());
        let Some((face, _)) = look.face else { return };
        if let Some(before) = before.filter(|_| lit.is_none()) {
            // Colours of the screen look like motion.
            self.motions.push(flow::between(&before, &small, &face.bounds, frame.width()));
        }
        // The detector's frames are the dearest; spectrum and noise take turns in the others.
        if look.passive.is_some() {
            self.is_grains_turn = !self.is_grains_turn;
            if self.is_grains_turn {
                self.grain.see(frame, &face.bounds);
            } else {
                self.pattern.see(frame, &face.bounds);
            }
        }
        self.glimpses.push(Glimpse::of(frame, at_ms, face, look.passive, lit));
        if self.glimpses.len() > self.params.most_frames {
            self.glimpses.remove(0);
        }
    }

    /// Frames with a face, first to last.
    #[must_use]
    pub fn glimpses(&self) -> &[Glimpse] {
        &self.glimpses
    }

    /// Asks the voters. `responses` says of every gesture that was asked for whether it was seen, `colours` what was
    /// shown on the screen.
    #[must_use]
    pub fn judge(&self, responses: &[bool], colours: &[[u8; 3]]) -> Judgement {
        let mut votes = vec![challenge(responses)];
        votes.extend(flash::votes(colours, &self.glimpses, &self.params.flash));
        votes.push(self.passive());
        votes.push(self.pattern.vote(self.params.most_peak));
        votes.push(motion::parallax(&self.motions, &self.params.motion));
        votes.push(self.stream.vote(&self.params.stream));
        votes.push(motion::continuity(&self.glimpses, &self.params.motion));
        votes.push(self.grain.vote(self.params.least_grain_share));
        fuse(votes)
    }

    fn passive(&self) -> Vote {
        // Coloured light is nothing the net was shown much of.
        let mut beliefs: Vec<f32> =
            self.glimpses.iter().filter(|g| g.lit.is_none()).filter_map(|g| g.passive).collect();
        if beliefs.len() < 5 {
            let reason = format!("{} frames, too few", beliefs.len());
            return Vote::new(Voter::SilentPassive, Outcome::Abstained, reason);
        }
        beliefs.sort_by(f32::total_cmp);
        let median = beliefs[beliefs.len() / 2];
        let reason = format!("median belief {median:.2}");
        Vote::of(Voter::SilentPassive, median >= self.params.least_passive, reason)
    }
}

fn challenge(responses: &[bool]) -> Vote {
    let seen = responses.iter().filter(|is_seen| **is_seen).count();
    let reason = format!("{seen} of {} gestures seen", responses.len());
    if responses.is_empty() {
        return Vote::new(Voter::ChallengeResponse, Outcome::Abstained, reason);
    }
    Vote::of(Voter::ChallengeResponse, seen == responses.len(), reason)
}

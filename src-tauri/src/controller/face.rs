//! The face's part of a visit: its tries, its light, and the lock after too many that failed.
//!
//! Invariant: a sitting that fails is forgotten before the next begins, and each has a challenge of its own; after
//! [`FaceParams::most_tries`] nobody but staff with the PIN goes on. What this device makes of a face ends a try only where
//! it looks like a picture; where it is in doubt, the partner decides. Deliberately lacks frames and chance: gestures are
//! drawn by whoever guides.

use jiff::Timestamp;

use super::effect::{Effect, FaceOrder, SelfieLight, SelfieOrder};
use super::event::{ChallengeNews, Now};
use super::flash::FlashScreen;
use super::light::Light;
use super::visit::{Stage, Step, Visit};
use crate::taken::TakenSelfie;
use crate::view::{
    FaceOutcomeView, FaceVerdict, FaceVoteView, FailedTryView, FlashOutcome, FlashSubject, SelfieFailure,
    SelfieHintCode, SelfieLockedView, SelfieView,
};

/// Times and bounds of a face.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaceParams {
    /// Failed tries before staff are needed. The guide: repeated failures, three as for the partner's captures.
    pub most_tries: u32,
    /// Looking at what was captured takes less than a second; longer than this, nobody is at work any more.
    pub check_ms: u64,
}

impl Default for FaceParams {
    fn default() -> Self {
        Self { most_tries: 3, check_ms: 15_000 }
    }
}

/// Whether gestures are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gestures {
    /// As the settings say.
    Asked,
    /// Staff let them be left out, because the person cannot do them.
    Waived {
        /// When.
        at: Timestamp,
    },
}

/// The face of one visit.
pub(crate) struct FaceSittings {
    /// The last look at it.
    seen: Option<SelfieView>,
    /// Why the last try failed, until the next begins.
    failed: Option<SelfieFailure>,
    failed_tries: u32,
    /// So many may fail before staff are needed.
    tries: u32,
    is_unlocked: bool,
    gestures: Gestures,
    /// What spoke for and against the last that was taken.
    votes: Vec<FaceVoteView>,
    light: Light,
    params: FaceParams,
}

impl Default for FaceSittings {
    fn default() -> Self {
        let params = FaceParams::default();
        Self {
            seen: None,
            failed: None,
            failed_tries: 0,
            tries: params.most_tries,
            is_unlocked: false,
            gestures: Gestures::Asked,
            votes: Vec::new(),
            light: Light::default(),
            params,
        }
    }
}

impl FaceSittings {
    /// Whether the last try failed and no other was begun.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The last look at it.
    pub(super) fn seen(&self) -> Option<&SelfieView> {
        self.seen.as_ref()
    }

    /// What is shown of a try that failed.
    pub(super) fn failed_try(&self) -> Option<FailedTryView> {
        let tries_left = self.tries.saturating_sub(self.failed_tries).max(1);
        self.failed.map(|reason| FailedTryView { reason, tries_left })
    }

    /// Whether somebody is certainly there.
    pub(super) fn shows_somebody(&self) -> bool {
        let is_there = |code| !matches!(code, SelfieHintCode::CameraLost | SelfieHintCode::NobodyThere);
        self.seen.as_ref().is_some_and(|seen| seen.gesture.is_some() || is_there(seen.hint))
    }

    /// Everything of the sittings before, forgotten; what staff allowed stays.
    pub(super) fn forget(&mut self) {
        (self.seen, self.failed, self.light) = (None, None, Light::default());
        self.votes.clear();
    }

    pub(super) fn learn(&mut self, news: ChallengeNews, now_ms: u64) {
        self.light.learn(news, now_ms);
    }

    pub(super) fn see(&mut self, view: SelfieView) {
        self.seen = Some(view);
    }

    /// The right PIN was entered.
    pub(super) fn unlock(&mut self) {
        self.is_unlocked = true;
    }

    fn is_locked(&self) -> bool {
        self.failed_tries >= self.tries
    }

    fn take(&mut self, selfie: &TakenSelfie, now_ms: u64) {
        self.votes.clone_from(&selfie.votes);
        let outcome = match self.light.offer(now_ms) {
            _ if self.light.is_over() => return,
            // Given and never begun: the camera was done before its light was.
            Ok(_) => FlashOutcome::NotSeen,
            Err(outcome) => outcome,
        };
        self.light.end(outcome, Vec::new());
    }

    /// What goes with the face, and what staff are told of it.
    pub(super) fn settle(&mut self, selfie: &TakenSelfie, now_ms: u64) -> (FaceOrder, FaceOutcomeView) {
        let light = self.light.settle(now_ms);
        let flash = match light.outcome {
            FlashOutcome::Played if !selfie.has_light => FlashOutcome::NotSeen,
            outcome => outcome,
        };
        let order = FaceOrder {
            challenge: light.challenge,
            flash,
            gestures: self.gestures,
            failed_tries: self.failed_tries,
        };
        let view = FaceOutcomeView {
            tier: None,
            flash,
            verdict: Some(selfie.verdict),
            votes: std::mem::take(&mut self.votes),
            is_without_gestures: self.gestures != Gestures::Asked,
            check: None,
        };
        (order, view)
    }
}

impl Visit {
    /// A sitting begins: guide to the face, and ask for colours meanwhile.
    pub(super) fn sit(&mut self) -> Vec<Effect> {
        self.face.forget();
        self.stage = Stage::Selfie;
        if !self.wants_light {
            self.face.light.learn(ChallengeNews::NotWanted, 0);
        }
        let order = SelfieOrder {
            visit: self.id,
            has_gestures: self.face.gestures == Gestures::Asked,
            wants_light: self.wants_light,
        };
        vec![Effect::CameraOn, Effect::GuideSelfie(order)]
    }

    /// The selfie once more, after a try that failed.
    pub(super) fn selfie_again(&mut self) -> Vec<Effect> {
        if self.face.failed.is_none() { Vec::new() } else { self.sit() }
    }

    /// The face is done with; its light is the next thing, if it can be had.
    pub(super) fn await_light(&mut self, now: Now) -> Vec<Effect> {
        if !matches!(self.stage, Stage::Selfie) || self.face.has_failed() {
            return Vec::new();
        }
        match self.face.light.offer(now.ms) {
            Ok(challenge) => {
                self.stage =
                    Stage::SelfieLight(FlashScreen::announced(FlashSubject::Face, challenge, now.ms));
                Vec::new()
            }
            Err(outcome) => self.end_face_light(outcome, now),
        }
    }

    /// The colours begin now.
    pub(super) fn begin_face_light(&mut self) -> Vec<Effect> {
        let Some(challenge) = self.face.light.challenge() else { return Vec::new() };
        let Stage::SelfieLight(screen) = &mut self.stage else { return Vec::new() };
        if !screen.begin() {
            return Vec::new();
        }
        vec![Effect::SelfieLight(SelfieLight::Begin(Box::new(challenge.clone())))]
    }

    /// The colours are over, are not wanted, or cannot be had: what was captured is looked at.
    pub(super) fn end_face_light(&mut self, outcome: FlashOutcome, now: Now) -> Vec<Effect> {
        if !matches!(self.stage, Stage::Selfie | Stage::SelfieLight(_)) {
            return Vec::new();
        }
        self.face.light.end(outcome, Vec::new());
        self.stage = Stage::SelfieCheck { since_ms: now.ms };
        vec![Effect::SelfieLight(SelfieLight::Over)]
    }

    /// Taken, and looked at.
    pub(super) fn take_selfie(&mut self, selfie: Box<TakenSelfie>, now: Now) -> Vec<Effect> {
        if !self.is_sitting() {
            return Vec::new();
        }
        self.face.take(&selfie, now.ms);
        match selfie.verdict {
            FaceVerdict::Spoof => self.fail_selfie(SelfieFailure::NotConvincing),
            FaceVerdict::Live | FaceVerdict::Unclear => {
                self.selfie = Some(selfie);
                self.submit(now)
            }
        }
    }

    fn is_sitting(&self) -> bool {
        let is_at_it =
            matches!(self.stage, Stage::Selfie | Stage::SelfieLight(_) | Stage::SelfieCheck { .. });
        is_at_it && !self.face.has_failed()
    }

    /// The sitting is over without a selfie.
    pub(super) fn fail_selfie(&mut self, reason: SelfieFailure) -> Vec<Effect> {
        if !self.is_sitting() {
            return Vec::new();
        }
        let face = &mut self.face;
        // A camera that was pulled out is nobody's failure.
        let is_of_camera = reason == SelfieFailure::TimedOut
            && face.seen.as_ref().is_some_and(|seen| seen.hint == SelfieHintCode::CameraLost);
        face.failed_tries += u32::from(!is_of_camera);
        face.failed = Some(reason);
        face.light = Light::default();
        if !face.is_locked() {
            self.stage = Stage::Selfie;
            return vec![Effect::Forget];
        }
        face.is_unlocked = false;
        self.stage = Stage::SelfieLocked;
        vec![Effect::Forget, Effect::CameraOff]
    }

    /// Looking at it takes too long to be true.
    pub(super) fn is_check_overdue(&self, since_ms: u64, now: Now) -> bool {
        now.ms.saturating_sub(since_ms) >= self.face.params.check_ms
    }

    /// Whether the lock can be opened with the PIN.
    pub(super) fn is_selfie_locked(&self) -> bool {
        matches!(self.stage, Stage::SelfieLocked) && !self.face.is_unlocked
    }

    /// Staff allow one more try, as before or without gestures.
    pub(super) fn try_once_more(&mut self, waived_at: Option<Timestamp>) -> Vec<Effect> {
        if !matches!(self.stage, Stage::SelfieLocked) || !self.face.is_unlocked {
            return Vec::new();
        }
        if let Some(at) = waived_at {
            self.face.gestures = Gestures::Waived { at };
        }
        self.face.tries = self.face.failed_tries + 1;
        self.face.is_unlocked = false;
        self.sit()
    }

    /// The locked screen.
    pub(super) fn selfie_locked(&self) -> SelfieLockedView {
        let face = &self.face;
        SelfieLockedView {
            step: self.step(Step::Selfie),
            reason: face.failed.unwrap_or(SelfieFailure::TimedOut),
            failed_tries: face.failed_tries,
            is_unlocked: face.is_unlocked,
            offers_without_gestures: face.gestures == Gestures::Asked,
            votes: if face.is_unlocked { face.votes.clone() } else { Vec::new() },
        }
    }
}

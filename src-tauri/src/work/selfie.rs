//! The guided selfie, in the window's words.
//!
//! Invariant: no picture and no measure is in what is shown; gestures are drawn anew for every sitting, here and not in the
//! window; the simulated room is dark again when a sitting ends.

use std::sync::Arc;

use camera::{Colour, Feed};
use engine::compose;
use engine::live::{SelfieCapture, SelfieEvent, SelfieNets, SelfieWish, TakenSelfie};
use gateway::Rgb;
use liveness::{LocalVerdict, Outcome, Vote, Voter};
use session::{
    Cue, Gesture, GesturePrompt, SelfieEnd, SelfieHint, SelfieParams, SelfiePlan, SelfieSessionView,
};

use super::Tools;
use crate::controller::{SelfieLight, SelfieOrder, VisitEvent, VisitId};
use crate::taken;
use crate::view::{
    FaceVerdict, FaceVoteView, FaceVoter, GestureCode, GesturePromptView, SelfieFailure, SelfieHintCode,
    SelfieView, VoteOutcome,
};

/// A sitting under way. Dropping it ends it.
pub(super) struct SelfieErrand {
    capture: SelfieCapture,
    feed: Arc<Feed>,
    colours: Vec<Rgb>,
}

impl SelfieErrand {
    /// Guides to a selfie over the running camera. `None` where none runs or no thread can be had; the visit is told.
    pub(super) fn begin(tools: &Arc<Tools>, order: SelfieOrder) -> Option<Self> {
        let feed = tools.frames.feed()?;
        let (mine, clock) = (Arc::clone(tools), Arc::clone(&feed));
        let told = move |event| hear(&mine, order.visit, event, clock.now_ms());
        let nets = SelfieNets { reader: Arc::clone(&tools.faces) };
        let plan = plan(tools, order);
        match SelfieCapture::start(Arc::clone(&feed), nets, plan, SelfieParams::default(), told) {
            Ok(capture) => Some(Self { capture, feed, colours: Vec::new() }),
            Err(error) => {
                tracing::error!(%error, "no thread to guide in");
                tools.tell_visit(order.visit, VisitEvent::SelfieEnded(SelfieFailure::TimedOut));
                None
            }
        }
    }

    /// Take the picture now.
    pub(super) fn press(&self) {
        self.capture.wish(SelfieWish::Shutter);
    }

    /// The light that the face waits for.
    pub(super) fn light(&mut self, light: SelfieLight) {
        match light {
            SelfieLight::Begin(challenge) => {
                self.colours = challenge.steps.iter().map(|(colour, _)| *colour).collect();
                self.capture.wish(SelfieWish::Light(challenge));
            }
            SelfieLight::Shown(index) => {
                let colour = self.colours.get(index as usize);
                self.feed.show(colour.map(|Rgb([r, g, b])| Colour { r: *r, g: *g, b: *b }));
                self.capture.wish(SelfieWish::LightShown(index as usize));
            }
            SelfieLight::Over => {
                self.feed.show(None);
                self.capture.wish(SelfieWish::LightOver);
            }
        }
    }
}

impl Drop for SelfieErrand {
    fn drop(&mut self) {
        self.feed.show(None);
    }
}

fn plan(tools: &Tools, order: SelfieOrder) -> SelfiePlan {
    let wanted = tools.desk.installation().map(|installation| installation.config.selfie.gestures);
    let count = if order.has_gestures { wanted.unwrap_or_default() } else { 0 };
    SelfiePlan { cues: Cue::draw(count.into(), compose::random), awaits_light: order.wants_light }
}

fn hear(tools: &Tools, visit: VisitId, event: SelfieEvent, now_ms: u64) {
    let news = match event {
        SelfieEvent::Changed(view) => VisitEvent::SelfieSeen(seen(&view)),
        SelfieEvent::AwaitsLight => VisitEvent::SelfieAwaitsLight,
        SelfieEvent::Taken(selfie) => VisitEvent::SelfieTaken(Box::new(looked_at(*selfie, now_ms))),
        SelfieEvent::Ended(SelfieEnd::TimedOut | SelfieEnd::Taken) => {
            VisitEvent::SelfieEnded(SelfieFailure::TimedOut)
        }
        SelfieEvent::Ended(SelfieEnd::Missed) => VisitEvent::SelfieEnded(SelfieFailure::Missed),
        SelfieEvent::Failed(detail) => {
            tracing::error!(detail, "the nets cannot be used");
            VisitEvent::SelfieEnded(SelfieFailure::TimedOut)
        }
        SelfieEvent::Asked(_) | SelfieEvent::Ended(SelfieEnd::Cancelled) => return,
    };
    tools.tell_visit(visit, news);
}

fn looked_at(selfie: TakenSelfie, now_ms: u64) -> taken::TakenSelfie {
    let ago = std::time::Duration::from_millis(now_ms.saturating_sub(selfie.at_ms));
    let judgement = &selfie.life.judgement;
    tracing::info!(verdict = ?judgement.verdict, "the face was looked at");
    taken::TakenSelfie {
        captured_at: compose::now() - ago,
        verdict: match judgement.verdict {
            LocalVerdict::Live => FaceVerdict::Live,
            LocalVerdict::Spoof => FaceVerdict::Spoof,
            LocalVerdict::Unclear => FaceVerdict::Unclear,
        },
        votes: judgement.votes.iter().map(vote).collect(),
        has_light: !selfie.life.flash_samples.is_empty(),
        selfie,
    }
}

fn vote(vote: &Vote) -> FaceVoteView {
    FaceVoteView {
        voter: match vote.voter {
            Voter::ChallengeResponse => FaceVoter::ChallengeResponse,
            Voter::FlashReflectance => FaceVoter::FlashReflectance,
            Voter::FlashDepth => FaceVoter::FlashDepth,
            Voter::SilentPassive => FaceVoter::SilentPassive,
            Voter::ScreenPattern => FaceVoter::ScreenPattern,
            Voter::MotionParallax => FaceVoter::MotionParallax,
            Voter::StreamIntegrity => FaceVoter::StreamIntegrity,
            Voter::FaceContinuity => FaceVoter::FaceContinuity,
            Voter::FaceGrain => FaceVoter::FaceGrain,
        },
        outcome: match vote.outcome {
            Outcome::Passed => VoteOutcome::Passed,
            Outcome::Failed => VoteOutcome::Failed,
            Outcome::Abstained => VoteOutcome::Abstained,
        },
    }
}

/// Step, camera and the partner's wish are the controller's.
fn seen(session: &SelfieSessionView) -> SelfieView {
    SelfieView {
        gesture: session.gesture.as_ref().map(prompt),
        hold: session.hold,
        offers_help: session.offers_help,
        offers_shutter: session.offers_shutter,
        ..SelfieView::nothing_seen(code(session.hint))
    }
}

/// Time in steps of a tenth, so that the view does not change with every frame.
fn prompt(prompt: &GesturePrompt) -> GesturePromptView {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    GesturePromptView {
        gesture: match prompt.gesture {
            Gesture::Blink => GestureCode::Blink,
            Gesture::TurnLeft => GestureCode::TurnLeft,
            Gesture::Smile => GestureCode::Smile,
        },
        number: count(prompt.index + 1),
        of: count(prompt.count),
        spent: (prompt.spent * 10.0).floor() / 10.0,
        is_second_try: prompt.is_second_try,
    }
}

fn code(hint: SelfieHint) -> SelfieHintCode {
    match hint {
        SelfieHint::CameraLost => SelfieHintCode::CameraLost,
        SelfieHint::TooDark => SelfieHintCode::TooDark,
        SelfieHint::NobodyThere => SelfieHintCode::NobodyThere,
        SelfieHint::ManyFaces => SelfieHintCode::ManyFaces,
        SelfieHint::TooFar => SelfieHintCode::TooFar,
        SelfieHint::TooClose => SelfieHintCode::TooClose,
        SelfieHint::OffCentre => SelfieHintCode::OffCentre,
        SelfieHint::TurnToCamera => SelfieHintCode::TurnToCamera,
        SelfieHint::Covered => SelfieHintCode::Covered,
        SelfieHint::Backlit => SelfieHintCode::Backlit,
        SelfieHint::TooBright => SelfieHintCode::TooBright,
        SelfieHint::Moving => SelfieHintCode::Moving,
        SelfieHint::Blurry => SelfieHintCode::Blurry,
        SelfieHint::Hold => SelfieHintCode::Hold,
        SelfieHint::Captured => SelfieHintCode::Captured,
    }
}

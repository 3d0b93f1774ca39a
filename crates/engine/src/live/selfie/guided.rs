//! A guided selfie without a thread: frames and wishes in, what to do out.
//!
//! Invariant: frames under coloured light are none of the pictures, and pictures of one sitting are never joined with
//! evidence of another. Deliberately lacks cameras and screens.

use std::sync::Arc;

use bundle::RppgSample;
use camera::Colour;
use frame::Frame;
use gateway::FlashChallenge;
use inference::RunError;
use liveness::{FaceReader, Glimpse, Judgement, LifeParams, SelfieAnalyser, SelfieLook, Sitting};
use session::{
    Gesture, SeenFace, SelfieEffect, SelfieEnd, SelfieInput, SelfieObservation, SelfieParams, SelfiePlan,
    SelfieSession, SelfieSessionView,
};

use super::keepers::Keepers;
use super::{Life, TakenSelfie};
use crate::FlashRecorder;

/// Passive scores handed over: evenly over the sitting.
const PASSIVE_SCORES: usize = 16;
/// Pulse samples handed over: ten seconds at 30 a second.
const PULSE_SAMPLES: usize = 300;
/// Shorter is no pulse to be seen: a few heartbeats.
const LEAST_PULSE_MS: u64 = 6_000;

/// What whoever drives it has to do.
#[derive(Debug)]
pub enum SelfieOrder {
    /// A gesture is asked for, or none any more.
    Ask(Option<Gesture>),
    /// The face is done: light it, or say that the light is over.
    AwaitLight,
    /// It was taken.
    Taken(Box<TakenSelfie>),
    /// It ended without one.
    Ended(SelfieEnd),
}

/// One guided selfie.
pub struct GuidedSelfie {
    session: SelfieSession,
    analyser: SelfieAnalyser,
    sitting: Sitting,
    keepers: Keepers,
    light: Option<(FlashRecorder, Vec<[u8; 3]>)>,
    is_light_over: bool,
}

impl GuidedSelfie {
    /// Begins with the first frame.
    #[must_use]
    pub fn new(reader: Arc<FaceReader>, plan: SelfiePlan, params: SelfieParams) -> Self {
        Self {
            session: SelfieSession::new(plan, params),
            analyser: SelfieAnalyser::new(reader),
            sitting: Sitting::new(LifeParams::default()),
            keepers: Keepers::default(),
            light: None,
            is_light_over: false,
        }
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> SelfieSessionView {
        self.session.view()
    }

    /// Looks at the next frame.
    pub fn see(&mut self, frame: &Frame, at_ms: u64) -> Result<Vec<SelfieOrder>, RunError> {
        let look = self.analyser.analyse(frame, at_ms)?;
        let lit = match &self.light {
            Some((recorder, _)) if !self.is_light_over => recorder.lit_at(at_ms),
            Some(_) | None => None,
        };
        self.sitting.see(frame, at_ms, &look, lit);
        if let (Some((recorder, _)), Some(glimpse), true) =
            (&mut self.light, self.sitting.glimpses().last(), look.face.is_some())
        {
            let [r, g, b] = glimpse.skin_code.map(|code| code.round() as u8);
            recorder.see_mean(Colour { r, g, b }, at_ms);
        }
        let effects = self.session.handle(SelfieInput::Observed(observation(&look)), at_ms);
        Ok(self.carry_out(effects, Some((frame, &look)), at_ms))
    }

    /// Anything but a frame.
    pub fn hear(&mut self, input: SelfieInput, now_ms: u64) -> Vec<SelfieOrder> {
        match input {
            // The next frame is another moment: no motion is to be made of the gap.
            SelfieInput::CameraLost | SelfieInput::CameraBack => self.analyser.forget(),
            SelfieInput::LightOver => self.end_light(),
            SelfieInput::Observed(_) | SelfieInput::Shutter | SelfieInput::Cancel | SelfieInput::Tick => {}
        }
        let effects = self.session.handle(input, now_ms);
        self.carry_out(effects, None, now_ms)
    }

    /// Coloured light begins. Answers with the colours and how long each is to be shown.
    pub fn light(&mut self, challenge: &FlashChallenge) -> Vec<([u8; 3], u32)> {
        let recorder = FlashRecorder::new(challenge);
        let steps: Vec<_> = recorder.steps().iter().map(|(colour, hold_ms)| (colour.0, *hold_ms)).collect();
        self.light = Some((recorder, steps.iter().map(|(colour, _)| *colour).collect()));
        steps
    }

    /// This colour is on the screen from now on.
    pub fn light_shown(&mut self, index: usize, now_ms: u64) {
        if let Some((recorder, _)) = &mut self.light {
            recorder.shown(index, now_ms);
        }
    }

    /// Light that was stopped half-way says nothing for or against a face.
    fn end_light(&mut self) {
        self.is_light_over = true;
        if self.light.as_ref().is_some_and(|(recorder, _)| !recorder.was_shown_whole()) {
            self.light = None;
        }
    }

    fn carry_out(
        &mut self,
        effects: Vec<SelfieEffect>,
        seen: Option<(&Frame, &SelfieLook)>,
        at_ms: u64,
    ) -> Vec<SelfieOrder> {
        let mut orders = Vec::new();
        for effect in effects {
            match effect {
                SelfieEffect::Keep => {
                    if let Some((frame, look)) = seen {
                        self.keepers.keep(frame, at_ms, look);
                    }
                }
                SelfieEffect::Forget => {
                    self.keepers = Keepers::default();
                    self.sitting = Sitting::new(LifeParams::default());
                }
                SelfieEffect::Ask(gesture) => orders.push(SelfieOrder::Ask(gesture)),
                SelfieEffect::AwaitLight => orders.push(SelfieOrder::AwaitLight),
                SelfieEffect::Finish(end) => orders.push(self.finish(end)),
            }
        }
        orders
    }

    fn finish(&mut self, end: SelfieEnd) -> SelfieOrder {
        match (end, self.keepers.take()) {
            (SelfieEnd::Taken, Some(pictures)) => SelfieOrder::Taken(Box::new(TakenSelfie {
                best: pictures.best,
                additional: pictures.additional,
                at_ms: pictures.at_ms,
                life: self.life(),
            })),
            (SelfieEnd::Taken, None) => SelfieOrder::Ended(SelfieEnd::TimedOut),
            (end @ (SelfieEnd::Cancelled | SelfieEnd::TimedOut | SelfieEnd::Missed), _) => {
                SelfieOrder::Ended(end)
            }
        }
    }

    fn life(&mut self) -> Life {
        let responses = self.session.responses().to_vec();
        let (samples, colours) = match self.light.take() {
            Some((recorder, colours)) => (recorder.finish(), colours),
            None => (Vec::new(), Vec::new()),
        };
        Life {
            passive_scores: passive_scores(self.sitting.glimpses()),
            pulse_samples: pulse_samples(self.sitting.glimpses()),
            judgement: self.judge(&responses, &colours),
            responses,
            flash_samples: samples,
        }
    }

    fn judge(&self, responses: &[(Gesture, bool)], colours: &[[u8; 3]]) -> Judgement {
        let seen: Vec<bool> = responses.iter().map(|(_, is_seen)| *is_seen).collect();
        self.sitting.judge(&seen, colours)
    }
}

pub(super) fn passive_scores(glimpses: &[Glimpse]) -> Vec<f32> {
    let scores: Vec<f32> = glimpses.iter().filter_map(|glimpse| glimpse.passive).collect();
    let step = scores.len().div_ceil(PASSIVE_SCORES).max(1);
    scores.into_iter().step_by(step).collect()
}

fn pulse_samples(glimpses: &[Glimpse]) -> Vec<RppgSample> {
    let unlit: Vec<&Glimpse> = glimpses.iter().filter(|glimpse| glimpse.lit.is_none()).collect();
    let (Some(first), Some(last)) = (unlit.first(), unlit.last()) else { return Vec::new() };
    if last.at_ms.saturating_sub(first.at_ms) < LEAST_PULSE_MS {
        return Vec::new();
    }
    let sample = |glimpse: &&Glimpse| {
        let [mean_r, mean_g, mean_b] = glimpse.skin_code.map(f64::from);
        let t_ms = u32::try_from(glimpse.at_ms.saturating_sub(first.at_ms)).unwrap_or(u32::MAX);
        RppgSample { t_ms, mean_r, mean_g, mean_b }
    };
    unlit.iter().take(PULSE_SAMPLES).map(sample).collect()
}

/// The same facts in the machine's words.
fn observation(look: &SelfieLook) -> SelfieObservation {
    let face = look.face.as_ref().map(|(face, quality)| SeenFace {
        height: quality.height,
        right: quality.offset.0,
        down: quality.offset.1,
        yaw: face.pose.yaw,
        pitch: face.pose.pitch,
        roll: face.pose.roll,
        eyes_open: face.expression.eyes_open,
        smile: face.expression.smile,
        mouth_width: face.points[3].distance(face.points[4]) / face.eye_distance().max(1.0),
        covered: face.expression.covered,
        brightness: quality.brightness,
        sharpness: quality.sharpness,
        speed: look.speed,
    });
    SelfieObservation { faces: look.faces, face, surroundings: look.surroundings }
}

//! The guided selfie, as a machine: looks at frames and wishes in, one hint and orders out.
//!
//! The oval is filled, all is well for a moment, the best frames of that moment are the selfie; then the gestures of the
//! plan are asked for one by one; then, if the plan says so, the session waits while the screen lights the face.
//! Invariants: as for the card, one hint at a time that stays long enough to be read; every state is left by itself in
//! the end; no input and no clock breaks it. Deliberately lacks judging whether a face is alive: it only says what was
//! done when it was asked for.

mod gesture;
mod params;
mod seen;

pub use gesture::{Cue, Gesture};
pub use params::{GestureParams, SelfieParams};
pub use seen::{SeenFace, SelfieHint, SelfieObservation};

use crate::time::SessionClock;
use gesture::{Answer, GestureWatch, Neutral};
use seen::problem;

/// What is asked of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfiePlan {
    /// Gestures, in the order they are asked for.
    pub cues: Vec<Cue>,
    /// Whether coloured light follows: then the session goes on until it is told that it is over.
    pub awaits_light: bool,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SelfieInput {
    /// A frame was looked at.
    Observed(SelfieObservation),
    /// Take the picture now.
    Shutter,
    /// The coloured light is over, or there is none.
    LightOver,
    /// Give up.
    Cancel,
    /// Frames stopped.
    CameraLost,
    /// Frames come again.
    CameraBack,
    /// Nothing but the passing of time.
    Tick,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfieEnd {
    /// With the frames that were kept.
    Taken,
    /// Given up.
    Cancelled,
    /// Nobody got any further.
    TimedOut,
    /// What was asked for was not done, more than once.
    Missed,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfieEffect {
    /// Keep this frame.
    Keep,
    /// Forget all frames kept.
    Forget,
    /// A gesture is asked for, or none any more.
    Ask(Option<Gesture>),
    /// The face is done; the light may begin.
    AwaitLight,
    /// It is over.
    Finish(SelfieEnd),
}

/// What a gesture's prompt shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GesturePrompt {
    /// What to do.
    pub gesture: Gesture,
    /// Which one it is, from 0.
    pub index: usize,
    /// Of how many.
    pub count: usize,
    /// Share of its time that is over, 0–1.
    pub spent: f32,
    /// Whether the one before was missed and this one takes its place.
    pub is_second_try: bool,
}

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfieSessionView {
    /// The one thing to do now; while a gesture is asked for, what keeps it from being seen, else `Hold`.
    pub hint: SelfieHint,
    /// The gesture that is asked for.
    pub gesture: Option<GesturePrompt>,
    /// How far the ring has closed, 0–1.
    pub hold: f32,
    /// Whether help is offered.
    pub offers_help: bool,
    /// Whether the button is offered.
    pub offers_shutter: bool,
    /// How it ended, if it has.
    pub end: Option<SelfieEnd>,
}

#[derive(Clone, Debug)]
enum Phase {
    /// The oval is being filled; since when all is well.
    Filling { well_ms: Option<u64>, by_hand_ms: Option<u64> },
    /// A gesture is looked for.
    Asking { watch: GestureWatch, index: usize, face_ms: u64, is_second_try: bool },
    /// The screen lights the face.
    Lit,
    /// Over.
    Ended(SelfieEnd),
}

/// One guided selfie.
#[derive(Clone, Debug)]
pub struct SelfieSession {
    plan: SelfiePlan,
    params: SelfieParams,
    clock: SessionClock,
    phase: Phase,
    neutral: Neutral,
    responses: Vec<(Gesture, bool)>,
    missed: u32,
    /// What is shown, since when; `None` before anything was believed.
    shown: (SelfieHint, Option<u64>),
    /// What the frames say, since when.
    said: Option<(SelfieHint, u64)>,
    /// When the last frame came.
    frame_ms: u64,
    has_kept: bool,
    is_lost: bool,
}

const FILLING: Phase = Phase::Filling { well_ms: None, by_hand_ms: None };

impl SelfieSession {
    /// Begins with the first input.
    #[must_use]
    pub fn new(plan: SelfiePlan, params: SelfieParams) -> Self {
        Self {
            plan,
            params,
            clock: SessionClock::default(),
            phase: FILLING,
            neutral: Neutral::default(),
            responses: Vec::new(),
            missed: 0,
            shown: (SelfieHint::NobodyThere, None),
            said: None,
            frame_ms: 0,
            has_kept: false,
            is_lost: false,
        }
    }

    /// The gestures that were asked for and whether each was seen.
    #[must_use]
    pub fn responses(&self) -> &[(Gesture, bool)] {
        &self.responses
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: SelfieInput, caller_ms: u64) -> Vec<SelfieEffect> {
        let now_ms = self.clock.advance(caller_ms, self.params.step_ms);
        if matches!(self.phase, Phase::Ended(_)) {
            return Vec::new();
        }
        let mut effects = self.mind_the_gap(now_ms);
        effects.extend(match input {
            SelfieInput::Observed(seen) => self.see(&seen, now_ms),
            SelfieInput::Shutter => self.press(now_ms),
            SelfieInput::LightOver if matches!(self.phase, Phase::Lit) => self.finish(SelfieEnd::Taken),
            SelfieInput::Cancel => self.finish(SelfieEnd::Cancelled),
            SelfieInput::CameraLost => self.lose_camera(now_ms),
            SelfieInput::CameraBack => {
                self.is_lost = false;
                Vec::new()
            }
            SelfieInput::Tick | SelfieInput::LightOver => Vec::new(),
        });
        let is_holding = matches!(self.phase, Phase::Filling { well_ms: Some(_), .. });
        let is_over = now_ms >= self.params.give_up_ms && !is_holding;
        if is_over && !matches!(self.phase, Phase::Ended(_)) {
            effects.extend(self.finish(SelfieEnd::TimedOut));
        }
        effects
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> SelfieSessionView {
        let now_ms = self.clock.now_ms();
        let (well_ms, gesture, end) = match &self.phase {
            Phase::Filling { well_ms, .. } => (*well_ms, None, None),
            Phase::Asking { watch, index, is_second_try, .. } => {
                (None, self.prompt(watch, *index, *is_second_try), None)
            }
            Phase::Lit => (None, None, None),
            Phase::Ended(end) => (None, None, Some(*end)),
        };
        let held_ms = well_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms));
        let is_filling = matches!(self.phase, Phase::Filling { .. });
        let is_done = matches!(self.phase, Phase::Lit | Phase::Ended(SelfieEnd::Taken));
        SelfieSessionView {
            hint: if is_done { SelfieHint::Captured } else { self.shown.0 },
            gesture,
            hold: (held_ms as f32 / self.params.hold_ms.max(1) as f32).min(1.0),
            offers_help: is_filling && well_ms.is_none() && now_ms >= self.params.help_ms,
            offers_shutter: self.offers_shutter(now_ms),
            end,
        }
    }

    /// Nothing is asked before the face has come to rest.
    fn prompt(&self, watch: &GestureWatch, index: usize, is_second_try: bool) -> Option<GesturePrompt> {
        watch.is_asked().then(|| GesturePrompt {
            gesture: watch.cue.gesture,
            index,
            count: self.plan.cues.len(),
            spent: watch.spent(self.clock.now_ms(), &self.params),
            is_second_try,
        })
    }

    fn offers_shutter(&self, now_ms: u64) -> bool {
        matches!(self.phase, Phase::Filling { .. }) && now_ms >= self.params.shutter_ms
    }

    fn press(&mut self, now_ms: u64) -> Vec<SelfieEffect> {
        let is_offered = !self.is_lost && self.offers_shutter(now_ms);
        if is_offered {
            self.phase = Phase::Filling { well_ms: None, by_hand_ms: Some(now_ms) };
        }
        Vec::new()
    }

    /// Frames after a gap are another sitting, unless somebody pressed the button or the light is on.
    fn mind_the_gap(&mut self, now_ms: u64) -> Vec<SelfieEffect> {
        let is_gap = now_ms.saturating_sub(self.frame_ms) > self.params.gap_ms;
        match self.phase {
            Phase::Filling { by_hand_ms: None, .. } if is_gap => self.start_anew(),
            Phase::Filling { .. } | Phase::Asking { .. } | Phase::Lit | Phase::Ended(_) => Vec::new(),
        }
    }

    fn lose_camera(&mut self, now_ms: u64) -> Vec<SelfieEffect> {
        self.is_lost = true;
        self.shown = (SelfieHint::CameraLost, Some(now_ms));
        self.start_anew()
    }

    fn see(&mut self, seen: &SelfieObservation, now_ms: u64) -> Vec<SelfieEffect> {
        (self.is_lost, self.frame_ms) = (false, now_ms);
        let hint = problem(seen, &self.params);
        match &self.phase {
            Phase::Filling { well_ms, by_hand_ms } => {
                let (well_ms, by_hand_ms) = (*well_ms, *by_hand_ms);
                self.show(hint, now_ms);
                match by_hand_ms {
                    Some(pressed_ms) => self.take_by_hand(seen, pressed_ms, now_ms),
                    None if hint == SelfieHint::Hold => self.hold(seen, well_ms, now_ms),
                    None => self.start_anew(),
                }
            }
            Phase::Asking { .. } => self.watch(seen, hint, now_ms),
            Phase::Lit | Phase::Ended(_) => Vec::new(),
        }
    }

    fn hold(&mut self, seen: &SelfieObservation, well_ms: Option<u64>, now_ms: u64) -> Vec<SelfieEffect> {
        let since_ms = well_ms.unwrap_or(now_ms);
        self.phase = Phase::Filling { well_ms: Some(since_ms), by_hand_ms: None };
        let mut effects = self.keep(seen);
        if now_ms.saturating_sub(since_ms) >= self.params.hold_ms {
            effects.extend(self.go_on(now_ms));
        }
        effects
    }

    /// A person says that it is good enough; somebody must be there all the same.
    fn take_by_hand(&mut self, seen: &SelfieObservation, pressed_ms: u64, now_ms: u64) -> Vec<SelfieEffect> {
        let mut effects = if seen.face.is_some() { self.keep(seen) } else { Vec::new() };
        if now_ms.saturating_sub(pressed_ms) >= self.params.hand_ms {
            self.phase = FILLING;
            if self.has_kept {
                effects.extend(self.go_on(now_ms));
            }
        }
        effects
    }

    fn keep(&mut self, seen: &SelfieObservation) -> Vec<SelfieEffect> {
        seen.face.iter().for_each(|face| self.neutral.learn(face));
        self.has_kept = true;
        vec![SelfieEffect::Keep]
    }

    /// The next gesture, the light, or the end.
    fn go_on(&mut self, now_ms: u64) -> Vec<SelfieEffect> {
        let index = self.responses.len();
        if let Some(cue) = self.plan.cues.get(index) {
            let watch = GestureWatch::new(*cue, now_ms);
            self.phase = Phase::Asking { watch, index, face_ms: now_ms, is_second_try: false };
            return Vec::new();
        }
        if self.plan.awaits_light {
            self.phase = Phase::Lit;
            return vec![SelfieEffect::AwaitLight];
        }
        self.finish(SelfieEnd::Taken)
    }

    fn watch(&mut self, seen: &SelfieObservation, hint: SelfieHint, now_ms: u64) -> Vec<SelfieEffect> {
        let Phase::Asking { mut watch, index, face_ms, is_second_try } = self.phase.clone() else {
            return Vec::new();
        };
        // Turning, smiling and shutting the eyes are what is asked for; the rest stands in its way.
        let is_in_the_way = match hint {
            SelfieHint::TooDark
            | SelfieHint::NobodyThere
            | SelfieHint::ManyFaces
            | SelfieHint::TooFar
            | SelfieHint::TooClose
            | SelfieHint::Covered
            | SelfieHint::CameraLost => true,
            SelfieHint::OffCentre
            | SelfieHint::TurnToCamera
            | SelfieHint::Backlit
            | SelfieHint::TooBright
            | SelfieHint::Moving
            | SelfieHint::Blurry
            | SelfieHint::Hold
            | SelfieHint::Captured => false,
        };
        self.show(if is_in_the_way { hint } else { SelfieHint::Hold }, now_ms);
        let was_asked = watch.is_asked();
        let face = seen.face.filter(|_| seen.faces == 1);
        let answer = match &face {
            Some(face) => watch.see(face, &self.neutral, now_ms, &self.params),
            None => watch.wait(now_ms, &self.params),
        };
        let face_ms = if face.is_some() { now_ms } else { face_ms };
        let mut effects = Vec::new();
        if !was_asked && watch.is_asked() {
            effects.push(SelfieEffect::Ask(Some(watch.cue.gesture)));
        }
        let cue = watch.cue;
        self.phase = Phase::Asking { watch, index, face_ms, is_second_try };
        if now_ms.saturating_sub(face_ms) > self.params.absent_ms {
            // Whoever comes back may be somebody else.
            effects.extend(self.start_over());
            return effects;
        }
        match answer {
            Answer::Open => {}
            Answer::Satisfied => effects.extend(self.answered(cue.gesture, true, now_ms)),
            Answer::Missed => effects.extend(self.miss(cue, index, now_ms)),
            Answer::Other => effects.extend(self.give_up(cue)),
        }
        effects
    }

    fn answered(&mut self, gesture: Gesture, is_satisfied: bool, now_ms: u64) -> Vec<SelfieEffect> {
        self.responses.push((gesture, is_satisfied));
        let mut effects = vec![SelfieEffect::Ask(None)];
        effects.extend(self.go_on(now_ms));
        effects
    }

    /// Once more the same gesture, or the end.
    fn miss(&mut self, cue: Cue, index: usize, now_ms: u64) -> Vec<SelfieEffect> {
        self.missed += 1;
        if self.missed >= self.params.most_missed {
            return self.give_up(cue);
        }
        let watch = GestureWatch::new(cue, now_ms);
        self.phase = Phase::Asking { watch, index, face_ms: now_ms, is_second_try: true };
        vec![SelfieEffect::Ask(None)]
    }

    fn give_up(&mut self, cue: Cue) -> Vec<SelfieEffect> {
        self.responses.push((cue.gesture, false));
        let mut effects = vec![SelfieEffect::Ask(None)];
        effects.extend(self.finish(SelfieEnd::Missed));
        effects
    }

    fn start_over(&mut self) -> Vec<SelfieEffect> {
        let mut effects = vec![SelfieEffect::Ask(None)];
        effects.extend(self.start_anew());
        effects
    }

    fn start_anew(&mut self) -> Vec<SelfieEffect> {
        if matches!(self.phase, Phase::Lit) {
            // The face is done; what the light shows is judged elsewhere.
            return Vec::new();
        }
        self.phase = FILLING;
        self.neutral = Neutral::default();
        self.responses.clear();
        let had_kept = std::mem::take(&mut self.has_kept);
        if had_kept { vec![SelfieEffect::Forget] } else { Vec::new() }
    }

    fn finish(&mut self, end: SelfieEnd) -> Vec<SelfieEffect> {
        self.phase = Phase::Ended(end);
        let forgets = end != SelfieEnd::Taken && std::mem::take(&mut self.has_kept);
        let mut effects = if forgets { vec![SelfieEffect::Forget] } else { Vec::new() };
        effects.push(SelfieEffect::Finish(end));
        effects
    }

    /// Shows a hint that has lasted, once the one before has been there long enough to be read.
    fn show(&mut self, hint: SelfieHint, now_ms: u64) {
        let since_ms = match self.said {
            Some((said, since_ms)) if said == hint => since_ms,
            Some(_) | None => now_ms,
        };
        self.said = Some((hint, since_ms));
        let is_believed =
            hint == SelfieHint::Hold || now_ms.saturating_sub(since_ms) >= self.params.believe_ms;
        let (shown, shown_ms) = self.shown;
        let least_ms =
            if matches!(shown, SelfieHint::Hold | SelfieHint::CameraLost) { 0 } else { self.params.hint_ms };
        let was_read = shown_ms.is_none_or(|at_ms| now_ms.saturating_sub(at_ms) >= least_ms);
        if shown == hint {
            self.shown.1.get_or_insert(now_ms);
        } else if is_believed && was_read {
            self.shown = (hint, Some(now_ms));
        }
    }
}

#[cfg(test)]
mod tests;

//! The guided selfie, as a machine: looks at frames and wishes in, one hint and orders out.
//!
//! The oval is filled, all is well for a moment, the best frames of that moment are the selfie. Invariants: as for the
//! card, one hint at a time that stays long enough to be read; every state is left by itself in the end; no input and no
//! clock breaks it. Deliberately lacks faces: what is judged is the picture, and the partner judges the person.

use crate::time::SessionClock;

/// What one frame shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SelfieObservation {
    /// Share of the oval that has the colour of skin.
    pub skin: f32,
    /// Spread of brightness in the oval.
    pub contrast: f32,
    /// Median brightness of the oval.
    pub brightness: f32,
    /// Sharpness, 1 for crisp.
    pub sharpness: f32,
    /// Mean change since the frame before.
    pub motion: f32,
}

/// The hints, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SelfieHint {
    /// No frames.
    CameraLost,
    /// Nobody in the oval.
    NobodyThere,
    /// Too little light.
    TooDark,
    /// Too much.
    TooBright,
    /// Out of focus.
    Blurry,
    /// Moving.
    Moving,
    /// All is well.
    Hold,
    /// Taken.
    Captured,
}

/// Every threshold of the guided selfie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfieParams {
    /// Less skin than this in the oval is nobody: a masked face in a veil still shows more.
    pub least_skin: f32,
    /// Less spread than this is a wall, or a hand before the lens.
    pub least_contrast: f32,
    /// Darker is too dark; dark skin in good light lies above 0.25.
    pub least_brightness: f32,
    /// Brighter is burnt out.
    pub most_brightness: f32,
    /// Softer is out of focus: four pixels of blur in 640.
    pub least_sharpness: f32,
    /// More change between two frames is motion, not breathing.
    pub most_motion: f32,
    /// A problem must last so long to be believed.
    pub believe_ms: u64,
    /// A hint stays at least so long. Guide: 1.5 s.
    pub hint_ms: u64,
    /// All must be well for so long: time for two frames half a second apart.
    pub hold_ms: u64,
    /// Frames further apart than this are not one holding.
    pub gap_ms: u64,
    /// After the button: the best of what comes within this is taken.
    pub hand_ms: u64,
    /// Help is offered after so long without progress. Guide: 5 s.
    pub help_ms: u64,
    /// The button is offered after this. Guide: 10 s.
    pub shutter_ms: u64,
    /// It ends after this without a selfie. Guide: two minutes.
    pub give_up_ms: u64,
    /// The clock moves by at most this between two inputs.
    pub step_ms: u64,
}

impl Default for SelfieParams {
    fn default() -> Self {
        Self {
            least_skin: 0.2,
            least_contrast: 0.04,
            least_brightness: 0.16,
            most_brightness: 0.9,
            least_sharpness: 0.45,
            most_motion: 0.05,
            believe_ms: 250,
            hint_ms: 1_500,
            hold_ms: 1_200,
            gap_ms: 700,
            hand_ms: 900,
            help_ms: 5_000,
            shutter_ms: 10_000,
            give_up_ms: 120_000,
            step_ms: 1_000,
        }
    }
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SelfieInput {
    /// A frame was looked at.
    Observed(SelfieObservation),
    /// Take the picture now.
    Shutter,
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
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfieEffect {
    /// Keep this frame.
    Keep,
    /// Forget all frames kept.
    Forget,
    /// It is over.
    Finish(SelfieEnd),
}

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfieSessionView {
    /// The one thing to do now.
    pub hint: SelfieHint,
    /// How far the ring has closed, 0–1.
    pub hold: f32,
    /// Whether help is offered.
    pub offers_help: bool,
    /// Whether the button is offered.
    pub offers_shutter: bool,
    /// How it ended, if it has.
    pub end: Option<SelfieEnd>,
}

/// One guided selfie.
#[derive(Clone, Debug)]
pub struct SelfieSession {
    params: SelfieParams,
    clock: SessionClock,
    /// What is shown, since when; `None` before anything was believed.
    shown: (SelfieHint, Option<u64>),
    /// What the frames say, since when.
    said: Option<(SelfieHint, u64)>,
    /// Since when all is well.
    well_ms: Option<u64>,
    /// When the button was pressed.
    by_hand_ms: Option<u64>,
    /// When the last frame came.
    frame_ms: u64,
    has_kept: bool,
    is_lost: bool,
    end: Option<SelfieEnd>,
}

impl SelfieSession {
    /// Begins with the first input.
    #[must_use]
    pub fn new(params: SelfieParams) -> Self {
        Self {
            params,
            clock: SessionClock::default(),
            shown: (SelfieHint::NobodyThere, None),
            said: None,
            well_ms: None,
            by_hand_ms: None,
            frame_ms: 0,
            has_kept: false,
            is_lost: false,
            end: None,
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: SelfieInput, caller_ms: u64) -> Vec<SelfieEffect> {
        let now_ms = self.clock.advance(caller_ms, self.params.step_ms);
        if self.end.is_some() {
            return Vec::new();
        }
        let is_gap = now_ms.saturating_sub(self.frame_ms) > self.params.gap_ms;
        let mut effects = if is_gap && self.by_hand_ms.is_none() { self.start_anew() } else { Vec::new() };
        effects.extend(match input {
            SelfieInput::Observed(seen) => self.see(&seen, now_ms),
            SelfieInput::Shutter => {
                self.by_hand_ms = Some(now_ms).filter(|_| !self.is_lost && self.offers_shutter(now_ms));
                Vec::new()
            }
            SelfieInput::Cancel => self.finish(SelfieEnd::Cancelled),
            SelfieInput::CameraLost => {
                self.is_lost = true;
                self.shown = (SelfieHint::CameraLost, Some(now_ms));
                self.by_hand_ms = None;
                self.start_anew()
            }
            SelfieInput::CameraBack => {
                self.is_lost = false;
                Vec::new()
            }
            SelfieInput::Tick => Vec::new(),
        });
        let is_over = now_ms >= self.params.give_up_ms && self.well_ms.is_none();
        if self.end.is_none() && is_over {
            effects.extend(self.finish(SelfieEnd::TimedOut));
        }
        effects
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> SelfieSessionView {
        let now_ms = self.clock.now_ms();
        let held_ms = self.well_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms));
        SelfieSessionView {
            hint: if self.end == Some(SelfieEnd::Taken) { SelfieHint::Captured } else { self.shown.0 },
            hold: (held_ms as f32 / self.params.hold_ms.max(1) as f32).min(1.0),
            offers_help: self.well_ms.is_none() && now_ms >= self.params.help_ms,
            offers_shutter: self.offers_shutter(now_ms),
            end: self.end,
        }
    }

    fn offers_shutter(&self, now_ms: u64) -> bool {
        self.end.is_none() && now_ms >= self.params.shutter_ms
    }

    fn see(&mut self, seen: &SelfieObservation, now_ms: u64) -> Vec<SelfieEffect> {
        (self.is_lost, self.frame_ms) = (false, now_ms);
        let hint = problem(seen, &self.params);
        self.show(hint, now_ms);
        if let Some(pressed_ms) = self.by_hand_ms {
            return self.take_by_hand(shows_somebody(seen, &self.params), pressed_ms, now_ms);
        }
        if hint != SelfieHint::Hold {
            return self.start_anew();
        }
        let since_ms = *self.well_ms.get_or_insert(now_ms);
        self.has_kept = true;
        let mut effects = vec![SelfieEffect::Keep];
        if now_ms.saturating_sub(since_ms) >= self.params.hold_ms {
            effects.extend(self.finish(SelfieEnd::Taken));
        }
        effects
    }

    /// A person says that it is good enough; somebody must be there all the same.
    fn take_by_hand(&mut self, has_somebody: bool, pressed_ms: u64, now_ms: u64) -> Vec<SelfieEffect> {
        let mut effects = Vec::new();
        if has_somebody {
            self.has_kept = true;
            effects.push(SelfieEffect::Keep);
        }
        if now_ms.saturating_sub(pressed_ms) >= self.params.hand_ms {
            self.by_hand_ms = None;
            if self.has_kept {
                effects.extend(self.finish(SelfieEnd::Taken));
            }
        }
        effects
    }

    fn start_anew(&mut self) -> Vec<SelfieEffect> {
        self.well_ms = None;
        let had_kept = std::mem::take(&mut self.has_kept);
        if had_kept { vec![SelfieEffect::Forget] } else { Vec::new() }
    }

    fn finish(&mut self, end: SelfieEnd) -> Vec<SelfieEffect> {
        self.end = Some(end);
        let mut effects = if end == SelfieEnd::Taken { Vec::new() } else { self.start_anew() };
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
        let least_ms = match shown {
            SelfieHint::Hold | SelfieHint::CameraLost => 0,
            SelfieHint::NobodyThere
            | SelfieHint::TooDark
            | SelfieHint::TooBright
            | SelfieHint::Blurry
            | SelfieHint::Moving
            | SelfieHint::Captured => self.params.hint_ms,
        };
        let was_read = shown_ms.is_none_or(|at_ms| now_ms.saturating_sub(at_ms) >= least_ms);
        if shown == hint {
            self.shown.1.get_or_insert(now_ms);
        } else if is_believed && was_read {
            self.shown = (hint, Some(now_ms));
        }
    }
}

/// Whether somebody is there who can be seen, in focus or not.
#[must_use]
pub fn shows_somebody(seen: &SelfieObservation, params: &SelfieParams) -> bool {
    !matches!(problem(seen, params), SelfieHint::TooDark | SelfieHint::NobodyThere)
}

fn problem(seen: &SelfieObservation, params: &SelfieParams) -> SelfieHint {
    if seen.brightness < params.least_brightness {
        // In the dark nobody can be seen: light comes first.
        SelfieHint::TooDark
    } else if seen.skin < params.least_skin || seen.contrast < params.least_contrast {
        SelfieHint::NobodyThere
    } else if seen.brightness > params.most_brightness {
        SelfieHint::TooBright
    } else if seen.motion > params.most_motion {
        SelfieHint::Moving
    } else if seen.sharpness < params.least_sharpness {
        SelfieHint::Blurry
    } else {
        SelfieHint::Hold
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good() -> SelfieObservation {
        SelfieObservation { skin: 0.6, contrast: 0.2, brightness: 0.5, sharpness: 0.8, motion: 0.01 }
    }

    /// Feeds frames 33 ms apart; answers with the effects and the last view.
    fn play(frames: &[(u32, SelfieObservation)]) -> (Vec<SelfieEffect>, SelfieSessionView) {
        let mut session = SelfieSession::new(SelfieParams::default());
        let (mut effects, mut at_ms) = (Vec::new(), 0);
        for (count, seen) in frames {
            for _ in 0..*count {
                effects.extend(session.handle(SelfieInput::Observed(*seen), at_ms));
                at_ms += 33;
            }
        }
        (effects, session.view())
    }

    #[test]
    fn a_good_face_is_taken_after_the_hold_and_not_before() {
        let (effects, view) = play(&[(36, good())]);
        assert!(!effects.contains(&SelfieEffect::Finish(SelfieEnd::Taken)));
        assert!(view.hint == SelfieHint::Hold && view.hold > 0.9);
        let (effects, view) = play(&[(60, good())]);
        assert_eq!(effects.last(), Some(&SelfieEffect::Finish(SelfieEnd::Taken)));
        assert_eq!((view.end, view.hint), (Some(SelfieEnd::Taken), SelfieHint::Captured));
        assert_eq!(effects.iter().filter(|effect| **effect == SelfieEffect::Keep).count(), 38);
    }

    #[test]
    fn each_problem_has_its_hint() {
        #[track_caller]
        fn check(seen: SelfieObservation, expected: SelfieHint) {
            let (effects, view) = play(&[(60, seen)]);
            assert_eq!(view.hint, expected);
            assert!(effects.is_empty(), "{effects:?}");
        }
        check(SelfieObservation { skin: 0.05, ..good() }, SelfieHint::NobodyThere);
        check(SelfieObservation { contrast: 0.01, ..good() }, SelfieHint::NobodyThere);
        check(SelfieObservation { brightness: 0.05, skin: 0.0, ..good() }, SelfieHint::TooDark);
        check(SelfieObservation { brightness: 0.95, ..good() }, SelfieHint::TooBright);
        check(SelfieObservation { sharpness: 0.3, ..good() }, SelfieHint::Blurry);
        check(SelfieObservation { motion: 0.2, ..good() }, SelfieHint::Moving);
    }

    #[test]
    fn what_was_kept_before_a_problem_is_forgotten() {
        let moving = SelfieObservation { motion: 0.3, ..good() };
        let (effects, view) = play(&[(20, good()), (1, moving), (10, good())]);
        assert_eq!(effects.iter().filter(|effect| **effect == SelfieEffect::Forget).count(), 1);
        assert!(view.hold < 0.4);
    }

    #[test]
    fn the_button_takes_what_is_there_but_nobody_is_not() {
        let soft = SelfieObservation { sharpness: 0.3, ..good() };
        for (seen, expected) in [(soft, Some(SelfieEnd::Taken)), (SelfieObservation::default(), None)] {
            let mut session = SelfieSession::new(SelfieParams::default());
            for tick in 0..11 {
                session.handle(SelfieInput::Observed(seen), tick * 1_000);
            }
            assert!(session.view().offers_shutter);
            session.handle(SelfieInput::Shutter, 10_001);
            for frame in 0..40 {
                session.handle(SelfieInput::Observed(seen), 10_001 + frame * 33);
            }
            assert_eq!(session.view().end, expected);
        }
    }

    #[test]
    fn a_lost_camera_is_said_at_once_and_forgets() {
        let mut session = SelfieSession::new(SelfieParams::default());
        session.handle(SelfieInput::Observed(good()), 0);
        assert_eq!(session.handle(SelfieInput::CameraLost, 33), [SelfieEffect::Forget]);
        assert_eq!(session.view().hint, SelfieHint::CameraLost);
        session.handle(SelfieInput::Observed(good()), 66);
        assert_eq!(session.view().hint, SelfieHint::Hold);
    }

    fn any_input() -> impl Strategy<Value = SelfieInput> {
        let share = || prop_oneof![0.0f32..1.0, Just(f32::NAN), Just(-1.0)];
        let observed = (share(), share(), share(), share(), share()).prop_map(
            |(skin, contrast, brightness, sharpness, motion)| {
                SelfieInput::Observed(SelfieObservation { skin, contrast, brightness, sharpness, motion })
            },
        );
        prop_oneof![
            8 => observed,
            1 => Just(SelfieInput::Shutter),
            1 => Just(SelfieInput::CameraLost),
            1 => Just(SelfieInput::CameraBack),
            1 => Just(SelfieInput::Tick),
        ]
    }

    proptest! {
        #[test]
        fn it_always_ends_and_takes_only_what_it_kept(inputs in prop::collection::vec((any_input(), 0u64..2_000), 1..400)) {
            let mut session = SelfieSession::new(SelfieParams::default());
            let (mut at_ms, mut kept) = (0, 0u32);
            for (input, step_ms) in inputs {
                at_ms += step_ms;
                for effect in session.handle(input, at_ms) {
                    match effect {
                        SelfieEffect::Keep => kept += 1,
                        SelfieEffect::Forget => kept = 0,
                        SelfieEffect::Finish(end) => prop_assert_eq!(kept > 0, end == SelfieEnd::Taken),
                    }
                }
            }
            for second in 0..130 {
                session.handle(SelfieInput::Tick, at_ms + second * 1_000);
            }
            prop_assert!(session.view().end.is_some());
        }
    }
}

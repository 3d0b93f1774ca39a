//! Gestures: asked for one by one, each seen against the person's own neutral face.
//!
//! Invariants: a gesture counts only after a neutral moment of a length that nobody knows before, only when it begins after
//! its prompt could be read, and only one is looked for at a time; another one that nobody asked for ends the try. So a
//! picture, and a recording made before the prompts were drawn, answer by chance at best. Deliberately lacks chance of its
//! own: whoever asks brings it.

use super::params::{GestureParams, SelfieParams};
use super::seen::SeenFace;

/// Something a person is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gesture {
    /// Shut both eyes and open them.
    Blink,
    /// Turn the head to one's own left.
    TurnLeft,
    /// Smile.
    Smile,
}

impl Gesture {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Blink, Self::TurnLeft, Self::Smile];
}

/// One gesture of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What is asked for.
    pub gesture: Gesture,
    /// The face must be at rest for so long before it is asked.
    pub rest_ms: u64,
}

/// Rest before a prompt: from what the eye needs to settle to what nobody finds long.
const REST_MS: (u64, u64) = (800, 3_600);

impl Cue {
    /// So many gestures, none twice, in an order and at moments that nobody knows before. `random` gives numbers in 0..1.
    pub fn draw(count: usize, mut random: impl FnMut() -> f64) -> Vec<Self> {
        let mut left = Gesture::ALL.to_vec();
        let mut cue = || {
            let nth = (random() * left.len() as f64) as usize;
            let gesture = left.swap_remove(nth.min(left.len() - 1));
            let (least, most) = REST_MS;
            Self { gesture, rest_ms: least + (random() * (most - least) as f64) as u64 }
        };
        (0..count.min(Gesture::ALL.len())).map(|_| cue()).collect()
    }
}

/// A face at rest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Neutral {
    eyes_open: f32,
    smile: f32,
    mouth_width: f32,
    yaw: f32,
    count: f32,
}

impl Neutral {
    /// Takes in one more frame of a face at rest.
    pub(super) fn learn(&mut self, face: &SeenFace) {
        self.count += 1.0;
        let share = 1.0 / self.count;
        for (mean, new) in [
            (&mut self.eyes_open, face.eyes_open),
            (&mut self.smile, face.smile),
            (&mut self.mouth_width, face.mouth_width),
            (&mut self.yaw, face.yaw),
        ] {
            *mean += (new - *mean) * share;
        }
    }

    fn does(&self, gesture: Gesture, face: &SeenFace, params: &GestureParams) -> bool {
        match gesture {
            Gesture::Blink => face.eyes_open < params.shut_share * self.eyes_open,
            Gesture::TurnLeft => face.yaw - self.yaw > params.turn_degrees,
            Gesture::Smile => {
                let rise = face.smile - self.smile;
                let wider = face.mouth_width / self.mouth_width.max(0.1) - 1.0;
                let is_frontal = (face.yaw - self.yaw).abs() < params.turn_degrees;
                let is_plain = rise > params.smile_rise && wider > 0.0;
                is_frontal && (is_plain || (rise > 0.0 && wider > params.wider_share))
            }
        }
    }

    /// Neither turned nor smiling.
    fn is_calm(&self, face: &SeenFace, params: &GestureParams) -> bool {
        (face.yaw - self.yaw).abs() < params.turn_degrees / 2.0 && !self.does(Gesture::Smile, face, params)
    }

    fn has_open_eyes(&self, face: &SeenFace, params: &GestureParams) -> bool {
        face.eyes_open > params.open_share * self.eyes_open
    }
}

/// Where one gesture stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Not yet.
    Open,
    /// Seen.
    Satisfied,
    /// Time is over.
    Missed,
    /// Another gesture was done.
    Other,
}

/// Looks for one gesture.
#[derive(Clone, Debug)]
pub(super) struct GestureWatch {
    pub cue: Cue,
    /// When it was asked for; `None` while the face is not yet at rest.
    asked_ms: Option<u64>,
    began_ms: u64,
    rest_since_ms: Option<u64>,
    doing_since_ms: Option<u64>,
    /// What the face does although nobody asked for it, and since when.
    unasked: Option<(Gesture, u64)>,
}

impl GestureWatch {
    pub(super) fn new(cue: Cue, now_ms: u64) -> Self {
        Self {
            cue,
            asked_ms: None,
            began_ms: now_ms,
            rest_since_ms: None,
            doing_since_ms: None,
            unasked: None,
        }
    }

    /// Whether the person has been told.
    pub(super) fn is_asked(&self) -> bool {
        self.asked_ms.is_some()
    }

    /// How much of the time is over, 0–1.
    pub(super) fn spent(&self, now_ms: u64, params: &SelfieParams) -> f32 {
        let since_ms = self.asked_ms.unwrap_or(now_ms);
        (now_ms.saturating_sub(since_ms) as f32 / params.gesture_ms.max(1) as f32).min(1.0)
    }

    /// Time passes without a face to look at.
    pub(super) fn wait(&mut self, now_ms: u64, params: &SelfieParams) -> Answer {
        (self.rest_since_ms, self.doing_since_ms, self.unasked) = (None, None, None);
        self.in_time(now_ms, params)
    }

    pub(super) fn see(
        &mut self,
        face: &SeenFace,
        neutral: &Neutral,
        now_ms: u64,
        params: &SelfieParams,
    ) -> Answer {
        let Some(asked_ms) = self.asked_ms else {
            self.wait_for_rest(face, neutral, now_ms, params);
            return self.in_time(now_ms, params);
        };
        if self.does_another(face, neutral, now_ms, params) {
            return Answer::Other;
        }
        let gesture = self.cue.gesture;
        let does = neutral.does(gesture, face, &params.gestures);
        match (does, self.doing_since_ms) {
            (true, None) => self.doing_since_ms = Some(now_ms),
            (true, Some(since_ms)) if gesture != Gesture::Blink => {
                if self.has_lasted(since_ms, now_ms, asked_ms, params) {
                    return Answer::Satisfied;
                }
            }
            (false, Some(since_ms)) if gesture == Gesture::Blink => {
                // Between shut and open nothing is said yet.
                if neutral.has_open_eyes(face, &params.gestures) {
                    self.doing_since_ms = None;
                    let shut_ms = now_ms.saturating_sub(since_ms);
                    let GestureParams { least_shut_ms, most_shut_ms, .. } = params.gestures;
                    let is_meant = (least_shut_ms..=most_shut_ms).contains(&shut_ms);
                    if is_meant && since_ms >= asked_ms + params.react_ms {
                        return Answer::Satisfied;
                    }
                }
            }
            (false, Some(_)) => self.doing_since_ms = None,
            (true, Some(_)) | (false, None) => {}
        }
        self.in_time(now_ms, params)
    }

    /// Whether the face has done, for longer than in passing, what nobody asked for: it follows another script.
    fn does_another(
        &mut self,
        face: &SeenFace,
        neutral: &Neutral,
        now_ms: u64,
        params: &SelfieParams,
    ) -> bool {
        let does = |gesture: Gesture| neutral.does(gesture, face, &params.gestures);
        let is_asked = |gesture: Gesture| self.is_asked() && self.cue.gesture == gesture;
        // Eyes are hard to see in a head that turns, and narrow in a smile.
        let done =
            [Gesture::TurnLeft, Gesture::Smile, Gesture::Blink].into_iter().find(|gesture| does(*gesture));
        let Some(gesture) = done.filter(|gesture| !is_asked(*gesture)) else {
            self.unasked = None;
            return false;
        };
        let since_ms = match self.unasked {
            Some((same, since_ms)) if same == gesture => since_ms,
            Some(_) | None => now_ms,
        };
        self.unasked = Some((gesture, since_ms));
        let passing_ms = match gesture {
            Gesture::TurnLeft => params.gestures.last_ms,
            Gesture::Smile => params.gestures.passing_smile_ms,
            Gesture::Blink => params.gestures.least_shut_ms,
        };
        now_ms.saturating_sub(since_ms) >= passing_ms
    }

    fn has_lasted(&self, since_ms: u64, now_ms: u64, asked_ms: u64, params: &SelfieParams) -> bool {
        // What was going on before the prompt could be read does not answer it.
        since_ms >= asked_ms + params.react_ms && now_ms.saturating_sub(since_ms) >= params.gestures.last_ms
    }

    fn wait_for_rest(&mut self, face: &SeenFace, neutral: &Neutral, now_ms: u64, params: &SelfieParams) {
        // What passes in a moment, as blinks do, is no unrest.
        if self.does_another(face, neutral, now_ms, params) {
            self.rest_since_ms = None;
            return;
        }
        let is_calm = neutral.is_calm(face, &params.gestures);
        let since_ms = *self.rest_since_ms.get_or_insert(now_ms);
        let has_rested = now_ms.saturating_sub(since_ms) >= self.cue.rest_ms;
        if has_rested && is_calm && neutral.has_open_eyes(face, &params.gestures) {
            self.asked_ms = Some(now_ms);
        }
    }

    fn in_time(&self, now_ms: u64, params: &SelfieParams) -> Answer {
        // Somebody who never comes to rest is not waited for for ever either.
        let until_ms = match self.asked_ms {
            Some(asked_ms) => asked_ms + params.gesture_ms,
            None => self.began_ms + self.cue.rest_ms + 2 * params.gesture_ms,
        };
        if now_ms > until_ms { Answer::Missed } else { Answer::Open }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const REST: SeenFace = SeenFace {
        height: 0.5,
        right: 0.0,
        down: 0.0,
        yaw: 2.0,
        pitch: 0.0,
        roll: 0.0,
        eyes_open: 0.8,
        smile: 0.1,
        mouth_width: 0.8,
        covered: 0.0,
        brightness: 0.5,
        sharpness: 0.8,
        speed: 0.0,
    };

    /// Plays `(how long, face)`, 33 ms a frame, and answers with what came of the gesture and when.
    fn play(gesture: Gesture, plot: &[(u64, SeenFace)]) -> (Answer, u64) {
        let (mut neutral, params) = (Neutral::default(), SelfieParams::default());
        (0..10).for_each(|_| neutral.learn(&REST));
        let mut watch = GestureWatch::new(Cue { gesture, rest_ms: 250 }, 0);
        let mut now_ms = 0;
        for (lasts_ms, face) in plot {
            let until_ms = now_ms + lasts_ms;
            while now_ms < until_ms {
                let answer = watch.see(face, &neutral, now_ms, &params);
                if answer != Answer::Open {
                    return (answer, now_ms);
                }
                now_ms += 33;
            }
        }
        (Answer::Open, now_ms)
    }

    fn doing(gesture: Gesture) -> SeenFace {
        match gesture {
            Gesture::Blink => SeenFace { eyes_open: 0.2, ..REST },
            Gesture::TurnLeft => SeenFace { yaw: 24.0, ..REST },
            Gesture::Smile => SeenFace { smile: 0.6, mouth_width: 0.9, ..REST },
        }
    }

    #[test]
    fn each_gesture_is_seen_and_no_other_counts_for_it() {
        for asked in Gesture::ALL {
            for done in Gesture::ALL {
                let (answer, _) = play(asked, &[(600, REST), (450, doing(done)), (600, REST)]);
                assert_eq!(answer == Answer::Satisfied, asked == done, "{asked:?} {done:?}");
            }
        }
    }

    #[test]
    fn rest_comes_first_and_what_began_before_the_prompt_does_not_count() {
        for gesture in Gesture::ALL {
            let (answer, _) = play(gesture, &[(3_000, doing(gesture))]);
            assert_eq!(answer, Answer::Open, "{gesture:?} without rest");
            // Asked after 250 ms of rest; a gesture 60 ms later was under way before.
            let (answer, _) = play(gesture, &[(310, REST), (450, doing(gesture)), (900, REST)]);
            assert_eq!(answer, Answer::Open, "{gesture:?} too soon");
        }
    }

    #[test]
    fn what_nobody_asked_for_ends_the_try_unless_it_passes() {
        use Gesture::{Blink, Smile, TurnLeft};
        for (asked, done, lasts_ms, expected) in [
            (Blink, TurnLeft, 400, Answer::Other),
            (Smile, TurnLeft, 400, Answer::Other),
            (Blink, Smile, 900, Answer::Other),
            (TurnLeft, Smile, 900, Answer::Other),
            (TurnLeft, Blink, 600, Answer::Other),
            (TurnLeft, Smile, 300, Answer::Satisfied),
            (TurnLeft, Blink, 200, Answer::Satisfied),
        ] {
            let plot = [(600, REST), (lasts_ms, doing(done)), (300, REST), (600, doing(asked)), (600, REST)];
            assert_eq!(play(asked, &plot).0, expected, "{asked:?} {done:?}");
        }
    }

    #[test]
    fn a_prompt_waits_for_its_rest_through_blinks_but_not_through_gestures() {
        let asked_after = |first: SeenFace, lasts_ms: u64| {
            let (mut neutral, params) = (Neutral::default(), SelfieParams::default());
            (0..10).for_each(|_| neutral.learn(&REST));
            let mut watch = GestureWatch::new(Cue { gesture: Gesture::Smile, rest_ms: 2_000 }, 0);
            let plot = [(1_000, REST), (lasts_ms, first), (4_000, REST)];
            let faces = plot.iter().flat_map(|(lasts, face)| (0..lasts / 33).map(move |_| face));
            let (mut asked_ms, mut now_ms) = (None, 0);
            for face in faces {
                watch.see(face, &neutral, now_ms, &params);
                asked_ms = asked_ms.or(watch.is_asked().then_some(now_ms));
                now_ms += 33;
            }
            asked_ms.unwrap()
        };
        assert!((1_980..2_100).contains(&asked_after(doing(Gesture::Blink), 150)));
        for gesture in Gesture::ALL {
            assert!(asked_after(doing(gesture), 700) > 3_600, "{gesture:?}");
        }
    }

    #[test]
    fn every_order_of_gestures_is_drawn_evenly_at_any_moment_and_none_twice() {
        #[track_caller]
        fn check(count: usize, sequences: usize) {
            let mut seen: BTreeMap<String, u32> = BTreeMap::new();
            for nth in 0..216_u32 {
                // All of six sides of three dice; every other number is for the rest.
                let mut dice = [nth % 6, nth, nth / 6 % 6, nth, nth / 36, nth].into_iter();
                let cues = Cue::draw(count, || {
                    f64::from(dice.next().unwrap() % 216) / if dice.len() % 2 == 1 { 6.0 } else { 216.0 }
                });
                assert!(cues.iter().all(|cue| (800..3_600).contains(&cue.rest_ms)));
                assert!((1..cues.len()).all(|i| !cues[..i].iter().any(|cue| cue.gesture == cues[i].gesture)));
                let gestures: Vec<Gesture> = cues.iter().map(|cue| cue.gesture).collect();
                *seen.entry(format!("{gestures:?}")).or_default() += 1;
            }
            assert_eq!(seen.len(), sequences);
            assert!(seen.values().all(|times| *times as usize * sequences == 216), "evenly: {seen:?}");
        }
        check(0, 1);
        check(1, 3);
        check(2, 6);
        check(3, 6);
        check(9, 6);
        assert_eq!(Cue::draw(3, || 1.0).len(), 3, "a chance of one is none too many");
    }

    #[test]
    fn eyes_that_blink_by_themselves_or_stay_shut_are_no_answer_and_a_still_face_misses() {
        let shut = doing(Gesture::Blink);
        for lasts_ms in [200, 3_000] {
            let (answer, _) = play(Gesture::Blink, &[(600, REST), (lasts_ms, shut), (500, REST)]);
            assert_eq!(answer, Answer::Open, "{lasts_ms} ms");
        }
        for gesture in Gesture::ALL {
            let (answer, at_ms) = play(gesture, &[(20_000, REST)]);
            assert!(answer == Answer::Missed && (5_000..6_000).contains(&at_ms), "{gesture:?} {at_ms}");
        }
    }
}

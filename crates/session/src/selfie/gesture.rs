//! Gestures: asked for one by one, each seen against the person's own neutral face.
//!
//! Invariants: a gesture counts only after a neutral moment, only when it begins after its prompt could be read, and
//! only one is looked for at a time; a turn that nobody asked for spoils the try. So a picture, and a recording made before the prompts were drawn, answer by chance
//! at best. Deliberately lacks the choice of gestures: whoever asks draws them.

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

    fn is_at_rest(&self, face: &SeenFace, params: &GestureParams) -> bool {
        face.eyes_open > params.open_share * self.eyes_open
            && (face.yaw - self.yaw).abs() < params.turn_degrees / 2.0
            && !self.does(Gesture::Smile, face, params)
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
}

/// Looks for one gesture.
#[derive(Clone, Debug)]
pub(super) struct GestureWatch {
    pub gesture: Gesture,
    /// When it was asked for; `None` while the face is not yet at rest.
    asked_ms: Option<u64>,
    began_ms: u64,
    rest_since_ms: Option<u64>,
    doing_since_ms: Option<u64>,
    /// Since when the head is turned although nobody asked for it.
    turned_since_ms: Option<u64>,
}

impl GestureWatch {
    pub(super) fn new(gesture: Gesture, now_ms: u64) -> Self {
        Self {
            gesture,
            asked_ms: None,
            began_ms: now_ms,
            rest_since_ms: None,
            doing_since_ms: None,
            turned_since_ms: None,
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
        (self.rest_since_ms, self.doing_since_ms) = (None, None);
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
        if self.turns_unasked(face, neutral, now_ms, params) {
            return Answer::Missed;
        }
        let does = neutral.does(self.gesture, face, &params.gestures);
        match (does, self.doing_since_ms) {
            (true, None) => self.doing_since_ms = Some(now_ms),
            (true, Some(since_ms)) if self.gesture != Gesture::Blink => {
                if self.has_lasted(since_ms, now_ms, asked_ms, params) {
                    return Answer::Satisfied;
                }
            }
            (false, Some(since_ms)) if self.gesture == Gesture::Blink => {
                // Between shut and open nothing is said yet.
                if face.eyes_open > params.gestures.open_share * neutral.eyes_open {
                    self.doing_since_ms = None;
                    let is_brief = now_ms.saturating_sub(since_ms) <= params.gestures.blink_ms;
                    if is_brief && since_ms >= asked_ms + params.react_ms {
                        return Answer::Satisfied;
                    }
                }
            }
            (false, Some(_)) => self.doing_since_ms = None,
            (true, Some(_)) | (false, None) => {}
        }
        self.in_time(now_ms, params)
    }

    /// Somebody who was asked for something else and turns away follows another script.
    fn turns_unasked(
        &mut self,
        face: &SeenFace,
        neutral: &Neutral,
        now_ms: u64,
        params: &SelfieParams,
    ) -> bool {
        let turns =
            self.gesture != Gesture::TurnLeft && neutral.does(Gesture::TurnLeft, face, &params.gestures);
        if !turns {
            self.turned_since_ms = None;
            return false;
        }
        let since_ms = *self.turned_since_ms.get_or_insert(now_ms);
        now_ms.saturating_sub(since_ms) >= params.gestures.last_ms
    }

    fn has_lasted(&self, since_ms: u64, now_ms: u64, asked_ms: u64, params: &SelfieParams) -> bool {
        // What was going on before the prompt could be read does not answer it.
        since_ms >= asked_ms + params.react_ms && now_ms.saturating_sub(since_ms) >= params.gestures.last_ms
    }

    fn wait_for_rest(&mut self, face: &SeenFace, neutral: &Neutral, now_ms: u64, params: &SelfieParams) {
        if !neutral.is_at_rest(face, &params.gestures) {
            self.rest_since_ms = None;
            return;
        }
        let since_ms = *self.rest_since_ms.get_or_insert(now_ms);
        if now_ms.saturating_sub(since_ms) >= params.neutral_ms {
            self.asked_ms = Some(now_ms);
        }
    }

    fn in_time(&self, now_ms: u64, params: &SelfieParams) -> Answer {
        // Somebody who never comes to rest is not waited for for ever either.
        let since_ms = self.asked_ms.unwrap_or(self.began_ms);
        if now_ms.saturating_sub(since_ms) > params.gesture_ms { Answer::Missed } else { Answer::Open }
    }
}

#[cfg(test)]
mod tests {
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
        let mut watch = GestureWatch::new(gesture, 0);
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
                let (answer, _) = play(asked, &[(600, REST), (300, doing(done)), (600, REST)]);
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
            let (answer, _) = play(gesture, &[(310, REST), (150, doing(gesture)), (900, REST)]);
            assert_eq!(answer, Answer::Open, "{gesture:?} too soon");
        }
    }

    #[test]
    fn a_turn_that_nobody_asked_for_spoils_the_try() {
        for (gesture, expected) in [(Gesture::Blink, Answer::Missed), (Gesture::Smile, Answer::Missed)] {
            let (answer, _) =
                play(gesture, &[(600, REST), (400, doing(Gesture::TurnLeft)), (600, doing(gesture))]);
            assert_eq!(answer, expected, "{gesture:?}");
        }
    }

    #[test]
    fn shut_eyes_are_no_blink_and_a_still_face_misses() {
        let shut = doing(Gesture::Blink);
        let (answer, _) = play(Gesture::Blink, &[(600, REST), (1_500, shut), (500, REST)]);
        assert_eq!(answer, Answer::Open);
        for gesture in Gesture::ALL {
            let (answer, at_ms) = play(gesture, &[(20_000, REST)]);
            assert!(answer == Answer::Missed && (5_000..6_000).contains(&at_ms), "{gesture:?} {at_ms}");
        }
    }
}

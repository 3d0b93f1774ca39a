//! A customer, a camera and a reader around the machine.

use ktp::Field;
use session::{
    CardParams, CardPhase, CardSession, CardSessionView, Effect, End, Input, Observation, ReadOutcome, Sight,
};

/// A card as it should be held.
pub fn good() -> Observation {
    Observation {
        sight: Sight::Ktp,
        width_share: 0.7,
        perspective_degrees: 3.0,
        rotation_degrees: 1.0,
        motion: 0.02,
        sharpness: 0.8,
        brightness: 0.75,
        ..Observation::default()
    }
}

/// The good card with something changed.
pub fn with(change: impl FnOnce(&mut Observation)) -> Observation {
    let mut seen = good();
    change(&mut seen);
    seen
}

/// The good card with a finger on its NIK.
pub fn nik_hidden() -> Observation {
    with(|seen| seen.covered_fields = vec![Field::Nik])
}

/// A session with the frames it wants kept, as its owner keeps them.
pub struct Bench {
    pub session: CardSession,
    pub now_ms: u64,
    pub kept: Vec<Observation>,
    /// Times at which reading was ordered.
    pub reads_ms: Vec<u64>,
    pub ended: Option<End>,
}

impl Bench {
    pub fn new() -> Self {
        let session = CardSession::new(CardParams::default());
        Self { session, now_ms: 0, kept: Vec::new(), reads_ms: Vec::new(), ended: None }
    }

    /// Hands in one input and does what is ordered; what must never be ordered fails here.
    pub fn give(&mut self, input: Input) -> CardSessionView {
        let seen = match &input {
            Input::Observed(seen) => Some(seen.clone()),
            _ => None,
        };
        for effect in self.session.handle(input, self.now_ms) {
            assert_eq!(self.ended, None, "nothing is ordered after the end");
            match effect {
                Effect::Keep => self.kept.push(seen.clone().expect("only what was observed can be kept")),
                Effect::Forget => self.kept.clear(),
                Effect::Read => {
                    assert!(!self.kept.is_empty(), "there is something to read");
                    assert!(self.kept.iter().all(|kept| !kept.hides_nik()), "no hidden NIK is read");
                    self.reads_ms.push(self.now_ms);
                }
                Effect::Finish(end) => {
                    assert!(end == End::Taken || self.kept.is_empty(), "only a taken card stays in memory");
                    self.ended = Some(end);
                }
            }
        }
        let view = self.session.view();
        assert_eq!(matches!(view.phase, CardPhase::Ended(_)), self.ended.is_some());
        assert!((0.0..=1.0).contains(&view.hold));
        assert!(view.retry.as_ref().is_none_or(|retry| !retry.reasons.is_empty()));
        view
    }

    /// Shows the same thing for a while at a camera's pace; answers with what is on the screen in the end.
    pub fn show(&mut self, seen: &Observation, for_ms: u64, spacing_ms: u64) -> CardSessionView {
        let until_ms = self.now_ms + for_ms;
        let mut view = self.session.view();
        while self.now_ms < until_ms {
            self.now_ms += spacing_ms;
            view = self.give(Input::Observed(seen.clone()));
        }
        view
    }

    pub fn wait(&mut self, for_ms: u64) -> CardSessionView {
        let until_ms = self.now_ms + for_ms;
        while self.now_ms < until_ms {
            self.now_ms += 100;
            self.give(Input::Tick);
        }
        self.session.view()
    }

    pub fn read(&mut self, outcome: ReadOutcome) -> CardSessionView {
        self.give(Input::ReadingDone(outcome))
    }
}

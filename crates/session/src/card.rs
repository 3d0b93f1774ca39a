//! The machine: searching and guiding → holding → burst → reading → taken, or advice and another try.
//!
//! Invariant: frames are kept only while nothing hides their NIK, and everything kept is forgotten before another try.
//! Deliberately lacks judgement of frames ([`crate::judge`]) and of hints' times ([`crate::board`]).

use crate::board::Board;
use crate::hint::{Hint, HintCode, Retry};
use crate::judge::problems;
use crate::observation::Observation;
use crate::params::CardParams;
use crate::patience::Patience;
use crate::recent::Recent;
use crate::settling::Settling;
use crate::steady::{Steady, Step};
use crate::time::SessionClock;
use crate::view::{CardPhase, CardSessionView, ReadingProgress};

/// What happens to a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A frame was looked at.
    Observed(Observation),
    /// The camera gives no frames any more.
    CameraLost,
    /// It gives frames again.
    CameraBack,
    /// Take the picture now. Ignored unless it is offered.
    Shutter,
    /// Go on after a failed try.
    TryAgain,
    /// Give up.
    Cancel,
    /// So many frames are read.
    ReadingProgress(ReadingProgress),
    /// Reading is over.
    ReadingDone(ReadOutcome),
    /// Nothing but the passing of time. To be sent a few times a second when nothing else comes.
    Tick,
}

/// What came of reading the kept frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// Good enough: the NIK can be trusted.
    Read,
    /// Not good enough; what actually failed.
    Failed(Retry),
    /// Reading itself broke.
    Broke,
}

/// What is to be done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Drop all kept frames.
    Forget,
    /// Keep the frame that was just observed: it may be read. Whoever keeps them may drop the worse ones.
    Keep,
    /// Read what was kept, and say so with [`Input::ReadingDone`].
    Read,
    /// It is over.
    Finish(End),
}

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The card was read.
    Taken,
    /// Somebody gave up.
    Cancelled,
    /// Nobody got any further.
    TimedOut,
    /// Reading broke.
    Broken,
}

#[derive(Clone, Debug)]
enum State {
    Looking,
    Burst { since_ms: u64, by_hand: bool },
    Reading { since_ms: u64, progress: ReadingProgress, outcome: Option<ReadOutcome> },
    Advice { since_ms: u64, retry: Retry },
    Ended(End),
}

/// One guided capture of one card.
#[derive(Clone, Debug)]
pub struct CardSession {
    params: CardParams,
    clock: SessionClock,
    state: State,
    board: Board,
    recent: Recent,
    settling: Settling,
    steady: Steady,
    patience: Patience,
    /// Codes found in the last frame, for the limits' play.
    found: Vec<HintCode>,
    /// Problems of the frames of a burst by hand: the reasons if none of them can be kept.
    hand_problems: Vec<HintCode>,
    kept: u32,
    failed_tries: u32,
    is_camera_lost: bool,
}

impl CardSession {
    /// A session that begins with its first input.
    #[must_use]
    pub fn new(params: CardParams) -> Self {
        Self {
            params,
            clock: SessionClock::default(),
            state: State::Looking,
            board: Board::new(),
            recent: Recent::default(),
            settling: Settling::default(),
            steady: Steady::default(),
            patience: Patience::from(0),
            found: Vec::new(),
            hand_problems: Vec::new(),
            kept: 0,
            failed_tries: 0,
            is_camera_lost: false,
        }
    }

    /// Takes in what happened at `now_ms` (of any clock) and says what to do.
    pub fn handle(&mut self, input: Input, now_ms: u64) -> Vec<Effect> {
        let now_ms = self.clock.advance(now_ms, self.params.step_ms);
        let mut effects = Vec::new();
        if !matches!(self.state, State::Ended(_)) {
            self.take_in(input, now_ms, &mut effects);
            self.let_time_pass(now_ms, &mut effects);
        }
        effects
    }

    fn take_in(&mut self, input: Input, now_ms: u64, effects: &mut Vec<Effect>) {
        match input {
            Input::Observed(seen) => {
                self.is_camera_lost = false;
                self.observe(&seen.sane(), now_ms, effects);
            }
            Input::CameraLost => self.lose_camera(now_ms, effects),
            Input::CameraBack => self.is_camera_lost = false,
            Input::Shutter if self.offers_shutter() => self.begin_by_hand(now_ms, effects),
            Input::TryAgain if matches!(self.state, State::Advice { .. }) => self.look(now_ms, effects),
            Input::Cancel => self.end(End::Cancelled, effects),
            Input::ReadingProgress(told) => {
                if let State::Reading { progress, .. } = &mut self.state {
                    *progress = told;
                }
            }
            Input::ReadingDone(told) => {
                if let State::Reading { outcome, .. } = &mut self.state {
                    *outcome = Some(told);
                }
            }
            Input::Shutter | Input::TryAgain | Input::Tick => {}
        }
    }

    fn observe(&mut self, seen: &Observation, now_ms: u64, effects: &mut Vec<Effect>) {
        let by_hand = match self.state {
            State::Looking => false,
            State::Burst { by_hand, .. } => by_hand,
            State::Reading { .. } | State::Advice { .. } | State::Ended(_) => return,
        };
        let lenient = self.patience.is_lenient(now_ms, &self.params);
        let problems = problems(seen, &self.found, lenient, &self.params);
        self.found = problems.iter().map(|hint| hint.code).collect();
        let step = self.steady.step(problems.is_empty(), seen.hides_nik(), now_ms, &self.params);
        if self.settling.counts(seen, now_ms, &self.params) {
            self.recent.push(now_ms, problems, &self.params);
        }
        if let Some(believed) = self.recent.believed(&self.params) {
            self.patience.learn(believed.code, now_ms);
            self.board.offer(believed, now_ms, &self.params);
        }
        if by_hand {
            self.keep_by_hand(seen.hides_nik(), effects);
        } else {
            self.keep_steady(step, effects);
        }
    }

    /// Keeps the frames of a run in which all is well; a broken run's are forgotten.
    fn keep_steady(&mut self, step: Step, effects: &mut Vec<Effect>) {
        match step {
            Step::Well => self.keep(effects),
            Step::Blip => {}
            Step::Broken => {
                self.forget(effects);
                self.state = State::Looking;
            }
        }
    }

    /// By hand every frame is kept whose NIK is not seen to be hidden: the person may know better than we do.
    fn keep_by_hand(&mut self, hides_nik: bool, effects: &mut Vec<Effect>) {
        self.hand_problems.extend(&self.found);
        if hides_nik {
            self.forget(effects);
        } else {
            self.keep(effects);
        }
    }

    fn begin_by_hand(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        self.forget(effects);
        self.hand_problems.clear();
        self.state = State::Burst { since_ms: now_ms, by_hand: true };
    }

    fn lose_camera(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        self.is_camera_lost = true;
        if matches!(self.state, State::Looking | State::Burst { .. }) {
            self.forget(effects);
            self.steady.stop();
            self.recent.clear();
            self.state = State::Looking;
            self.board.offer(Hint::plain(HintCode::CameraLost), now_ms, &self.params);
        }
    }

    /// What happens by itself, after every input.
    fn let_time_pass(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let params = &self.params;
        let age_ms = |since_ms: u64| now_ms.saturating_sub(since_ms);
        match &mut self.state {
            State::Looking if self.patience.is_over(now_ms, params) || now_ms >= params.session_ms => {
                self.end(End::TimedOut, effects);
            }
            State::Looking if self.steady.lasted_ms(now_ms) >= params.hold_ms => {
                self.state = State::Burst { since_ms: now_ms, by_hand: false };
                self.end_burst(now_ms, effects);
            }
            State::Burst { .. } => self.end_burst(now_ms, effects),
            State::Reading { since_ms, outcome, .. } if age_ms(*since_ms) >= params.captured_ms => {
                let is_late = age_ms(*since_ms) >= params.reading_ms;
                let outcome = outcome.take().or(is_late.then_some(ReadOutcome::Broke));
                self.end_reading(outcome, now_ms, effects);
            }
            State::Advice { since_ms, .. } if age_ms(*since_ms) >= params.advice_ms => {
                self.look(now_ms, effects);
            }
            State::Looking | State::Reading { .. } | State::Advice { .. } | State::Ended(_) => {}
        }
    }

    /// A burst ends with enough frames, or with its time.
    fn end_burst(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let State::Burst { since_ms, by_hand } = self.state else { return };
        let params = &self.params;
        let (limit_ms, least) =
            if by_hand { (params.hand_burst_ms, 1) } else { (params.burst_ms, params.burst_least) };
        let is_over = now_ms.saturating_sub(since_ms) >= limit_ms;
        if self.kept >= params.burst_frames || is_over && self.kept >= least {
            self.board.offer(Hint::plain(HintCode::Captured), now_ms, params);
            let progress = ReadingProgress::default();
            self.state = State::Reading { since_ms: now_ms, progress, outcome: None };
            effects.push(Effect::Read);
        } else if is_over && by_hand {
            let retry = self.why_nothing_was_kept();
            self.fail(retry, now_ms, effects);
        } else if is_over {
            self.forget(effects);
            self.steady.stop();
            self.state = State::Looking;
        }
    }

    fn why_nothing_was_kept(&mut self) -> Retry {
        let mut reasons = std::mem::take(&mut self.hand_problems);
        reasons.sort_unstable();
        reasons.dedup();
        let fields = if reasons.is_empty() { Vec::new() } else { vec![ktp::Field::Nik] };
        if reasons.is_empty() {
            reasons.push(HintCode::CameraLost);
        }
        Retry { reasons, fields }
    }

    fn end_reading(&mut self, outcome: Option<ReadOutcome>, now_ms: u64, effects: &mut Vec<Effect>) {
        match outcome {
            Some(ReadOutcome::Read) => self.end(End::Taken, effects),
            Some(ReadOutcome::Broke) => self.end(End::Broken, effects),
            Some(ReadOutcome::Failed(retry)) => self.fail(retry, now_ms, effects),
            None => {}
        }
    }

    fn fail(&mut self, mut retry: Retry, now_ms: u64, effects: &mut Vec<Effect>) {
        if retry.reasons.is_empty() {
            retry.reasons.push(HintCode::Blurry);
        }
        self.failed_tries = self.failed_tries.saturating_add(1);
        self.forget(effects);
        self.state = State::Advice { since_ms: now_ms, retry };
    }

    /// Another try.
    fn look(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        self.forget(effects);
        self.state = State::Looking;
        self.board = Board::new();
        self.recent.clear();
        self.steady.stop();
        self.patience = Patience::from(now_ms);
        if self.is_camera_lost {
            self.board.offer(Hint::plain(HintCode::CameraLost), now_ms, &self.params);
        }
    }

    fn end(&mut self, end: End, effects: &mut Vec<Effect>) {
        if end != End::Taken {
            self.forget(effects);
        }
        self.state = State::Ended(end);
        effects.push(Effect::Finish(end));
    }

    fn keep(&mut self, effects: &mut Vec<Effect>) {
        self.kept = self.kept.saturating_add(1);
        effects.push(Effect::Keep);
    }

    fn forget(&mut self, effects: &mut Vec<Effect>) {
        if self.kept > 0 {
            self.kept = 0;
            effects.push(Effect::Forget);
        }
    }

    fn offers_shutter(&self) -> bool {
        let is_time = self.patience.wants_shutter(self.clock.now_ms(), &self.params)
            || self.failed_tries >= self.params.shutter_tries;
        matches!(self.state, State::Looking) && is_time && !self.is_camera_lost
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> CardSessionView {
        let now_ms = self.clock.now_ms();
        let share = self.steady.lasted_ms(now_ms) as f32 / self.params.hold_ms.max(1) as f32;
        let (phase, hold, retry, reading) = match &self.state {
            State::Looking if self.steady.is_under_way() => (CardPhase::Holding, share.min(1.0), None, None),
            State::Looking => (CardPhase::Looking, 0.0, None, None),
            State::Burst { .. } => (CardPhase::Burst, 1.0, None, None),
            State::Reading { since_ms, progress, .. } => {
                let is_fresh = now_ms.saturating_sub(*since_ms) < self.params.captured_ms;
                let phase = if is_fresh { CardPhase::Captured } else { CardPhase::Reading };
                (phase, 1.0, None, Some(*progress))
            }
            State::Advice { retry, .. } => (CardPhase::Advice, 0.0, Some(retry.clone()), None),
            State::Ended(end) => (CardPhase::Ended(*end), 0.0, None, None),
        };
        CardSessionView {
            phase,
            hint: self.board.shown().clone(),
            hold,
            offers_help: matches!(self.state, State::Looking)
                && self.patience.wants_help(now_ms, &self.params),
            offers_shutter: self.offers_shutter(),
            failed_tries: self.failed_tries,
            retry,
            reading,
        }
    }
}

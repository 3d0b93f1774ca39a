//! Frame by frame: analysis → observation → machine → orders.
//!
//! Invariant: no clock and no thread of its own; the same frames at the same times give the same orders. A job that is
//! ordered must be answered with [`GuidedCard::answer`].

use std::sync::Arc;

use frame::Frame;
use inference::RunError;
use jiff::civil::Date;
use session::{CardParams, CardSession, CardSessionView, Effect, End, Input, Observation, ReadOutcome};
use vision::ReadError;
use vision::live::{Analysis, LiveAnalyser};

use super::burst::{Burst, BurstParams};
use super::gate::ReadGate;
use super::observe::observation;
use super::read::{ReadAnswer, ReadJob, TakenCard};

/// How a card is guided, chosen and accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GuidedParams {
    /// Hints and times.
    pub card: CardParams,
    /// Frames of a burst.
    pub burst: BurstParams,
    /// What a taken card must have.
    pub gate: ReadGate,
}

/// What its owner is to do.
#[derive(Debug)]
pub enum Order {
    /// Read this, here or elsewhere, and hand in the answer.
    Read(ReadJob),
    /// It is over; after [`End::Taken`] the card can be fetched.
    Finish(End),
}

/// What is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct GuidedView {
    /// The machine.
    pub session: CardSessionView,
    /// What was seen in the last frame; `None` before the first.
    pub analysis: Option<Arc<Analysis>>,
    /// Width and height of that frame, in pixels.
    pub frame_px: (u32, u32),
}

/// One guided capture.
pub struct GuidedCard {
    analyser: LiveAnalyser,
    session: CardSession,
    burst: Burst,
    taken: Option<Box<TakenCard>>,
    analysis: Option<Arc<Analysis>>,
    frame_px: (u32, u32),
    today: Date,
    params: GuidedParams,
}

impl GuidedCard {
    /// A capture that begins with the first frame. The card is judged on `today`.
    #[must_use]
    pub fn new(analyser: LiveAnalyser, today: Date, params: GuidedParams) -> Self {
        Self {
            analyser,
            session: CardSession::new(params.card.clone()),
            burst: Burst::default(),
            taken: None,
            analysis: None,
            frame_px: (0, 0),
            today,
            params,
        }
    }

    /// Looks at a frame. An error means that the nets failed, not that the frame is poor.
    pub fn see(&mut self, frame: &Frame, at_ms: u64) -> Result<Vec<Order>, RunError> {
        let analysis = self.analyser.analyse(frame, at_ms)?;
        let seen = observation(&analysis);
        self.analysis = Some(Arc::new(analysis));
        self.frame_px = (frame.width(), frame.height());
        let effects = self.session.handle(Input::Observed(seen.clone()), at_ms);
        Ok(self.carry_out(effects, Some((frame, at_ms, &seen))))
    }

    /// Tells of anything but frames and readings: wishes, the camera, the passing of time.
    pub fn tell(&mut self, input: Input, now_ms: u64) -> Vec<Order> {
        if input == Input::CameraLost {
            self.analyser.forget();
            self.analysis = None;
        }
        let effects = self.session.handle(input, now_ms);
        self.carry_out(effects, None)
    }

    /// Takes in what came of a job.
    pub fn answer(&mut self, answer: Result<ReadAnswer, ReadError>, now_ms: u64) -> Vec<Order> {
        let outcome = match answer {
            Ok(ReadAnswer::Taken(card)) => {
                self.taken = Some(card);
                ReadOutcome::Read
            }
            Ok(ReadAnswer::Failed(retry)) => ReadOutcome::Failed(retry),
            Ok(ReadAnswer::Abandoned) => return Vec::new(),
            Err(error) => {
                tracing::error!(%error, "reading a burst failed");
                ReadOutcome::Broke
            }
        };
        self.tell(Input::ReadingDone(outcome), now_ms)
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> GuidedView {
        GuidedView { session: self.session.view(), analysis: self.analysis.clone(), frame_px: self.frame_px }
    }

    /// The card, once, after [`End::Taken`].
    pub fn take(&mut self) -> Option<TakenCard> {
        self.taken.take().map(|card| *card)
    }

    fn carry_out(&mut self, effects: Vec<Effect>, seen: Option<(&Frame, u64, &Observation)>) -> Vec<Order> {
        let mut orders = Vec::new();
        for effect in effects {
            match effect {
                Effect::Keep => {
                    if let Some((frame, at_ms, seen)) = seen {
                        self.burst.keep(frame, at_ms, seen, self.params.burst);
                    }
                }
                Effect::Forget => self.burst.forget(),
                Effect::Read => {
                    let tries = self.session.view().failed_tries;
                    orders.push(Order::Read(ReadJob::new(
                        self.burst.take(),
                        self.params.gate,
                        tries,
                        self.today,
                    )));
                }
                Effect::Finish(end) => {
                    if end != End::Taken {
                        self.taken = None;
                    }
                    orders.push(Order::Finish(end));
                }
            }
        }
        orders
    }
}

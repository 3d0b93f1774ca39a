//! One script, played in simulated time.
//!
//! Frames come at 30 a second. An analysis is taken to last [`ANALYSIS_MS`] whatever it lasts here; what it decides is on
//! the screen after that, and of the frames that came meanwhile the newest is looked at next, as in the window.
//! Invariant: nothing but the measured milliseconds depends on the machine. Deliberately absent: judging.

use camera::scene::{Scene, SceneTruth};
use engine::live::{
    GuidedCard, GuidedParams, GuidedView, Order, ReadAnswer, ReadJob, SharedReader, TakenCard,
};
use jiff::civil::Date;
use session::{CardPhase, Hint, Input};
use vision::live::LiveAnalyser;

use super::plan::Plan;

/// How long one analysis is taken to last: twice what 95 of 100 may take, as on a machine that is busy with other things.
/// Of 30 frames a second 20 are looked at.
const ANALYSIS_MS: u64 = 50;
/// How long reading a burst in vain is taken to last: eight frames of a quarter of a second.
const READING_MS: u64 = 2_000;
/// A person reads a failed try's advice this long before going on.
const ADVICE_MS: u64 = 1_000;
/// The play ends so long after the script's last cue.
const AFTER_MS: u64 = 4_000;
/// The day on which the cards are judged.
const TODAY: Date = Date::constant(2026, 9, 1);

/// What is on the screen from a moment on.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub at_ms: u64,
    pub hint: Hint,
}

/// A burst that was read.
#[derive(Debug)]
pub struct Attempt {
    /// When its last frame had been looked at.
    pub at_ms: u64,
    /// When its frames were taken.
    pub frames_ms: Vec<u64>,
    /// Whether the reading was accepted.
    pub was_accepted: bool,
}

/// A script as it went.
#[derive(Debug, Default)]
pub struct Played {
    /// Hints in order; the first is there from the start.
    pub shown: Vec<Shown>,
    /// The truth of every frame up to the end, whether it was looked at or not.
    pub truths: Vec<SceneTruth>,
    /// Bursts in order.
    pub attempts: Vec<Attempt>,
    /// The card that was taken, if one was.
    pub taken: Option<TakenCard>,
    /// Measured milliseconds of each analysis.
    pub took_ms: Vec<f64>,
}

/// Looks on: the frame's truth, and what was seen and shown.
pub type Watch<'a> = &'a mut dyn FnMut(&SceneTruth, &GuidedView);

/// Plays a script to its end: a card is taken, or time is up.
///
/// `watch` sees what is shown after every frame that was looked at.
pub fn play(plan: &Plan, reader: &SharedReader, watch: Watch<'_>) -> anyhow::Result<Played> {
    let analyser = LiveAnalyser::load(reader.source())?;
    let mut stage = Stage {
        card: GuidedCard::new(analyser, TODAY, GuidedParams::default()),
        reader,
        played: Played::default(),
        reading: None,
        advised_ms: None,
    };
    let mut scene = Scene::new(&plan.script, plan.seed);
    let end_ms = plan.script.end_ms() + AFTER_MS;
    let (mut now_ms, mut number) = (0, 0);
    while now_ms < end_ms {
        // The newest frame there is, or else the next.
        while taken_ms(number + 1) <= now_ms {
            stage.played.truths.push(scene.truth_at(taken_ms(number)));
            number += 1;
        }
        let at_ms = taken_ms(number);
        let truth = scene.truth_at(at_ms);
        number += 1;
        now_ms = now_ms.max(at_ms) + ANALYSIS_MS;
        let is_over = stage.look(&mut scene, at_ms, now_ms)?;
        watch(&truth, &stage.card.view());
        stage.played.truths.push(truth);
        if is_over {
            break;
        }
    }
    Ok(stage.played)
}

fn taken_ms(number: u64) -> u64 {
    number * 1_000 / 30
}

struct Stage<'a> {
    card: GuidedCard,
    reader: &'a SharedReader,
    played: Played,
    /// What reading will answer, and when.
    reading: Option<(u64, ReadAnswer)>,
    advised_ms: Option<u64>,
}

impl Stage<'_> {
    /// Looks at one frame; answers whether it is over: with a card that was read there is nothing more to judge.
    fn look(&mut self, scene: &mut Scene, at_ms: u64, now_ms: u64) -> anyhow::Result<bool> {
        let mut orders = self.card.see(&scene.frame_at(at_ms), at_ms)?;
        if let Some(analysis) = self.card.view().analysis {
            self.played.took_ms.push(analysis.took.as_secs_f64() * 1e3);
        }
        if let Some((_, answer)) = self.reading.take_if(|(ready_ms, _)| *ready_ms <= now_ms) {
            orders.extend(self.card.answer(Ok(answer), now_ms));
        }
        orders.extend(self.go_on(now_ms));
        let view = self.card.view();
        if self.played.shown.last().is_none_or(|last| last.hint != view.session.hint) {
            self.played.shown.push(Shown { at_ms: now_ms, hint: view.session.hint });
        }
        for order in orders {
            match order {
                Order::Read(job) => self.read(job, now_ms)?,
                Order::Finish(_) => return Ok(true),
            }
        }
        Ok(self.played.taken.is_some())
    }

    /// After a failed try a person reads what was wrong and goes on.
    fn go_on(&mut self, now_ms: u64) -> Vec<Order> {
        if self.card.view().session.phase != CardPhase::Advice {
            self.advised_ms = None;
            return Vec::new();
        }
        let since_ms = *self.advised_ms.get_or_insert(now_ms);
        if now_ms < since_ms + ADVICE_MS { Vec::new() } else { self.card.tell(Input::TryAgain, now_ms) }
    }

    fn read(&mut self, job: ReadJob, now_ms: u64) -> anyhow::Result<()> {
        let frames_ms = job.taken_at_ms();
        let answer = job.run(&*self.reader.get()?, &mut |_| true)?;
        let was_accepted = matches!(answer, ReadAnswer::Taken(_));
        self.played.attempts.push(Attempt { at_ms: now_ms, frames_ms, was_accepted });
        match answer {
            ReadAnswer::Taken(card) => self.played.taken = Some(*card),
            ReadAnswer::Failed(_) | ReadAnswer::Abandoned => {
                self.reading = Some((now_ms + READING_MS, answer));
            }
        }
        Ok(())
    }
}

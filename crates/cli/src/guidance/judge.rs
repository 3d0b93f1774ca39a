//! Was the right hint there in time, was the picture taken in time, and was it the right picture?
//!
//! A cause counts while it is the most important of those surely there. Its hint must be on the screen [`HINT_MS`] after
//! it began to be. One thing puts that off: a hint stays 1.5 s, so one that was right when it came is given its time.
//! A hint that never was right excuses nothing. Causes that pass sooner than they had to be named are not counted.
//! Invariant: the truth decides, never what was measured. Deliberately absent: playing.

use std::fmt;

use camera::scene::{CardTruth, SceneTruth, Thing};
use ktp::Field;
use session::HintCode;

use super::causes::Causes;
use super::plan::{Plan, Trouble};
use super::play::{Attempt, Played};

/// The right hint must be there so long after its cause began.
const HINT_MS: u64 = 500;
/// A hint that asks for something stays so long: the guide's rule.
const HELD_MS: u64 = 1_500;
/// What is held longer is late: a frame and its analysis.
const GRACE_MS: u64 = 90;
/// A hint answers a cause that was there up to so long before.
const ANSWERS_MS: u64 = 500;
/// The picture must be taken so long after the card is held well.
const CAPTURE_MS: u64 = 1_500;
/// Speed is that over so many frames to either side: a shaken card stands still for moments.
const SPEED_FRAMES: usize = 4;
/// A NIK of which more than this is hidden cannot be read: half of one of its digits.
const HIDDEN_NIK: f32 = 0.03;

/// One cause and how its hint fared.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseVerdict {
    pub code: HintCode,
    pub began_ms: u64,
    /// How long its hint took; `None` if it did not come before the cause ended.
    pub took_ms: Option<u64>,
    /// Whether an earlier hint that was right had to be shown first.
    pub was_deferred: bool,
    pub was_in_time: bool,
    /// What was on the screen instead when time was up.
    pub instead: Option<HintCode>,
}

impl fmt::Display for CauseVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.was_in_time { "" } else { "late " };
        let late = if self.was_deferred { " deferred" } else { "" };
        write!(f, "{mark}{:?}@{} {:?}{late}", self.code, self.began_ms, self.took_ms)?;
        self.instead.map_or(Ok(()), |code| write!(f, " instead {code:?}"))
    }
}

/// How the capture fared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CaptureVerdict {
    /// When the card began to be held well; `None` if it never was for long enough to take it.
    pub well_ms: Option<u64>,
    /// When a picture was taken that could be read.
    pub taken_ms: Option<u64>,
    /// Pictures that were taken and could not be read.
    pub refused: usize,
}

impl CaptureVerdict {
    /// Whether it was taken in time; `None` if that is not the question.
    pub fn was_in_time(self) -> Option<bool> {
        match (self.well_ms, self.taken_ms) {
            (Some(well_ms), Some(taken_ms)) => Some(taken_ms <= well_ms + CAPTURE_MS),
            (Some(_), None) => Some(false),
            (None, Some(_)) => Some(true),
            (None, None) => None,
        }
    }
}

/// Why a capture is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Another NIK than the card's.
    Nik,
    /// The NIK was hidden in a frame of the burst.
    HiddenNik,
    /// It was no KTP.
    NoKtp,
}

/// A judged script.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub number: usize,
    pub troubles: Vec<Trouble>,
    pub causes: Vec<CauseVerdict>,
    pub capture: CaptureVerdict,
    pub wrong: Option<Wrong>,
    /// Of the fields answered in the capture, how many are not as printed, and how many there are.
    pub fields: (usize, usize),
    /// Milliseconds during which a hint was shown that nothing justified, and all.
    pub unjustified_ms: (u64, u64),
    pub took_ms: Vec<f64>,
}

/// Judges a script that was played.
pub fn judge(plan: &Plan, played: &Played) -> Verdict {
    let line = Line::of(played);
    Verdict {
        number: plan.number,
        troubles: plan.troubles.clone(),
        causes: line.causes(),
        capture: line.capture(),
        wrong: wrong(plan, played),
        fields: fields(plan, played),
        unjustified_ms: line.unjustified_ms(),
        took_ms: played.took_ms.clone(),
    }
}

/// Truth and screen side by side, frame by frame.
struct Line<'a> {
    played: &'a Played,
    causes: Vec<Causes>,
    times_ms: Vec<u64>,
}

impl<'a> Line<'a> {
    fn of(played: &'a Played) -> Self {
        // After the first picture that is read nothing is guided any more.
        let end_ms = played.attempts.first().map_or(u64::MAX, |attempt| attempt.at_ms);
        let truths: Vec<&SceneTruth> =
            played.truths.iter().take_while(|truth| truth.at_ms <= end_ms).collect();
        let speed = |at: usize| {
            let near = &truths[at.saturating_sub(SPEED_FRAMES)..(at + SPEED_FRAMES + 1).min(truths.len())];
            near.iter().map(|truth| truth.speed).sum::<f32>() / near.len() as f32
        };
        let causes = (0..truths.len()).map(|at| Causes::of(truths[at], speed(at))).collect();
        Self { played, causes, times_ms: truths.iter().map(|truth| truth.at_ms).collect() }
    }

    /// What is on the screen at a moment, and since when.
    fn shown(&self, at_ms: u64) -> Option<&super::play::Shown> {
        self.played.shown.iter().rev().find(|shown| shown.at_ms <= at_ms)
    }

    fn at(&self, at_ms: u64) -> usize {
        self.times_ms.partition_point(|time_ms| *time_ms <= at_ms).saturating_sub(1)
    }

    /// Stretches of frames with the same most important cause: from, to (excluded).
    fn stretches(&self) -> Vec<(HintCode, usize, usize)> {
        let mut found = Vec::new();
        let mut from = 0;
        for to in 1..=self.causes.len() {
            if to == self.causes.len() || self.causes[to].primary() != self.causes[from].primary() {
                found.extend(self.causes[from].primary().map(|code| (code, from, to)));
                from = to;
            }
        }
        found
    }

    fn causes(&self) -> Vec<CauseVerdict> {
        // What is there from the first frame on did not begin.
        self.stretches()
            .into_iter()
            .filter(|(_, from, _)| *from > 0)
            .filter_map(|it| self.cause(it))
            .collect()
    }

    fn cause(&self, (code, from, to): (HintCode, usize, usize)) -> Option<CauseVerdict> {
        let began_ms = self.times_ms[from];
        let ended_ms = self.times_ms[to - 1];
        let (deadline_ms, was_deferred) = self.deadline(began_ms);
        if ended_ms < deadline_ms {
            return None;
        }
        let changes = self.played.shown.iter().map(|shown| shown.at_ms);
        let right_ms = std::iter::once(began_ms)
            .chain(changes.filter(|at_ms| (began_ms..=ended_ms).contains(at_ms)))
            .find(|at_ms| self.is_right(*at_ms));
        let was_in_time = right_ms.is_some_and(|at_ms| at_ms <= deadline_ms);
        Some(CauseVerdict {
            code,
            began_ms,
            took_ms: right_ms.map(|at_ms| at_ms - began_ms),
            was_deferred,
            was_in_time,
            instead: if was_in_time { None } else { self.shown(deadline_ms).map(|shown| shown.hint.code) },
        })
    }

    /// Whether what is on the screen is right for what is wrong at that moment.
    fn is_right(&self, at_ms: u64) -> bool {
        self.shown(at_ms).is_some_and(|shown| self.causes[self.at(at_ms)].allows(&shown.hint))
    }

    /// Until when the hint for a cause must be there, and whether an earlier hint puts that off.
    fn deadline(&self, began_ms: u64) -> (u64, bool) {
        let deadline_ms = began_ms + HINT_MS;
        let Some(shown) = self.shown(deadline_ms) else { return (deadline_ms, false) };
        if self.is_right(deadline_ms) {
            return (deadline_ms, false);
        }
        let until_ms = shown.at_ms + HELD_MS + GRACE_MS;
        let is_put_off = shown.hint.code != HintCode::Hold && until_ms > deadline_ms && self.was_right(shown);
        if is_put_off { (until_ms, true) } else { (deadline_ms, false) }
    }

    /// Whether a hint answered a cause when it came up.
    fn was_right(&self, shown: &super::play::Shown) -> bool {
        let frames = self.at(shown.at_ms.saturating_sub(ANSWERS_MS))..=self.at(shown.at_ms);
        self.causes[frames].iter().any(|causes| causes.includes(&shown.hint))
    }

    fn capture(&self) -> CaptureVerdict {
        let attempts = &self.played.attempts;
        let accepted = attempts.iter().find(|attempt| attempt.was_accepted);
        CaptureVerdict {
            well_ms: self.well_ms(),
            taken_ms: accepted.map(|attempt| attempt.at_ms),
            refused: attempts.iter().filter(|attempt| !attempt.was_accepted).count(),
        }
    }

    /// When the first stretch began in which all was well until the picture was taken or had to be.
    fn well_ms(&self) -> Option<u64> {
        let mut from = None;
        for (at, causes) in self.causes.iter().enumerate() {
            from = if causes.is_good() { from.or(Some(at)) } else { None };
            let began_ms = from.map(|from| self.times_ms[from]);
            if began_ms.is_some_and(|began_ms| self.times_ms[at] >= began_ms + CAPTURE_MS) {
                return began_ms;
            }
        }
        from.map(|from| self.times_ms[from]).filter(|_| !self.played.attempts.is_empty())
    }

    /// How long a hint asked for something that no cause justified, and how long anything was shown.
    fn unjustified_ms(&self) -> (u64, u64) {
        let mut unjustified = 0;
        for (at, time_ms) in self.times_ms.iter().enumerate() {
            let Some(shown) = self.shown(*time_ms) else { continue };
            let asks = !matches!(shown.hint.code, HintCode::Hold | HintCode::Captured);
            if asks && !self.causes[at].includes(&shown.hint) && !self.was_right(shown) {
                unjustified += 33;
            }
        }
        (unjustified, 33 * self.times_ms.len() as u64)
    }
}

fn wrong(plan: &Plan, played: &Played) -> Option<Wrong> {
    let taken = played.taken.as_ref()?;
    let accepted = played.attempts.iter().find(|attempt| attempt.was_accepted)?;
    let truth = &CardTruth::of(plan.script.card).values;
    if truth.get(&Field::Nik).map(String::as_str) != taken.scan.reading.fields().get(Field::Nik) {
        return Some(Wrong::Nik);
    }
    burst(played, accepted).find_map(|truth| {
        let hidden = |shares: &std::collections::BTreeMap<Field, f32>| {
            shares.get(&Field::Nik).copied().unwrap_or(0.0) > HIDDEN_NIK
        };
        if truth.thing != Some(Thing::Card) {
            Some(Wrong::NoKtp)
        } else if hidden(&truth.covered) || hidden(&truth.washed_out) {
            Some(Wrong::HiddenNik)
        } else {
            None
        }
    })
}

/// The truth of a burst's frames.
fn burst<'a>(played: &'a Played, attempt: &'a Attempt) -> impl Iterator<Item = &'a SceneTruth> {
    played.truths.iter().filter(|truth| attempt.frames_ms.contains(&truth.at_ms))
}

fn fields(plan: &Plan, played: &Played) -> (usize, usize) {
    let Some(taken) = &played.taken else { return (0, 0) };
    let truth = &CardTruth::of(plan.script.card).values;
    let answers = taken.scan.reading.fields();
    let answered = || truth.iter().filter_map(|(field, value)| Some((value, answers.get(*field)?)));
    (answered().filter(|(value, answer)| value.as_str() != *answer).count(), answered().count())
}

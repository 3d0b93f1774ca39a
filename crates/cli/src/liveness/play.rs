//! One sitting, played to its end.
//!
//! Invariant: whatever is before the camera is guided, lit and judged alike.

use std::sync::Arc;
use std::time::Instant;

use camera::sitter::{RoomLight, SensorParams, Sitter, SitterParams};
use camera::{Colour, FrameSource, SourceError, TimedFrame};
use engine::live::{Sat, SitOrder, sit};
use gateway::{FlashChallenge, Rgb};
use jiff::Timestamp;
use liveness::{FaceReader, LocalVerdict, Outcome as Voted, Vote};
use session::{Gesture, SelfieParams};
use testkit::attack::AttackSetup;

use super::plan::{Plan, Presented};
use super::{People, Played};

/// A sitting that gets nowhere is given up after this much of its own time.
const LONGEST_MS: u64 = 60_000;
/// Frames come slower in the dark.
const INTERVAL_MS: u64 = 50;
const DIM_INTERVAL_MS: u64 = 66;

/// What came of a sitting.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the panel came to; `None` if there was nothing to judge.
    pub verdict: Option<LocalVerdict>,
    /// What every voter said, those that failed marked with a cross; or how it ended.
    pub reasons: Vec<String>,
}

impl Outcome {
    /// Whether it was taken for a living person.
    pub fn is_live(&self) -> bool {
        self.verdict == Some(LocalVerdict::Live)
    }
}

/// Ends a source that would go on for ever, and knows how long each frame kept whoever asked for it.
struct Limited {
    source: Box<dyn FrameSource + Send>,
    until_ms: u64,
    given: Option<Instant>,
    took_ms: Vec<f64>,
}

impl FrameSource for Limited {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        self.took_ms.extend(self.given.take().map(|given| given.elapsed().as_secs_f64() * 1e3));
        let frame = self.source.next_frame()?.filter(|taken| taken.at_ms <= self.until_ms);
        self.given = Some(Instant::now());
        Ok(frame)
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.source.show(colour)
    }

    fn ask(&mut self, gesture: Option<camera::Gesture>) -> bool {
        self.source.ask(gesture)
    }
}

/// What came of it, and how many milliseconds each frame took.
pub(super) fn play(
    plan: &Plan,
    people: &People,
    reader: &Arc<FaceReader>,
) -> anyhow::Result<(Outcome, Vec<f64>)> {
    let challenge = plan.has_flash().then(|| challenge(plan));
    let order =
        SitOrder { cues: plan.cues.clone(), challenge: challenge.as_ref(), params: SelfieParams::default() };
    let mut source =
        Limited { source: open(plan, people)?, until_ms: LONGEST_MS, given: None, took_ms: Vec::new() };
    let outcome = match sit(&mut source, reader, &order)? {
        Sat::Taken(taken) => {
            let judgement = taken.life.judgement;
            let reasons = judgement.votes.iter().map(reason).collect();
            Outcome { verdict: Some(judgement.verdict), reasons }
        }
        Sat::Ended(end) => Outcome { verdict: None, reasons: vec![format!("{end:?}")] },
        Sat::RanDry => Outcome { verdict: None, reasons: vec!["RanDry".to_owned()] },
    };
    Ok((outcome, source.took_ms))
}

fn challenge(plan: &Plan) -> FlashChallenge {
    FlashChallenge {
        id: "fc_bench".to_owned(),
        nonce: "bench".to_owned(),
        steps: plan.colours.iter().map(|(colour, hold_ms)| (Rgb(*colour), *hold_ms)).collect(),
        expires_at: Timestamp::MAX,
        hmac_secret: "signs nothing".into(),
    }
}

fn open(plan: &Plan, people: &People) -> anyhow::Result<Box<dyn FrameSource + Send>> {
    let (light, seed) = (plan.light, plan.seed);
    let interval_ms = if light == RoomLight::Dim { DIM_INTERVAL_MS } else { INTERVAL_MS };
    Ok(match &plan.presented {
        Presented::Honest(name) => {
            // Half of all cameras send JPEGs.
            let jpeg_quality = seed.is_multiple_of(2).then_some(88);
            let sensor = SensorParams { jpeg_quality, ..SensorParams::default() };
            let params = SitterParams { light, interval_ms, sensor, ..SitterParams::default() };
            Box::new(Sitter::new(Arc::clone(people.portrait(name)?), params, seed))
        }
        Presented::Attack { species, victim, attacker } => {
            let (victim, attacker) = (people.portrait(victim)?, people.portrait(attacker)?);
            let (victim, attacker) = (Arc::clone(victim), Arc::clone(attacker));
            species.open(&AttackSetup { victim, attacker, light, seed, interval_ms })
        }
    })
}

fn reason(vote: &Vote) -> String {
    let mark = match vote.outcome {
        Voted::Passed => "",
        Voted::Failed => "✗ ",
        Voted::Abstained => "– ",
    };
    format!("{mark}{} ({})", vote.voter.code(), vote.reason)
}

/// A sitting in one line.
pub fn line(played: &Played) -> String {
    let Played { plan, outcome } = played;
    let who = match &plan.presented {
        Presented::Honest(name) => format!("sitter {name}"),
        Presented::Attack { species, victim, attacker } => {
            format!("{} of {victim} by {attacker}", species.name())
        }
    };
    let flash = if plan.has_flash() { "flash" } else { "no flash" };
    let verdict = outcome.verdict.map_or_else(|| "nothing".to_owned(), |verdict| format!("{verdict:?}"));
    let light = plan.light.name();
    let gestures: Vec<Gesture> = plan.cues.iter().map(|cue| cue.gesture).collect();
    format!("{} {who}, {light}, {flash}, {gestures:?}: {verdict} {}", plan.number, outcome.reasons.join("; "))
}

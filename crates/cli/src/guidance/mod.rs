//! The guidance bench: scripted scenes through the real analysis, machine and reader, judged by the scene's truth.
//!
//! Time is simulated: the simulator says what each frame shows, an analysis takes a fixed time, a person does what the
//! script says. Invariant: seed and number of scripts alone decide everything but the measured milliseconds.
//! Deliberately absent: pictures of real cards and real hands.

mod causes;
mod judge;
mod plan;
mod play;
mod summary;
mod trace;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use engine::live::SharedReader;

pub use judge::Verdict;
pub use summary::{Summary, line, table};

use plan::Plan;

/// Scripts played side by side: as many as the weakest supported machine has cores.
const THREADS: usize = 2;

/// Of so many scripts one is played once more, alone, and its frames are timed: side by side, scripts slow each other.
const TIMED_EVERY: usize = 10;

/// Plays one script and tells of every frame.
pub fn trace(
    number: usize,
    seed: u64,
    reader: &SharedReader,
    mut told: impl FnMut(String),
) -> anyhow::Result<Verdict> {
    let plan = Plan::new(seed, number);
    plan.script.cues.iter().for_each(|cue| told(format!("{cue:?}")));
    let played = play::play(&plan, reader, &mut |truth, view| told(trace::line(truth, view)))?;
    Ok(judge::judge(&plan, &played))
}

/// Plays and judges `count` scripts; `told` hears of each that is done. Verdicts carry times for those that were timed.
pub fn run(
    count: usize,
    seed: u64,
    reader: &SharedReader,
    told: impl Fn(&Verdict) + Sync,
) -> anyhow::Result<Vec<Verdict>> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::with_capacity(count));
    let work = || -> anyhow::Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(());
            }
            let verdict = judged(number, seed, reader)?;
            told(&verdict);
            verdicts.lock().expect("no thread panics while it pushes").push(verdict);
        }
    };
    std::thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(work));
        threads.into_iter().try_for_each(|thread| thread.join().expect("a bench thread does not panic"))
    })?;
    let mut verdicts = verdicts.into_inner().expect("no thread panics while it pushes");
    verdicts.sort_by_key(|verdict| verdict.number);
    for verdict in &mut verdicts {
        verdict.took_ms = match verdict.number % TIMED_EVERY {
            0 => judged(verdict.number, seed, reader)?.took_ms,
            _ => Vec::new(),
        };
    }
    Ok(verdicts)
}

fn judged(number: usize, seed: u64, reader: &SharedReader) -> anyhow::Result<Verdict> {
    let plan = Plan::new(seed, number);
    let played = play::play(&plan, reader, &mut |_, _| {}).with_context(|| format!("script {number}"))?;
    Ok(judge::judge(&plan, &played))
}

//! The liveness bench: honest people and scripted attacks before the same guided selfie as in the window, judged as there.
//!
//! Time is simulated; gestures and colours are drawn anew for every sitting. Invariant: seed, sitters and folder alone decide
//! everything. Deliberately absent: people who exist, and any claim of a certified level: what is measured is what these sitters
//! and these attacks do to this software.

mod plan;
mod play;
mod rate;
mod summary;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use camera::sitter::{Portrait, SitterSet};
use liveness::FaceReader;

pub use plan::Plan;
pub use play::{Outcome, line};
pub use summary::{Summary, table};

use crate::spread::Spread;

/// Sittings played side by side: as many as the weakest supported machine has cores.
const THREADS: usize = 2;

/// One honest sitting in so many is timed, up to a number.
const TIMED_EVERY: usize = 25;
const TIMED_AT_MOST: usize = 12;

/// One sitting and what came of it.
pub struct Played {
    pub plan: Plan,
    pub outcome: Outcome,
}

/// The people of a folder, by name.
pub struct People(BTreeMap<String, Arc<Portrait>>);

impl People {
    /// Up to so many, spread over the folder so that all groups are among them.
    pub fn open(folder: &Path, count: usize) -> anyhow::Result<Self> {
        let set = SitterSet::open(folder).context("there are no sitters: name their folder with --folder")?;
        let names = set.names();
        let count = count.min(names.len());
        let chosen = (0..count).map(|nth| &names[nth * names.len() / count]);
        let portraits = chosen.map(|name| Ok((name.clone(), Arc::new(set.portrait(name)?))));
        portraits.collect::<anyhow::Result<_>>().map(Self)
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    fn portrait(&self, name: &str) -> anyhow::Result<&Arc<Portrait>> {
        self.0.get(name).with_context(|| format!("there is no sitter {name}"))
    }

    /// What kind of person somebody is.
    pub fn groups(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], |portrait| portrait.groups())
    }
}

/// All sittings of a bench, or those of one kind.
pub fn plans(people: &People, seed: u64, only: Option<&str>) -> anyhow::Result<Vec<Plan>> {
    let mut plans = plan::all(&people.names(), seed);
    if let Some(kind) = only {
        plans.retain(|plan| plan.presented.kind() == kind);
        anyhow::ensure!(!plans.is_empty(), "nothing is called {kind}");
    }
    Ok(plans)
}

/// Plays them; `told` hears of each that is done.
pub fn run(
    plans: Vec<Plan>,
    people: &People,
    reader: &Arc<FaceReader>,
    told: impl Fn(&Played) + Sync,
) -> anyhow::Result<Vec<Played>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(plans.len())));
    let work = || -> anyhow::Result<()> {
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            let played = Played { plan: plan.clone(), outcome: play::play(plan, people, reader)?.0 };
            told(&played);
            done.lock().expect("no thread panics while it pushes").push(played);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(work));
        threads.into_iter().try_for_each(|thread| thread.join().expect("a bench thread does not panic"))
    })?;
    let mut done = done.into_inner().expect("no thread panics while it pushes");
    done.sort_by_key(|played| played.plan.number);
    Ok(done)
}

/// Milliseconds of one frame's analysis: a few sittings once more, one after the other, with nothing of ours beside them.
pub fn timed(plans: &[Plan], people: &People, reader: &Arc<FaceReader>) -> anyhow::Result<Spread> {
    let honest = plans.iter().filter(|plan| matches!(plan.presented, plan::Presented::Honest(_)));
    let mut took_ms = Vec::new();
    for plan in honest.step_by(TIMED_EVERY).take(TIMED_AT_MOST) {
        took_ms.extend(play::play(plan, people, reader)?.1);
    }
    Ok(Spread::of(took_ms))
}

//! What the live analysis says of camera frames: which fields light or things hide, and how long it takes.
//!
//! Every frame stands alone: the analyser forgets, then looks at it until its maps are of this frame. Invariant: every field that
//! is plainly hidden or plainly visible counts, also where no card was followed; those in between count neither way. Deliberately
//! absent: motion and hints, which [`crate::guidance`] judges.

use std::collections::BTreeSet;

use anyhow::Context as _;
use engine::picture;
use inference::ModelSource;
use ktp::Field;
use vision::live::LiveAnalyser;

use super::set::BenchSet;
use crate::eval::truth::{Card, Hiding};
use crate::spread::Spread;

/// Half a second of looks, what a person waits for a hint: time to find a card however it is turned, and to measure it.
const LOOKS: u64 = 8;
/// Between two looks, as a camera of 30 frames a second gives every other frame.
const BETWEEN_MS: u64 = 66;

/// Fields said to be hidden, against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Hidden and said so.
    pub hits: usize,
    /// Said so, and not hidden.
    pub false_alarms: usize,
    /// Hidden, and nothing said.
    pub misses: usize,
}

impl Agreement {
    fn add(&mut self, truth: &Hiding, said: &[Field]) {
        let said: BTreeSet<Field> = said.iter().copied().filter(|f| !truth.unsure.contains(f)).collect();
        self.hits += truth.hidden.intersection(&said).count();
        self.false_alarms += said.difference(&truth.hidden).count();
        self.misses += truth.hidden.difference(&said).count();
    }

    /// Right ones among those said; none if nothing was said.
    pub fn precision(&self) -> Option<f64> {
        share(self.hits, self.hits + self.false_alarms)
    }

    /// Right ones among those there were; none if there were none.
    pub fn recall(&self) -> Option<f64> {
        share(self.hits, self.hits + self.misses)
    }

    /// Harmonic mean of precision and recall; none if nothing was hidden or said.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// What the analysis said of a card it follows.
#[derive(Default)]
struct Said {
    glare: Vec<Field>,
    covered: Vec<Field>,
}

/// What was measured on camera frames.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Frames of cards that may be hidden.
    pub frames: usize,
    /// Those in which a card was followed.
    pub followed: usize,
    /// Fields hidden by light.
    pub glare: Agreement,
    /// Fields hidden by things.
    pub covered: Agreement,
    /// Laminated cards that were followed.
    pub laminated: usize,
    /// Those of which a field was said to be lost to glare.
    pub laminated_called_glare: usize,
    /// Milliseconds of each look at a followed card.
    pub took_ms: Vec<f64>,
}

impl Live {
    /// Shows the analyser every frame; `told` hears of each.
    pub fn measure(set: &BenchSet, source: &ModelSource, told: impl Fn()) -> anyhow::Result<Self> {
        let mut live = Self::default();
        let mut analyser = LiveAnalyser::load(source)?;
        for card in &set.live {
            live.frames += 1;
            let said = live.look(&mut analyser, card)?;
            live.followed += usize::from(said.is_some());
            if let Some(truth) = &card.hidden {
                let said = said.unwrap_or_default();
                live.glare.add(&truth.glare, &said.glare);
                live.covered.add(&truth.covered, &said.covered);
            }
            told();
        }
        for card in &set.laminated {
            if let Some(said) = live.look(&mut analyser, card)? {
                live.laminated += 1;
                live.laminated_called_glare += usize::from(!said.glare.is_empty());
            }
            told();
        }
        Ok(live)
    }

    /// Median and 95th percentile of a look; none without one.
    pub fn took(&self) -> Option<Spread> {
        (!self.took_ms.is_empty()).then(|| Spread::of(self.took_ms.clone()))
    }

    /// Laminated cards called glaring, as a share.
    pub fn laminated_share(&self) -> Option<f64> {
        share(self.laminated_called_glare, self.laminated)
    }

    fn look(&mut self, analyser: &mut LiveAnalyser, card: &Card) -> anyhow::Result<Option<Said>> {
        let frame = picture::open(&card.path).with_context(|| format!("opening {}", card.file))?;
        analyser.forget();
        let mut said = None;
        for nth in 0..LOOKS {
            let analysis = analyser.analyse(&frame, nth * BETWEEN_MS)?;
            said = analysis
                .quad
                .map(|_| Said { glare: analysis.glare_fields, covered: analysis.covered_fields });
            if said.is_some() {
                self.took_ms.push(analysis.took.as_secs_f64() * 1e3);
            }
        }
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_said_and_hidden_are_weighed_against_each_other() {
        let mut agreement = Agreement::default();
        let truth = Hiding {
            hidden: BTreeSet::from([Field::Nik, Field::FullName]),
            unsure: BTreeSet::from([Field::Address]),
        };
        agreement.add(&truth, &[Field::Nik, Field::City, Field::Address]);
        agreement.add(&Hiding::default(), &[]);
        assert_eq!(agreement, Agreement { hits: 1, false_alarms: 1, misses: 1 });
        assert_eq!(
            (agreement.precision(), agreement.recall(), agreement.f1()),
            (Some(0.5), Some(0.5), Some(0.5))
        );
        assert_eq!(Agreement::default().f1(), None);
    }
}

//! One guided selfie: camera frames in, the best pictures of a face and what speaks for its life out.
//!
//! Invariant: few frames are in memory at any time, and none after the end but those handed over; it ends with exactly one
//! of [`SelfieEvent::Taken`] and [`SelfieEvent::Ended`], unless it is dropped before. Deliberately lacks a judgement of
//! who the person is.

mod capture;
mod guided;
mod keepers;
mod sit;
mod to_queue;

use std::sync::Arc;

use bundle::{FlashSample, RppgSample};
use camera::{FrameSource, SourceError, TimedFrame};
use frame::Frame;
use inference::RunError;
use liveness::{FaceReader, Judgement, SelfieAnalyser};
use session::{Gesture, SelfieEnd, SelfieSessionView};

pub use capture::{SelfieCapture, SelfieNets, SelfieWish};
pub use guided::{GuidedSelfie, SelfieOrder};
use keepers::Keepers;
pub use sit::{Sat, SitOrder, sit};

/// A selfie that was taken.
#[derive(Debug)]
pub struct TakenSelfie {
    /// The best frame.
    pub best: Frame,
    /// The best of those half a second away, if there is one.
    pub additional: Option<Frame>,
    /// When the best was taken, on the camera's clock.
    pub at_ms: u64,
    /// What speaks for and against its life.
    pub life: Life,
}

/// Evidence of one sitting.
#[derive(Clone, Debug)]
pub struct Life {
    /// The gestures that were asked for, in order, and whether each was seen.
    pub responses: Vec<(Gesture, bool)>,
    /// The passive net's beliefs, evenly over the sitting, 0–1.
    pub passive_scores: Vec<f32>,
    /// The face under each colour of the challenge; empty without light.
    pub flash_samples: Vec<FlashSample>,
    /// The face frame by frame, without coloured light.
    pub pulse_samples: Vec<RppgSample>,
    /// What the panel on this device came to.
    pub judgement: Judgement,
}

/// What happens in a selfie's capture.
#[derive(Debug)]
pub enum SelfieEvent {
    /// There is something new to show.
    Changed(SelfieSessionView),
    /// A gesture is asked for, or none any more.
    Asked(Option<Gesture>),
    /// The face is done: light it, or say that the light is over.
    AwaitsLight,
    /// The selfie was taken.
    Taken(Box<TakenSelfie>),
    /// It ended without one.
    Ended(SelfieEnd),
    /// The nets cannot be used; in the system's words.
    Failed(String),
}

/// Why no selfie could be taken from a recording.
#[derive(Debug, thiserror::Error)]
pub enum TakeSelfieError {
    /// No frames.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A net failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// The best pictures of a recording's first `limit` frames, without guiding; `None` if it shows nobody. Nothing was
/// asked of the person, so nothing is claimed about their life.
pub fn take_selfie(
    source: &mut dyn FrameSource,
    reader: &Arc<FaceReader>,
    limit: usize,
) -> Result<Option<TakenSelfie>, TakeSelfieError> {
    let mut analyser = SelfieAnalyser::new(Arc::clone(reader));
    let (mut keepers, mut sitting) = (Keepers::default(), liveness::Sitting::default());
    for _ in 0..limit {
        let Some(TimedFrame { frame, at_ms }) = source.next_frame()? else { break };
        let look = analyser.analyse(&frame, at_ms)?;
        sitting.see(&frame, at_ms, &look, None);
        keepers.keep(&frame, at_ms, &look);
    }
    Ok(keepers.take().map(|pictures| TakenSelfie {
        best: pictures.best,
        additional: pictures.additional,
        at_ms: pictures.at_ms,
        life: Life {
            responses: Vec::new(),
            passive_scores: guided::passive_scores(sitting.glimpses()),
            flash_samples: Vec::new(),
            pulse_samples: Vec::new(),
            judgement: sitting.judge(&[], &[]),
        },
    }))
}

#[cfg(test)]
mod tests {
    use inference::ModelSource;

    use super::*;

    #[test]
    fn a_recorded_person_gives_two_pictures_and_a_wall_none() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/selfie");
        let reader = Arc::new(FaceReader::load(&ModelSource::Embedded).unwrap());
        let params = camera::RecordingParams { spacing_ms: 200, ..Default::default() };
        let mut person = camera::Recording::open(std::path::Path::new(folder), params).unwrap();
        let taken = take_selfie(&mut person, &reader, 8).unwrap().unwrap();
        assert_eq!(taken.best.width(), 640);
        assert!(taken.additional.is_some_and(|additional| additional.data() != taken.best.data()));
        assert_eq!(taken.life.judgement.verdict, liveness::LocalVerdict::Unclear);
        assert!(take_selfie(&mut Wall(10), &reader, 10).unwrap().is_none());
    }

    struct Wall(u32);

    impl FrameSource for Wall {
        fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
            self.0 -= 1;
            let frame = Frame::filled(64, 48, [120, 130, 140]);
            Ok((self.0 > 0).then_some(TimedFrame { frame, at_ms: u64::from(10 - self.0) * 100 }))
        }

        fn show(&mut self, _colour: Option<camera::Colour>) -> bool {
            false
        }
    }
}

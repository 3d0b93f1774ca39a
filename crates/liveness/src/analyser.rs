//! [`SelfieAnalyser`]: one live frame after the other.
//!
//! Invariant: one look costs one run of each net at most, whatever is in the picture. Deliberately lacks opinions: it says
//! what is there.

use std::sync::Arc;

use frame::Frame;
use inference::RunError;

use crate::face::{Face, FoundFace};
use crate::quality::{self, FaceQuality, Oval};
use crate::reader::FaceReader;

/// Faces smaller than this share of the largest one's height are people in the background.
const COMPANION_SHARE: f32 = 0.6;
/// Faces less sure than this share of the surest one are not looked at.
const SURE_SHARE: f32 = 0.85;

/// What one frame shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelfieLook {
    /// Faces of about the largest one's size, it included.
    pub faces: u8,
    /// The largest, and its picture.
    pub face: Option<(Face, FaceQuality)>,
    /// Median brightness of the rest.
    pub surroundings: f32,
    /// The face's speed, in its heights a second.
    pub speed: f32,
    /// The passive net's belief that the face is before the camera.
    pub passive: Option<f32>,
}

/// Looks at the frames of a selfie.
pub struct SelfieAnalyser {
    reader: Arc<FaceReader>,
    oval: Oval,
    /// The face of the frame before, and when it was taken.
    before: Option<(Face, u64)>,
}

impl SelfieAnalyser {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(reader: Arc<FaceReader>) -> Self {
        Self { reader, oval: Oval::default(), before: None }
    }

    /// Looks at the next frame, taken at `at_ms` of any clock that does not run backwards.
    pub fn analyse(&mut self, frame: &Frame, at_ms: u64) -> Result<SelfieLook, RunError> {
        let found = self.reader.find(frame)?;
        // Best first; a larger one that is much more doubtful is a pattern in the room.
        let least_score = SURE_SHARE * found.first().map_or(0.0, |best| best.score);
        let largest = found
            .iter()
            .filter(|face| face.score >= least_score)
            .max_by(|a, b| a.bounds.height.total_cmp(&b.bounds.height));
        let Some(largest) = largest else {
            self.before = None;
            return Ok(SelfieLook {
                surroundings: quality::surroundings(frame, None),
                ..SelfieLook::default()
            });
        };
        let least = COMPANION_SHARE * largest.bounds.height;
        let is_companion = |other: &&FoundFace| other.score >= least_score && other.bounds.height >= least;
        let faces = found.iter().filter(is_companion).count();
        let face = self.reader.look(frame, largest)?;
        let look = SelfieLook {
            faces: u8::try_from(faces).unwrap_or(u8::MAX),
            face: Some((face, quality::measure(frame, &face, &self.oval))),
            surroundings: quality::surroundings(frame, Some(&face.bounds)),
            speed: self.speed(&face, at_ms),
            passive: Some(self.reader.passive(frame, &face)?),
        };
        self.before = Some((face, at_ms));
        Ok(look)
    }

    /// Forgets the frame before: the next one has no motion.
    pub fn forget(&mut self) {
        self.before = None;
    }

    fn speed(&self, face: &Face, at_ms: u64) -> f32 {
        let Some((before, before_ms)) = &self.before else { return 0.0 };
        let seconds = at_ms.saturating_sub(*before_ms).max(1) as f32 / 1e3;
        // Eyes and mouth together: boxes jitter more than points do.
        let moved = face.points.iter().zip(&before.points).map(|(a, b)| a.distance(*b)).sum::<f32>() / 5.0;
        moved / face.bounds.height.max(1.0) / seconds
    }
}

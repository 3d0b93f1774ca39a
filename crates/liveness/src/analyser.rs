//! [`SelfieAnalyser`]: one live frame after the other.
//!
//! Invariant: one look costs two runs of a net at most while a face is there. Deliberately lacks opinions: it says
//! what is there.

use std::sync::Arc;

use frame::{Frame, Point};
use inference::RunError;

use crate::face::{Face, FoundFace, Points};
use crate::quality::{self, FaceQuality, Oval};
use crate::reader::FaceReader;

/// Faces smaller than this share of the largest one's height are people in the background.
const COMPANION_SHARE: f32 = 0.6;
/// Faces less sure than this share of the surest one are not looked at.
const SURE_SHARE: f32 = 0.85;
/// A face further away than this share of its side, one frame later, is another.
const MOST_SHIFT: f32 = 0.25;
/// And so is one that has grown or shrunk by more than this share.
const MOST_GROWTH: f32 = 0.3;

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
    /// The passive net's belief that the face is before the camera, in the frames it looked at.
    pub passive: Option<f32>,
}

/// A face that is followed from frame to frame.
#[derive(Clone, Copy, Debug)]
struct Followed {
    face: Face,
    at_ms: u64,
    faces: u8,
    /// Whether the detector saw it in its last frame.
    is_fresh: bool,
}

/// Looks at the frames of a selfie.
pub struct SelfieAnalyser {
    reader: Arc<FaceReader>,
    oval: Oval,
    followed: Option<Followed>,
}

impl SelfieAnalyser {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(reader: Arc<FaceReader>) -> Self {
        Self { reader, oval: Oval::default(), followed: None }
    }

    /// Looks at the next frame, taken at `at_ms` of any clock that does not run backwards. Detector and passive net take
    /// turns: a face that was found a moment ago is followed by its points.
    pub fn analyse(&mut self, frame: &Frame, at_ms: u64) -> Result<SelfieLook, RunError> {
        if let Some(followed) = self.followed.filter(|followed| followed.is_fresh)
            && let Some(face) = self.follow(frame, &followed.face)?
        {
            let passive = Some(self.reader.passive(frame, &face)?);
            let now = Followed { face, at_ms, is_fresh: false, ..followed };
            return Ok(self.look(frame, now, passive));
        }
        let found = self.reader.find(frame)?;
        // Best first; a larger one that is much more doubtful is a pattern in the room.
        let least_score = SURE_SHARE * found.first().map_or(0.0, |best| best.score);
        let sure = || found.iter().filter(|face| face.score >= least_score);
        let Some(largest) = sure().max_by(|a, b| a.bounds.height.total_cmp(&b.bounds.height)) else {
            self.followed = None;
            let surroundings = quality::surroundings(frame, None);
            return Ok(SelfieLook { surroundings, ..SelfieLook::default() });
        };
        let least_height = COMPANION_SHARE * largest.bounds.height;
        let faces = sure().filter(|other| other.bounds.height >= least_height).count();
        let face = self.reader.look(frame, largest)?;
        let faces = u8::try_from(faces).unwrap_or(u8::MAX);
        Ok(self.look(frame, Followed { face, at_ms, faces, is_fresh: true }, None))
    }

    /// Forgets the frame before: the next one has no motion.
    pub fn forget(&mut self) {
        self.followed = None;
    }

    fn look(&mut self, frame: &Frame, now: Followed, passive: Option<f32>) -> SelfieLook {
        let face = now.face;
        let speed = self.followed.map_or(0.0, |before| speed(&before, &now));
        self.followed = Some(now);
        SelfieLook {
            faces: now.faces,
            face: Some((face, quality::measure(frame, &face, &self.oval))),
            surroundings: quality::surroundings(frame, Some(&face.bounds)),
            speed,
            passive,
        }
    }

    /// The same face a frame later; `None` if it is no longer where it was.
    fn follow(&self, frame: &Frame, before: &Face) -> Result<Option<Face>, RunError> {
        let found = FoundFace { bounds: before.bounds, score: before.score, points: before.points };
        let mut face = self.reader.look(frame, &found)?;
        let (from, to) = (middle(&before.points), middle(&face.points));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let growth = spread(&face.points, to) / spread(&before.points, from).max(1e-3);
        let is_near = dx.hypot(dy) < MOST_SHIFT * before.bounds.longer_side();
        if !is_near || !(1.0 - MOST_GROWTH..1.0 + MOST_GROWTH).contains(&growth) {
            return Ok(None);
        }
        face.bounds.x += dx;
        face.bounds.y += dy;
        Ok(Some(face))
    }
}

/// In face heights a second. Eyes and mouth together: boxes jitter more than points do.
fn speed(before: &Followed, now: &Followed) -> f32 {
    let seconds = now.at_ms.saturating_sub(before.at_ms).max(1) as f32 / 1e3;
    let pairs = now.face.points.iter().zip(&before.face.points);
    let moved = pairs.map(|(a, b)| a.distance(*b)).sum::<f32>() / 5.0;
    moved / now.face.bounds.height.max(1.0) / seconds
}

fn middle(points: &Points) -> Point {
    let sum = |of: fn(&Point) -> f32| points.iter().map(of).sum::<f32>() / points.len() as f32;
    Point::new(sum(|point| point.x), sum(|point| point.y))
}

fn spread(points: &Points, middle: Point) -> f32 {
    points.iter().map(|point| point.distance(middle)).sum::<f32>() / points.len() as f32
}

//! [`FaceReader`]: the three nets, and what they say about a picture.
//!
//! Invariant: every answer is about the pixels given alone. Deliberately lacks memory between pictures, and any opinion
//! on who somebody is.

use frame::{Frame, Point};
use inference::{LoadError, Model, ModelSource, Models, RunError};

use crate::cut::{Cut, tensor};
use crate::detector::{self, DetectorParams};
use crate::face::{Expression, Face, FoundFace, Points, Pose};

const CROP_PX: u32 = 96;
const CROP_SHAPE: [usize; 4] = [1, 3, 96, 96];
/// Side of the close crop, in longer sides of the box.
const CROP_MARGIN: f32 = 1.25;
const PASSIVE_PX: u32 = 128;
const PASSIVE_SHAPE: [usize; 4] = [1, 3, 128, 128];
const PASSIVE_MARGIN: f32 = 1.6;

/// Reads faces.
pub struct FaceReader {
    detector: Box<dyn Model>,
    crop: Box<dyn Model>,
    passive: Box<dyn Model>,
    params: DetectorParams,
}

impl FaceReader {
    /// Loads and prepares the nets.
    pub fn load(source: &ModelSource) -> Result<Self, LoadError> {
        let models = Models::open(source)?;
        let net = |name: &str, shape: &[usize]| {
            let model = models.load(name)?;
            model
                .prepare(shape)
                .map_err(|e| LoadError::Unusable { name: name.to_owned(), reason: e.to_string() })?;
            Ok::<_, LoadError>(model)
        };
        Ok(Self {
            detector: net("face-detector", &detector::INPUT_SHAPE)?,
            crop: net("face-crop", &CROP_SHAPE)?,
            passive: net("face-passive", &PASSIVE_SHAPE)?,
            params: DetectorParams::default(),
        })
    }

    /// All faces, best first, one look: for live frames.
    pub fn find(&self, frame: &Frame) -> Result<Vec<FoundFace>, RunError> {
        detector::find(&*self.detector, frame, &self.params, false)
    }

    /// One face closely, one look: for live frames.
    pub fn look(&self, frame: &Frame, found: &FoundFace) -> Result<Face, RunError> {
        let cut = self.crop_of(frame, found);
        Ok(face(found, &self.closeup(&cut, false)?, &cut))
    }

    /// All faces closely, best first, each picture and crop also in its mirror image: for stills.
    pub fn study(&self, frame: &Frame) -> Result<Vec<Face>, RunError> {
        let found = detector::find(&*self.detector, frame, &self.params, true)?;
        found.iter().map(|found| self.study_one(frame, found)).collect()
    }

    /// The probability that a face is before the camera and not a picture of one, 0–1, as one weak voter believes it.
    pub fn passive(&self, frame: &Frame, face: &Face) -> Result<f32, RunError> {
        let side = PASSIVE_MARGIN * face.bounds.longer_side();
        let cut = Cut::around(frame, face.bounds.centre(), side, PASSIVE_PX);
        let logits = self.passive.run(&tensor(&cut.picture, false))?.into_values();
        logits.first().map(|logit| sigmoid(*logit)).ok_or_else(no_answer)
    }

    fn study_one(&self, frame: &Frame, found: &FoundFace) -> Result<Face, RunError> {
        let cut = self.crop_of(frame, found);
        let (a, b) = (self.closeup(&cut, false)?, self.closeup(&cut, true)?);
        let mean: Vec<f32> = a.iter().zip(&b).map(|(a, b)| (a + b) / 2.0).collect();
        Ok(face(found, &mean, &cut))
    }

    fn crop_of(&self, frame: &Frame, found: &FoundFace) -> Cut {
        Cut::around(frame, found.bounds.centre(), CROP_MARGIN * found.bounds.longer_side(), CROP_PX)
    }

    /// The crop net's 18 numbers about a crop, or about its mirror image, mirrored back.
    fn closeup(&self, cut: &Cut, mirrored: bool) -> Result<Vec<f32>, RunError> {
        let values = self.crop.run(&tensor(&cut.picture, mirrored))?.into_values();
        if values.len() != 18 {
            return Err(no_answer());
        }
        Ok(if mirrored { unmirrored(&values) } else { values })
    }
}

fn no_answer() -> RunError {
    RunError::Failed("a face net answers in another shape".to_owned())
}

fn unmirrored(v: &[f32]) -> Vec<f32> {
    let x = |at: usize| 1.0 - v[at];
    vec![
        x(2),
        v[3],
        x(0),
        v[1],
        x(4),
        v[5],
        x(8),
        v[9],
        x(6),
        v[7], // points
        -v[10],
        v[11],
        -v[12], // yaw, pitch, roll
        v[14],
        v[13],
        v[15],
        v[16],
        v[17], // states
    ]
}

fn face(found: &FoundFace, v: &[f32], cut: &Cut) -> Face {
    let px = CROP_PX as f32;
    let point = |nth: usize| -> Point { cut.to_source(v[2 * nth] * px, v[2 * nth + 1] * px) };
    let points: Points = std::array::from_fn(point);
    Face {
        bounds: found.bounds,
        score: found.score,
        points,
        pose: Pose { yaw: v[10], pitch: v[11], roll: v[12] },
        expression: Expression {
            eyes_open: sigmoid((v[13] + v[14]) / 2.0),
            mouth_open: sigmoid(v[15]),
            smile: sigmoid(v[16]),
            covered: sigmoid(v[17]),
        },
    }
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_mirror_is_the_thing_itself() {
        let values: Vec<f32> = (0..18).map(|at| at as f32 / 18.0).collect();
        let back = unmirrored(&unmirrored(&values));
        assert!(back.iter().zip(&values).all(|(a, b)| (a - b).abs() < 1e-6), "{back:?}");
    }
}

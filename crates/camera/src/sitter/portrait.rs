//! A sitter's layers, decoded once and shared.
//!
//! Invariant: a portrait's pictures have the sizes that its truth implies. Deliberately absent: light, which is applied later.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use frame::{DecodeError, DecodeLimits, Frame};
use serde::Deserialize;

use super::morph::Flow;
use super::state::{State, StateTruth};

/// Why a sitter could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SitterError {
    /// A file could not be read.
    #[error("{file} could not be read")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The set's description is not one.
    #[error("truth.json is not a description of sitters")]
    Truth(#[from] serde_json::Error),
    /// A picture is none.
    #[error("{file} is not a picture")]
    Picture {
        /// The file.
        file: String,
        /// Why.
        source: DecodeError,
    },
    /// A picture has another size than the description says, or a state is not described.
    #[error("{file} does not fit the description")]
    Mismatch {
        /// The file.
        file: String,
    },
    /// Nobody of this name is in the set.
    #[error("there is no sitter {0}")]
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SetTruth {
    layer_px: [usize; 2],
    flow_cells: [usize; 2],
    flow_step_px: f32,
    sitters: Vec<SitterTruth>,
}

#[derive(Deserialize)]
struct SitterTruth {
    name: String,
    groups: Vec<String>,
    states: BTreeMap<String, StateTruth>,
}

/// A folder of sitters.
pub struct SitterSet {
    folder: PathBuf,
    truth: Vec<u8>,
    names: Vec<String>,
}

impl SitterSet {
    /// Reads the folder's description.
    pub fn open(folder: &Path) -> Result<Self, SitterError> {
        let truth = read(folder, "truth.json")?;
        let set: SetTruth = serde_json::from_slice(&truth)?;
        let names = set.sitters.into_iter().map(|sitter| sitter.name).collect();
        Ok(Self { folder: folder.to_owned(), truth, names })
    }

    /// Who is in it.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Loads one of them.
    pub fn portrait(&self, name: &str) -> Result<Portrait, SitterError> {
        let folder = self.folder.join(name);
        Portrait::read(&self.truth, name, |file| read(&folder, file))
    }
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>, SitterError> {
    let path = folder.join(file);
    std::fs::read(&path).map_err(|source| SitterError::Read { file: path.display().to_string(), source })
}

/// What one state shows where it differs from the neutral one.
pub(super) struct Layer {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
    pub room: Frame,
    pub screen: Frame,
    /// 255 where the person covers what is behind.
    pub cover: Vec<u8>,
}

/// An invented person, cut out.
pub struct Portrait {
    name: String,
    groups: Vec<String>,
    pub(super) room: Frame,
    pub(super) layers: Vec<Layer>,
    /// How a state moves out of the one before it; nothing for the first.
    pub(super) flows: Vec<Option<Flow>>,
    truths: Vec<StateTruth>,
}

impl Portrait {
    /// The sitter of this name in a set's description; `read` gives the bytes of a file of theirs.
    pub fn read(
        truth: &[u8],
        name: &str,
        read: impl Fn(&str) -> Result<Vec<u8>, SitterError>,
    ) -> Result<Self, SitterError> {
        let mut set: SetTruth = serde_json::from_slice(truth)?;
        let place = set.sitters.iter().position(|sitter| sitter.name == name);
        let place = place.ok_or_else(|| SitterError::Unknown(name.to_owned()))?;
        let sitter = set.sitters.swap_remove(place);
        let picture = |file: &str| decode(file, &read(file)?);
        let room = picture("room.jpg")?;
        let mut layers: Vec<Layer> = Vec::new();
        let mut truths = Vec::new();
        for state in State::ALL {
            let file = state.name();
            let truth = sitter.states.get(file).ok_or_else(|| mismatch(file))?;
            let layer = Layer::new(state, truth, picture)?;
            let canvas = layers.first().map_or((set.layer_px[0], set.layer_px[1]), |l| (l.width, l.height));
            let is_whole = (layer.width, layer.height) == canvas;
            let fits = layer.left + layer.width <= canvas.0 && layer.top + layer.height <= canvas.1;
            if !fits || (state == State::Neutral && !is_whole) {
                return Err(mismatch(file));
            }
            layers.push(layer);
            truths.push(truth.clone());
        }
        let cells = (set.flow_cells[0], set.flow_cells[1]);
        let flows =
            Flow::read(&picture("flow.png")?, cells, set.flow_step_px).ok_or_else(|| mismatch("flow.png"))?;
        Ok(Self { name: sitter.name, groups: sitter.groups, room, layers, flows, truths })
    }

    /// The name in its set.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of person: skin tone, sex, what is worn.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// What is known of a state.
    pub fn truth(&self, state: State) -> &StateTruth {
        &self.truths[state as usize]
    }
}

fn mismatch(file: &str) -> SitterError {
    SitterError::Mismatch { file: file.to_owned() }
}

fn decode(file: &str, bytes: &[u8]) -> Result<Frame, SitterError> {
    let decoded = frame::decode(bytes, &DecodeLimits::default());
    decoded.map_err(|source| SitterError::Picture { file: file.to_owned(), source })
}

impl Layer {
    fn new(
        state: State,
        truth: &StateTruth,
        picture: impl Fn(&str) -> Result<Frame, SitterError>,
    ) -> Result<Self, SitterError> {
        let name = state.name();
        let (room, screen) = (picture(&format!("{name}.jpg"))?, picture(&format!("{name}.screen.jpg"))?);
        let cover = picture(&format!("{name}.png"))?;
        let size = |frame: &Frame| (frame.width() as usize, frame.height() as usize);
        if size(&room) != size(&screen) || size(&room) != size(&cover) {
            return Err(mismatch(name));
        }
        let (width, height) = size(&room);
        let cover = cover.data().chunks_exact(3).map(|pixel| pixel[0]).collect();
        Ok(Self { left: truth.at[0], top: truth.at[1], width, height, room, screen, cover })
    }
}

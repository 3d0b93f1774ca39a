//! What each cell of a KTP looks like, evenly lit.
//!
//! It is an average over synthetic cards (`models/training/make_appearance.py`). Invariant: finite numbers. Deliberately
//! lacks verdicts, and this picture's light.

use super::CardMap;

/// 4 bytes a cell: R, G, B, and the texture in quarters.
static EXPECTED: &[u8; CardMap::COLS * CardMap::ROWS * 4] = include_bytes!("appearance.bin");
const QUARTERS: f32 = 4.0;

/// What a cell of an average card shows, evenly lit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub rgb: [f32; 3],
    pub texture: f32,
}

impl Expected {
    pub fn at(index: usize) -> Self {
        let bytes: [f32; 4] = std::array::from_fn(|k| f32::from(EXPECTED[index * 4 + k]));
        Self { rgb: [bytes[0], bytes[1], bytes[2]], texture: bytes[3] / QUARTERS }
    }
}

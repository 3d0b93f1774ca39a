//! Taking a card's frames from a source: which are worth reading, what they say together.
//!
//! Invariant: at most a fixed number of frames is in memory, whatever the source gives; the frames kept are
//! those in which the card was read. Deliberately absent: light, signing, storing.

use camera::{FrameSource, SourceError};
use frame::Frame;
use jiff::civil::Date;
use vision::{ReadError, Reader};

use crate::pile::Pile;
use crate::scan::Scan;
use crate::sharpness::sharpness;

/// How frames are chosen.
#[derive(Clone, Copy, Debug)]
pub struct TakeParams {
    /// Sharpest frames kept for reading; reading one takes some tenths of a second.
    pub candidates: usize,
    /// Frames read with a card in them after which no more are read: as many as a bundle holds.
    pub enough: usize,
}

impl Default for TakeParams {
    fn default() -> Self {
        Self { candidates: 10, enough: bundle::MAX_FRAMES }
    }
}

/// Why no frames could be taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The nets failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The source gave nothing.
    #[error("the source gave no frames")]
    NoFrames,
}

/// A card as taken from a source.
pub struct Taken {
    /// What the frames say together.
    pub scan: Scan,
    /// The frames with the card, best first; empty unless the verdict is a KTP.
    pub frames: Vec<Frame>,
    /// Frames the source gave.
    pub seen: usize,
}

/// Looks at all frames up to `limit`, reads the sharpest and fuses what they say.
pub fn take(
    source: &mut dyn FrameSource,
    reader: &Reader,
    limit: usize,
    today: Date,
    params: TakeParams,
) -> Result<Taken, TakeError> {
    let (candidates, seen) = sharpest(source, limit, params.candidates)?;
    let mut pile = Pile::default();
    for frame in candidates {
        pile.add(reader.read(&frame)?, frame);
        if pile.cards() >= params.enough {
            break;
        }
    }
    let reading = pile.read_together(reader)?.ok_or(TakeError::NoFrames)?;
    Ok(Taken { scan: Scan::of(reading, &pile.marks(), today), frames: pile.into_frames(), seen })
}

/// The sharpest frames, sharpest first, and how many there were.
fn sharpest(
    source: &mut dyn FrameSource,
    limit: usize,
    keep: usize,
) -> Result<(Vec<Frame>, usize), SourceError> {
    let mut kept: Vec<(f64, Frame)> = Vec::new();
    let mut seen = 0;
    while seen < limit {
        let Some(taken) = source.next_frame()? else { break };
        seen += 1;
        kept.push((sharpness(&taken.frame), taken.frame));
        kept.sort_by(|a, b| b.0.total_cmp(&a.0));
        kept.truncate(keep.max(1));
    }
    Ok((kept.into_iter().map(|(_, frame)| frame).collect(), seen))
}

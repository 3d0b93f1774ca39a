//! Sends pictures, healthy or not.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::bus::Bus;
use super::descriptors::PAYLOAD_BYTES;
use crate::pattern;

/// A camera in dim light; an emulated processor decodes no more.
const PACE: Duration = Duration::from_millis(150);
const PAYLOAD_HEADER_BYTES: usize = 2;
const END_OF_HEADER: u8 = 0x80;
const END_OF_FRAME: u8 = 0x02;

/// How a camera behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Healthy,
    /// Plugged in, but no pictures.
    Silent,
    /// Every so many frames one that is damaged; 1: all of them.
    Damaged(Damage, u64),
}

/// What happens to a picture on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A stretch of it is overwritten.
    Overwritten,
    /// Its second half is lost.
    CutShort,
    /// A packet in its middle is lost.
    Gap,
    /// Single bytes all over it change.
    Noise,
    /// It is something else altogether.
    Zeros,
    /// Nothing arrives but the announcement.
    Empty,
}

impl Damage {
    pub const ALL: [Self; 6] =
        [Self::Overwritten, Self::CutShort, Self::Gap, Self::Noise, Self::Zeros, Self::Empty];

    fn done_to(self, mut bytes: Vec<u8>, seed: u64) -> Vec<u8> {
        let length = bytes.len();
        match self {
            Self::Overwritten => bytes[length / 3..length / 2].fill(0xFF),
            Self::CutShort => bytes.truncate(length / 2),
            Self::Gap => drop(bytes.drain(length / 2..length / 2 + 512)),
            Self::Noise => {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                for _ in 0..40 {
                    let at = random.random_range(0..length);
                    bytes[at] = random.random();
                }
            }
            Self::Zeros => bytes.fill(0),
            Self::Empty => bytes.clear(),
        }
        bytes
    }
}

/// Sends until the plug is pulled.
pub fn send(bus: &Bus) {
    let (mut count, mut frame_id) = (0u64, 0);
    while let Some(streaming) = bus.await_stream() {
        let film = pattern::film(streaming.mode);
        let mut bytes = film[count as usize % film.len()].clone();
        count += 1;
        if let Mood::Damaged(damage, every) = streaming.mood
            && count.is_multiple_of(every)
        {
            bytes = damage.done_to(bytes, count);
        }
        send_frame(bus, streaming.round, frame_id, &bytes);
        frame_id ^= 1;
        bus.pause(streaming.round, PACE);
    }
}

/// Gives up when the stream ends.
fn send_frame(bus: &Bus, round: u64, frame_id: u8, bytes: &[u8]) {
    let mut rest = bytes;
    loop {
        let given = bus.give(round, |room_bytes| {
            let room = room_bytes.min(PAYLOAD_BYTES) - PAYLOAD_HEADER_BYTES;
            let (now, later) = rest.split_at(room.min(rest.len()));
            rest = later;
            let end = if later.is_empty() { END_OF_FRAME } else { 0 };
            [&[PAYLOAD_HEADER_BYTES as u8, END_OF_HEADER | frame_id | end], now].concat()
        });
        if given.is_none() || rest.is_empty() {
            return;
        }
    }
}

//! Pictures that are known pixel by pixel, coded as webcams code them.
//!
//! Invariant: a film's frames differ, so that a frame taken for another is noticed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use frame::{DecodeLimits, Frame};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::webcam::{Coding, Offer};

/// Frames of a film, which a camera repeats.
pub const FRAMES: usize = 3;
/// What webcams use.
const QUALITY: u8 = 85;

type Film = Arc<Vec<Vec<u8>>>;

/// The bytes that a camera sends in this mode, frame by frame; made once.
pub fn film(mode: Offer) -> Film {
    static FILMS: Mutex<Option<HashMap<Offer, Film>>> = Mutex::new(None);
    let mut films = FILMS.lock().unwrap();
    // The rate makes no other pictures.
    let key = Offer { interval: 0, ..mode };
    let made = || Arc::new((0..FRAMES).map(|number| coded(mode, number)).collect());
    Arc::clone(films.get_or_insert_default().entry(key).or_insert_with(made))
}

/// What must be seen of each frame of the film.
pub fn expected(mode: Offer) -> Vec<Frame> {
    let of_frame = |number| match mode.coding {
        Coding::Mjpeg => {
            frame::decode(&jpeg(mode, number), &DecodeLimits::default()).expect("our own JPEG decodes")
        }
        Coding::Yuyv => of_yuyv(mode, &noise(mode, number)),
        Coding::Nv12 => panic!("is never shown"),
    };
    (0..FRAMES).map(of_frame).collect()
}

/// The picture before it became a JPEG: soft colours with a bright square that moves.
pub fn original(mode: Offer, number: usize) -> Frame {
    let (width, height) = (mode.width_px, mode.height_px);
    let corner = 64 * (1 + number as u32);
    let mut data = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let is_square = (corner..corner + 64).contains(&x) && (corner..corner + 64).contains(&y);
            let soft = [x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)];
            data.extend(if is_square { [240; 3] } else { soft.map(|value| value as u8) });
        }
    }
    Frame::new(width, height, data).unwrap()
}

fn coded(mode: Offer, number: usize) -> Vec<u8> {
    match (mode.coding, number) {
        // As the standard has it; as most webcams send it; as careless ones end it.
        (Coding::Mjpeg, 0) => jpeg(mode, number),
        (Coding::Mjpeg, 1) => without_tables(&jpeg(mode, number)),
        (Coding::Mjpeg, _) => {
            let whole = jpeg(mode, number);
            [&whole[..whole.len() - 2], &[0; 1000]].concat()
        }
        (Coding::Yuyv | Coding::Nv12, _) => noise(mode, number),
    }
}

/// 4:2:2, as webcams do.
fn jpeg(mode: Offer, number: usize) -> Vec<u8> {
    let picture = original(mode, number);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_2);
    let (width, height) = (mode.width_px as u16, mode.height_px as u16);
    encoder.encode(picture.data(), width, height, ColorType::Rgb).expect("a small picture encodes");
    bytes
}

/// Leaves out the Huffman tables, which every decoder of Motion JPEG is meant to know.
fn without_tables(jpeg: &[u8]) -> Vec<u8> {
    let mut kept = jpeg[..2].to_vec();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let length = 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xC4 {
            kept.extend_from_slice(&jpeg[at..at + length]);
        }
        at += length;
    }
    kept.extend_from_slice(&jpeg[at..]);
    kept
}

/// Every byte counts where nothing is compressed.
fn noise(mode: Offer, number: usize) -> Vec<u8> {
    let mut bytes = vec![0; mode.frame_bytes()];
    ChaCha8Rng::seed_from_u64(number as u64).fill_bytes(&mut bytes);
    bytes
}

/// BT.601 of limited range in 1/256 parts, as the Video Class prescribes and the usual integer formula has it.
fn of_yuyv(mode: Offer, bytes: &[u8]) -> Frame {
    let mut data = Vec::with_capacity(bytes.len() / 2 * 3);
    for pair in bytes.chunks_exact(4) {
        let (d, e) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
        for luma in [pair[0], pair[2]] {
            let c = 298 * (i32::from(luma) - 16);
            for value in [c + 409 * e, c - 100 * d - 208 * e, c + 516 * d] {
                data.push(((value + 128) >> 8).clamp(0, 255) as u8);
            }
        }
    }
    Frame::new(mode.width_px, mode.height_px, data).unwrap()
}

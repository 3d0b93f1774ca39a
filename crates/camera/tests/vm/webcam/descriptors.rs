//! What a webcam says about itself (USB Video Class 1.1): its descriptors, and the block by which a mode is agreed.

use super::Identity;

/// The longest transfer; a picture comes in several.
pub const PAYLOAD_BYTES: usize = 16_384;
const CLOCK_HZ: u32 = 48_000_000;
const INTERVAL_UNITS_PER_SECOND: u32 = 10_000_000;

/// How a mode codes pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    Mjpeg,
    Yuyv,
    /// Which we do not speak.
    Nv12,
}

/// The order in which a camera lists what it has.
const CODINGS: [Coding; 3] = [Coding::Mjpeg, Coding::Yuyv, Coding::Nv12];

/// One mode that a camera offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Offer {
    pub coding: Coding,
    pub width_px: u32,
    pub height_px: u32,
    /// Between frames, in 100 ns.
    pub interval: u32,
}

impl Offer {
    pub fn new(coding: Coding, width_px: u32, height_px: u32, fps: f64) -> Self {
        let interval = (f64::from(INTERVAL_UNITS_PER_SECOND) / fps).round() as u32;
        Self { coding, width_px, height_px, interval }
    }

    /// Of an uncompressed frame; the room for a compressed one.
    pub fn frame_bytes(&self) -> usize {
        let pixels = (self.width_px * self.height_px) as usize;
        match self.coding {
            Coding::Mjpeg | Coding::Yuyv => pixels * 2,
            Coding::Nv12 => pixels * 3 / 2,
        }
    }
}

/// The descriptors of one camera.
pub struct Device {
    identity: Identity,
    configuration: Vec<u8>,
}

impl Device {
    pub fn new(identity: Identity, offers: &[Offer]) -> Self {
        Self { identity, configuration: configuration(offers) }
    }

    /// `GET_DESCRIPTOR`.
    pub fn descriptor(&self, kind: u8, index: u8) -> Option<Vec<u8>> {
        match (kind, index) {
            (1, _) => {
                let serial = if self.identity.serial.is_some() { 3 } else { 0 };
                Some(vec![18, 1, 0, 2, 0xEF, 2, 1, 64, 0x6B, 0x1D, 2, 1, 0, 1, 1, 2, serial, 1])
            }
            (2, _) => Some(self.configuration.clone()),
            (3, 0) => Some(vec![4, 3, 0x09, 0x04]),
            (3, 1) => Some(string("Loket tests")),
            (3, 2) => Some(string(self.identity.name)),
            (3, 3) => self.identity.serial.map(string),
            (_, _) => None,
        }
    }
}

fn string(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&[units.len() as u8 + 2, 3], &units[..]].concat()
}

fn le16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap().to_le_bytes()
}

fn le32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_le_bytes()
}

fn configuration(offers: &[Offer]) -> Vec<u8> {
    let interfaces = [
        // Both interfaces are one function.
        vec![8, 0x0B, 0, 2, 0x0E, 3, 0, 0],
        // Control: a camera that leads to a stream, without anything to adjust.
        vec![9, 4, 0, 0, 0, 0x0E, 1, 0, 0],
        [&[13, 0x24, 1, 0x10, 0x01], &le16(40)[..], &CLOCK_HZ.to_le_bytes(), &[1, 1]].concat(),
        vec![18, 0x24, 2, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0],
        vec![9, 0x24, 3, 2, 1, 1, 0, 1, 0],
        // Stream, by a bulk endpoint.
        vec![9, 4, 1, 0, 1, 0x0E, 2, 0, 0],
        stream_header(offers),
        vec![7, 5, 0x81, 2, 0, 2, 0],
    ]
    .concat();
    [&[9, 2], &le16(9 + interfaces.len())[..], &[2, 1, 0, 0x80, 250], &interfaces].concat()
}

fn stream_header(offers: &[Offer]) -> Vec<u8> {
    let formats: Vec<u8> =
        (1..).zip(codings(offers)).flat_map(|(index, coding)| format(index, coding, offers)).collect();
    let count = codings(offers).len();
    let header_bytes = 13 + count;
    let controls = vec![0; count];
    let start = [header_bytes as u8, 0x24, 1, count as u8];
    let rest = [0x81, 0, 2, 0, 0, 0, 1];
    [&start, &le16(header_bytes + formats.len())[..], &rest, &controls, &formats].concat()
}

fn codings(offers: &[Offer]) -> Vec<Coding> {
    CODINGS.into_iter().filter(|coding| offers.iter().any(|offer| offer.coding == *coding)).collect()
}

/// The sizes of a coding, in their order.
fn sizes(coding: Coding, offers: &[Offer]) -> Vec<(u32, u32)> {
    let mut sizes = Vec::new();
    for offer in offers.iter().filter(|offer| offer.coding == coding) {
        if !sizes.contains(&(offer.width_px, offer.height_px)) {
            sizes.push((offer.width_px, offer.height_px));
        }
    }
    sizes
}

fn of_size(coding: Coding, size: (u32, u32), offers: &[Offer]) -> Vec<Offer> {
    let is_same = |offer: &&Offer| offer.coding == coding && (offer.width_px, offer.height_px) == size;
    offers.iter().filter(is_same).copied().collect()
}

fn format(index: u8, coding: Coding, offers: &[Offer]) -> Vec<u8> {
    let sizes = sizes(coding, offers);
    let count = sizes.len() as u8;
    let uncompressed = |fourcc: &[u8; 4], bits: u8| {
        let guid = [&fourcc[..], b"\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71"].concat();
        [&[27, 0x24, 4, index, count], &guid[..], &[bits, 1, 0, 0, 0, 0]].concat()
    };
    let mut bytes = match coding {
        Coding::Mjpeg => vec![11, 0x24, 6, index, count, 1, 1, 0, 0, 0, 0],
        Coding::Yuyv => uncompressed(b"YUY2", 16),
        Coding::Nv12 => uncompressed(b"NV12", 12),
    };
    for (index, size) in (1..).zip(sizes) {
        bytes.extend(frame(index, &of_size(coding, size, offers)));
    }
    // Colours are those of sRGB video.
    bytes.extend([6, 0x24, 0x0D, 1, 1, 4]);
    bytes
}

fn frame(index: u8, modes: &[Offer]) -> Vec<u8> {
    let first = modes[0];
    let kind = match first.coding {
        Coding::Mjpeg => 7,
        Coding::Yuyv | Coding::Nv12 => 5,
    };
    let bits = first.frame_bytes() * 8;
    let mut bytes = [
        &[26 + 4 * modes.len() as u8, 0x24, kind, index, 0],
        &le16(first.width_px as usize)[..],
        &le16(first.height_px as usize),
        &le32(bits),
        &le32(bits * 30),
        &le32(first.frame_bytes()),
        &first.interval.to_le_bytes(),
        &[modes.len() as u8],
    ]
    .concat();
    bytes.extend(modes.iter().flat_map(|mode| mode.interval.to_le_bytes()));
    bytes
}

/// The block by which host and camera agree on a mode.
pub const PROBE_BYTES: usize = 34;

/// What a camera makes of the host's wish: the mode, and the block that says so.
pub fn negotiate(wish: &[u8], offers: &[Offer]) -> (Offer, [u8; PROBE_BYTES]) {
    let mut probe = [0; PROBE_BYTES];
    let given = wish.len().min(PROBE_BYTES);
    probe[..given].copy_from_slice(&wish[..given]);
    let pick = |wished: u8, count: usize| usize::from(wished).clamp(1, count);
    let codings = codings(offers);
    let format = pick(probe[2], codings.len());
    let coding = codings[format - 1];
    let sizes = sizes(coding, offers);
    let frame = pick(probe[3], sizes.len());
    let modes = of_size(coding, sizes[frame - 1], offers);
    let wished = u32::from_le_bytes([probe[4], probe[5], probe[6], probe[7]]);
    let nearest = modes.iter().min_by_key(|mode| mode.interval.abs_diff(wished));
    let mode = if wished == 0 { modes[0] } else { *nearest.expect("a size has modes") };
    probe[2] = format as u8;
    probe[3] = frame as u8;
    probe[4..8].copy_from_slice(&mode.interval.to_le_bytes());
    probe[18..22].copy_from_slice(&le32(mode.frame_bytes()));
    probe[22..26].copy_from_slice(&le32(PAYLOAD_BYTES));
    probe[26..30].copy_from_slice(&CLOCK_HZ.to_le_bytes());
    // Frame boundaries are told in the payloads.
    probe[30..].copy_from_slice(&[3, 0, 0, 0]);
    (mode, probe)
}

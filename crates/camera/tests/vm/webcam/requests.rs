//! Answers the host's requests, as USB/IP carries them.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;

use super::bus::{Bus, HEADER_BYTES};
use super::descriptors::{Device, PROBE_BYTES};

/// `USBIP_CMD_UNLINK`.
const TAKE_BACK: u32 = 2;
const FROM_HOST: u32 = 0;
/// `-EPIPE`: a request that the camera does not know.
const STALL: i32 = -32;
/// Endpoint of the pictures.
const PICTURES: u32 = 1;

/// Answers until the plug is pulled.
pub fn answer(mut socket: UnixStream, device: &Device, bus: &Bus) {
    let mut header = [0; HEADER_BYTES];
    while socket.read_exact(&mut header).is_ok() {
        if answer_one(&mut socket, &header, device, bus).is_err() {
            break;
        }
    }
    bus.unplug();
}

fn answer_one(
    socket: &mut UnixStream,
    header: &[u8; HEADER_BYTES],
    device: &Device,
    bus: &Bus,
) -> io::Result<()> {
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (kind, seq, direction, endpoint) = (word(0), word(4), word(12), word(16));
    if kind == TAKE_BACK {
        return bus.take_back(seq, word(20));
    }
    let length = word(24) as usize;
    if endpoint == PICTURES {
        bus.wait(seq, length);
        return Ok(());
    }
    let mut sent = vec![0; if direction == FROM_HOST { length } else { 0 }];
    socket.read_exact(&mut sent)?;
    let setup = Setup::read(&header[40..]);
    match (setup.reply(&sent, device, bus), direction) {
        (Some(_), FROM_HOST) => bus.answer(seq, 0, sent.len(), &[]),
        (Some(mut reply), _to_host) => {
            reply.truncate(setup.length);
            bus.answer(seq, 0, reply.len(), &reply)
        }
        (None, _) => bus.answer(seq, STALL, 0, &[]),
    }
}

/// The eight bytes of a control request.
struct Setup {
    kind: u8,
    request: u8,
    value: u16,
    interface: u8,
    length: usize,
}

impl Setup {
    fn read(bytes: &[u8]) -> Self {
        Self {
            kind: bytes[0],
            request: bytes[1],
            value: u16::from_le_bytes([bytes[2], bytes[3]]),
            interface: bytes[4],
            length: usize::from(u16::from_le_bytes([bytes[6], bytes[7]])),
        }
    }

    /// What the camera replies, nothing being a reply too; `None`: it knows no such request.
    fn reply(&self, sent: &[u8], device: &Device, bus: &Bus) -> Option<Vec<u8>> {
        let [low, high] = self.value.to_le_bytes();
        match (self.kind, self.request, self.interface) {
            // GET_DESCRIPTOR, GET_STATUS, GET_CONFIGURATION, SET_CONFIGURATION
            (0x80, 6, _) => device.descriptor(high, low),
            (0x80..=0x82, 0, _) => Some(vec![0, 0]),
            (0x80, 8, _) => Some(vec![1]),
            (0x00, 9, _) => Some(Vec::new()),
            // SET_INTERFACE and CLEAR_FEATURE, by which the driver ends a stream
            (0x01, 11, _) | (0x02, 1, _) => {
                bus.stop();
                Some(Vec::new())
            }
            // GET_LEN and GET_INFO of the stream's two controls, then their values
            (0xA1, 0x85, 1) => Some(vec![PROBE_BYTES as u8, 0]),
            (0xA1, 0x86, 1) => Some(vec![3]),
            (0xA1, 0x81..=0x87, 1) => Some(bus.probe().to_vec()),
            // SET_CUR of VS_PROBE_CONTROL (1) and VS_COMMIT_CONTROL (2)
            (0x21, 1, 1) => {
                bus.wish(sent, high == 2);
                Some(Vec::new())
            }
            (_, _, _) => None,
        }
    }
}

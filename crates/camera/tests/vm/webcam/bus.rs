//! What the camera's two threads share: the agreed mode, the host's waiting transfers, the mood.
//!
//! Invariant: a transfer is taken and answered under one lock, so that the host cannot take it back in between.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::Offer;
use super::descriptors::{PROBE_BYTES, negotiate};
use super::video::Mood;

/// `USBIP_RET_SUBMIT` and `USBIP_RET_UNLINK`.
const ANSWER: u32 = 3;
const TAKEN_BACK: u32 = 4;
/// `-ECONNRESET`: the transfer was still waiting when it was taken back.
const RESET: i32 = -104;
/// Header of every USB/IP message.
pub const HEADER_BYTES: usize = 48;

/// A transfer that waits for a part of a picture.
struct Waiting {
    seq: u32,
    room_bytes: usize,
}

struct State {
    socket: UnixStream,
    offers: Vec<Offer>,
    mode: Offer,
    probe: [u8; PROBE_BYTES],
    waiting: VecDeque<Waiting>,
    is_streaming: bool,
    /// Counts starts and stops, so that a frame begun before one is not continued after it.
    round: u64,
    mood: Mood,
    is_unplugged: bool,
}

pub struct Bus {
    state: Mutex<State>,
    changed: Condvar,
}

/// A stream as it stands.
pub struct Streaming {
    pub round: u64,
    pub mode: Offer,
    pub mood: Mood,
}

impl Bus {
    pub fn new(socket: UnixStream, offers: &[Offer]) -> Self {
        let (mode, probe) = negotiate(&[], offers);
        let state = State {
            socket,
            offers: offers.to_vec(),
            mode,
            probe,
            waiting: VecDeque::new(),
            is_streaming: false,
            round: 0,
            mood: Mood::Healthy,
            is_unplugged: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
        outcome
    }

    pub fn set_mood(&self, mood: Mood) {
        self.change(|state| state.mood = mood);
    }

    pub fn mode(&self) -> Offer {
        self.state.lock().unwrap().mode
    }

    pub fn is_streaming(&self) -> bool {
        self.state.lock().unwrap().is_streaming
    }

    pub fn probe(&self) -> [u8; PROBE_BYTES] {
        self.state.lock().unwrap().probe
    }

    /// The host's wish for a mode; a commit starts the stream.
    pub fn wish(&self, wish: &[u8], is_commit: bool) {
        self.change(|state| {
            let (mode, probe) = negotiate(wish, &state.offers);
            state.probe = probe;
            if is_commit {
                state.mode = mode;
                state.is_streaming = true;
                state.round += 1;
            }
        });
    }

    pub fn stop(&self) {
        self.change(|state| {
            state.is_streaming = false;
            state.round += 1;
        });
    }

    pub fn unplug(&self) {
        self.change(|state| state.is_unplugged = true);
    }

    pub fn wait(&self, seq: u32, room_bytes: usize) {
        self.change(|state| state.waiting.push_back(Waiting { seq, room_bytes }));
    }

    /// Answers a request.
    pub fn answer(&self, seq: u32, status: i32, length: usize, data: &[u8]) -> io::Result<()> {
        self.state.lock().unwrap().answer(seq, status, length, data)
    }

    /// The host takes a transfer back.
    pub fn take_back(&self, seq: u32, target: u32) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        let before = state.waiting.len();
        state.waiting.retain(|waiting| waiting.seq != target);
        let status = if state.waiting.len() < before { RESET } else { 0 };
        state.socket.write_all(&header(TAKEN_BACK, seq, status, 0))
    }

    /// Waits until the host wants pictures and the camera is in a mood to give them. `None`: it was unplugged.
    pub fn await_stream(&self) -> Option<Streaming> {
        let is_idle = |state: &mut State| {
            let is_giving = state.is_streaming && !state.waiting.is_empty() && state.mood != Mood::Silent;
            !is_giving && !state.is_unplugged
        };
        let state = self.changed.wait_while(self.state.lock().unwrap(), is_idle).unwrap();
        let streaming = Streaming { round: state.round, mode: state.mode, mood: state.mood };
        (!state.is_unplugged).then_some(streaming)
    }

    /// Gives one payload to the next waiting transfer; answers how much of it found room, and nothing once the stream
    /// of this round is over.
    pub fn give(&self, round: u64, fill: impl FnOnce(usize) -> Vec<u8>) -> Option<()> {
        let is_early =
            |state: &mut State| state.round == round && !state.is_unplugged && state.waiting.is_empty();
        let mut state = self.changed.wait_while(self.state.lock().unwrap(), is_early).unwrap();
        if state.round != round || state.is_unplugged {
            return None;
        }
        let Waiting { seq, room_bytes } = state.waiting.pop_front()?;
        let payload = fill(room_bytes);
        state.answer(seq, 0, payload.len(), &payload).ok()
    }

    /// Waits, but not beyond the end of this round.
    pub fn pause(&self, round: u64, duration: Duration) {
        let lasts = |state: &mut State| state.round == round && !state.is_unplugged;
        let waited: (MutexGuard<'_, State>, _) =
            self.changed.wait_timeout_while(self.state.lock().unwrap(), duration, lasts).unwrap();
        drop(waited);
    }
}

impl State {
    fn answer(&mut self, seq: u32, status: i32, length: usize, data: &[u8]) -> io::Result<()> {
        self.socket.write_all(&[&header(ANSWER, seq, status, length)[..], data].concat())
    }
}

fn header(kind: u32, seq: u32, status: i32, length: usize) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(&kind.to_be_bytes());
    header[4..8].copy_from_slice(&seq.to_be_bytes());
    header[20..24].copy_from_slice(&status.to_be_bytes());
    header[24..28].copy_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
    header
}

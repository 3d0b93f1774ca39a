//! Every threshold of the guided capture, with where its number comes from.
//!
//! "Guide" is the guide of how the window should feel, whose table of hints and times is the specification. Invariant:
//! plain numbers, no behaviour. Deliberately lacks anything a user should set.

use ktp::Field;

/// A limit with play: a problem begins beyond `raise` and ends only before `clear`, so that a card held exactly at the
/// limit does not make the hint come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Beyond this the problem begins.
    pub raise: f32,
    /// Before this it ends.
    pub clear: f32,
}

impl Limit {
    const fn new(raise: f32, clear: f32) -> Self {
        Self { raise, clear }
    }
}

/// All thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct CardParams {
    /// Narrowest card, as a share of the frame's width. Guide: 0.45.
    pub too_far: Limit,
    /// Widest card. Guide: 0.95.
    pub too_close: Limit,
    /// Most perspective in degrees. Guide: 12.
    pub tilted: Limit,
    /// Turn in the frame from which the card counts as turned round, in degrees. Guide: 90; a card turned so is
    /// measured some degrees to either side of it, and below 60 it reads as it lies.
    pub upside_down: Limit,
    /// Least brightness of the card's paper. A well exposed card lies between 0.45 and 0.95; the reader still reads at
    /// 0.3.
    pub too_dark: Limit,
    /// Most brightness of the card's paper: above, the print begins to burn out.
    pub too_bright: Limit,
    /// Least sharpness of the text: from 0.5 on it can be read.
    pub blurry: Limit,
    /// Most speed in card widths a second: at 1/60 s of exposure a card 800 px wide smears by 2 px, an eighth of the
    /// height of its letters.
    pub moving: Limit,
    /// A card faster than this, in card widths a second, is on its way: what is wrong with it will change. Cards come in
    /// with 2 to 4 and are held still within a tenth of a second from here.
    pub travelling: f32,
    /// … but not for longer than this.
    pub travel_ms: u64,
    /// A card must have been held still for so long before softness is put down to the focus: the camera's exposure and
    /// the measure of speed look back.
    pub focus_ms: u64,
    /// A card that is lost for less than this is not gone: smear and haste hide it for some frames.
    pub glimpse_ms: u64,
    /// Fields without which there is no capture. Others may be hidden once [`Self::lenient_ms`] have passed.
    pub must_read: Vec<Field>,

    /// A problem (or its absence) must fill most of this time to be believed. With the pause of a camera of 10 frames a
    /// second it keeps the hint within 500 ms of its cause.
    pub window_ms: u64,
    /// "Most": this share of the frames in the window.
    pub window_share: f32,
    /// A hint that asks for something stays at least so long. Guide: 1.5 s.
    pub hint_ms: u64,
    /// What was asked for is done: so long a hint stays at least before "hold" may replace it. Shorter than
    /// [`Self::hint_ms`], because nobody needs to read on what they have done. Guide: 0.6 s.
    pub done_ms: u64,
    /// "Hold" stays at least so long before it gives way: a hint must come within 500 ms of its cause.
    pub hold_hint_ms: u64,
    /// All must be well for so long before the picture is taken. Guide: 0.5–0.7 s.
    pub hold_ms: u64,
    /// A lesser problem that passes sooner than this does not start the holding anew.
    pub blip_ms: u64,
    /// A NIK counts as hidden for so long after it was seen to be: the last of a passing reflection shows in no frame of
    /// its own. Fitted on simulated scenes.
    pub clear_ms: u64,
    /// Frames further apart than this do not count as one holding.
    pub gap_ms: u64,
    /// Frames to keep in a burst: as many as a bundle takes, and one to spare.
    pub burst_frames: u32,
    /// Fewer kept frames than this are not worth reading by themselves.
    pub burst_least: u32,
    /// A burst ends after this.
    pub burst_ms: u64,
    /// A burst by hand ends after this: whoever presses the button lets go of the card.
    pub hand_burst_ms: u64,
    /// "Captured" is shown at least so long. Guide: 0.6 s.
    pub captured_ms: u64,
    /// Help is offered after so long without progress. Guide: 5 s.
    pub help_ms: u64,
    /// The shutter is offered after so long. Guide: 10 s.
    pub shutter_ms: u64,
    /// … or after so many failed tries. Guide: the second.
    pub shutter_tries: u32,
    /// After so long, hidden fields that are not in [`Self::must_read`] do not hold the capture up: a finger has to
    /// hold the card somewhere.
    pub lenient_ms: u64,
    /// After a failed try its advice is shown so long before it goes on by itself.
    pub advice_ms: u64,
    /// Reading takes some tenths of a second a frame; after this it will not come.
    pub reading_ms: u64,
    /// Without any progress it ends after this.
    pub give_up_ms: u64,
    /// It ends after this, whatever happens.
    pub session_ms: u64,
    /// The clock is believed to move by at most this between two inputs: a sleeping laptop or a corrected clock is no
    /// reason to give up on a customer.
    pub step_ms: u64,
}

impl Default for CardParams {
    fn default() -> Self {
        Self {
            too_far: Limit::new(0.45, 0.47),
            too_close: Limit::new(0.95, 0.93),
            tilted: Limit::new(12.0, 10.5),
            upside_down: Limit::new(75.0, 60.0),
            too_dark: Limit::new(0.30, 0.34),
            too_bright: Limit::new(0.97, 0.95),
            blurry: Limit::new(0.50, 0.55),
            moving: Limit::new(0.15, 0.12),
            travelling: 0.7,
            travel_ms: 300,
            focus_ms: 100,
            glimpse_ms: 150,
            must_read: vec![
                Field::Nik,
                Field::FullName,
                Field::DateOfBirth,
                Field::Gender,
                Field::RtRw,
                Field::Religion,
                Field::MaritalStatus,
                Field::Nationality,
                Field::ValidUntil,
            ],
            window_ms: 260,
            window_share: 0.6,
            hint_ms: 1_500,
            done_ms: 600,
            hold_hint_ms: 300,
            hold_ms: 600,
            blip_ms: 140,
            clear_ms: 150,
            gap_ms: 700,
            burst_frames: 6,
            burst_least: 3,
            burst_ms: 200,
            hand_burst_ms: 1_200,
            captured_ms: 600,
            help_ms: 5_000,
            shutter_ms: 10_000,
            shutter_tries: 2,
            lenient_ms: 6_000,
            advice_ms: 6_000,
            reading_ms: 30_000,
            give_up_ms: 120_000,
            session_ms: 300_000,
            step_ms: 1_000,
        }
    }
}

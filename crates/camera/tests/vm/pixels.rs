//! What a camera sends is what is seen.

use camera::{CameraChoice, LiveFrame};
use frame::{DecodeLimits, Frame};

use crate::pattern;
use crate::watch::{frames, open};
use crate::webcam::{Coding, ORDINARY, Offer, Webcam};

/// Which frame of the film this is, pixel by pixel.
#[track_caller]
pub fn number(frame: &Frame, expected: &[Frame]) -> usize {
    let same = expected.iter().position(|known| known == frame);
    same.unwrap_or_else(|| panic!("{frame:?} is no frame of the film"))
}

/// Plays a film until each of its frames was seen and gives them in the film's order.
#[track_caller]
fn play(mode: Offer) -> Vec<std::sync::Arc<LiveFrame>> {
    let _webcam = Webcam::plug(ORDINARY, &[mode]);
    let feed = open(CameraChoice::Best);
    let expected = pattern::expected(mode);
    let mut seen = vec![None; pattern::FRAMES];
    while seen.iter().any(Option::is_none) {
        for live in frames(&feed, 1) {
            let number = number(&live.frame, &expected);
            seen[number] = Some(live);
        }
    }
    seen.into_iter().flatten().collect()
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn motion_jpeg_is_decoded_to_the_right_pixels() {
    let mode = Offer::new(Coding::Mjpeg, 1280, 720, 30.0);
    for (number, live) in play(mode).into_iter().enumerate() {
        let original = pattern::original(mode, number);
        let pairs = || live.frame.data().iter().zip(original.data());
        let mean = pairs().map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / pairs().count() as f64;
        assert!(mean < 1.5, "frame {number} is off by {mean:.2} on average");
        let far = pairs().filter(|(a, b)| a.abs_diff(**b) > 24).count();
        assert!(far * 1000 < pairs().count(), "{far} values of frame {number} are far off");
        let preview = frame::decode(&live.jpeg(), &DecodeLimits::default()).unwrap();
        assert!(preview == live.frame, "the preview of frame {number} shows something else");
    }
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn yuyv_is_converted_exactly() {
    assert_eq!(play(Offer::new(Coding::Yuyv, 1280, 720, 10.0)).len(), pattern::FRAMES);
}

//! Tests of the attacks: what follows the screen and what does not, what moves and what cannot, and the same from the same seed.

use std::path::Path;

use camera::sitter::SitterSet;

use super::*;

fn setup(seed: u64) -> AttackSetup {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/sitters");
    let set = SitterSet::open(&folder).unwrap();
    let portrait = |name: &str| Arc::new(set.portrait(name).unwrap());
    AttackSetup {
        victim: portrait("16"),
        attacker: portrait("03"),
        light: RoomLight::Dim,
        seed,
        interval_ms: 66,
    }
}

/// A channel's mean around the frame's middle, where the face is.
fn middle(frame: &frame::Frame, channel: usize) -> f32 {
    let (cx, cy) = (frame.width() / 2, frame.height() / 2);
    let places = (cy - 60..cy + 40).flat_map(|y| (cx - 50..cx + 50).map(move |x| (x, y)));
    places.map(|(x, y)| f32::from(frame.pixel(x, y)[channel])).sum::<f32>() / 10_000.0
}

fn next(source: &mut Box<dyn FrameSource + Send>) -> frame::Frame {
    source.next_frame().unwrap().unwrap().frame
}

#[test]
fn paper_and_people_follow_the_screen_and_displays_and_streams_do_not() {
    #[track_caller]
    fn check(species: Species, follows: bool) {
        let mut source = species.open(&setup(3));
        let plain = next(&mut source);
        source.show(Some(Colour { r: 255, g: 0, b: 0 }));
        // Software that matches colours lags behind.
        let lit = (0..4).map(|_| next(&mut source)).last().unwrap();
        let rise = middle(&lit, 0) - middle(&plain, 0);
        assert_eq!(rise > 12.0, follows, "{species:?}: {rise}");
    }
    check(Species::Print, true);
    check(Species::BentPrint, true);
    check(Species::CutOut, true);
    check(Species::Mask, true);
    check(Species::FrameSwap, true);
    check(Species::PhoneReplay, false);
    check(Species::MonitorReplay, false);
    check(Species::InjectedCamera, false);
    check(Species::FrozenFrame, false);
}

#[test]
fn a_frozen_stream_repeats_its_bytes_and_an_injected_one_loops() {
    let mut frozen = Species::FrozenFrame.open(&setup(1));
    let frames: Vec<_> = (0..30).map(|_| next(&mut frozen).into_data()).collect();
    assert!(frames[0] != frames[1]);
    assert!(frames[24..].iter().all(|frame| *frame == frames[24]));
    let mut injected = Species::InjectedCamera.open(&setup(1));
    let frames: Vec<_> = (0..47).map(|_| next(&mut injected).into_data()).collect();
    assert!(frames[45] == frames[0] && frames[46] == frames[1] && frames[1] != frames[0]);
}

#[test]
fn a_seed_is_an_attack() {
    for species in Species::ALL {
        let film = |seed: u64| {
            let mut source = species.open(&setup(seed));
            (0..3).map(|_| next(&mut source).into_data()).collect::<Vec<_>>()
        };
        let first = film(5);
        assert!(first == film(5), "{species:?}");
        assert!(first != film(6), "{species:?}");
    }
}

#[test]
fn an_earlier_session_shows_its_own_colours_whatever_ours_are() {
    let film = |colour: Colour| -> Vec<Vec<u8>> {
        let mut source = Species::PrerecordedFlash.open(&setup(2));
        next(&mut source);
        source.show(Some(colour));
        (0..8).map(|_| next(&mut source).into_data()).collect()
    };
    assert!(film(Colour { r: 255, g: 0, b: 0 }) == film(Colour { r: 0, g: 0, b: 255 }));
}

#[test]
fn attacks_can_be_written_as_recordings() {
    let folder = std::env::temp_dir().join(format!("loket-attack-{}", std::process::id()));
    Species::Print.write(&setup(1), &folder, 2).unwrap();
    let params = camera::RecordingParams::default();
    let recording = camera::Recording::open(&folder, params).unwrap();
    assert_eq!(recording.len(), 2);
    std::fs::remove_dir_all(&folder).unwrap();
}

//! Tests of the simulated sitter: light, gestures, rest, and the same from the same seed.

use std::path::Path;

use super::*;
use crate::mean_colour;

fn portrait(name: &str) -> Arc<Portrait> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/sitters");
    Arc::new(SitterSet::open(&folder).unwrap().portrait(name).unwrap())
}

fn still() -> SitterParams {
    let sway = SwayParams { head_px: 0.0, zoom: 0.0, tilt: 0.0, shake_px: 0.0 };
    let sensor = SensorParams {
        noise: 0.0,
        exposure_drift: 0.0,
        balance_drift: 0.0,
        auto_exposure: 0.0,
        ..SensorParams::default()
    };
    SitterParams { sway, sensor, blinks: false, pulse_depth: 0.0, ..SitterParams::default() }
}

/// The mean colour around a place of the frame.
fn around(frame: &Frame, [x, y]: [f32; 2], reach: i32) -> [f32; 3] {
    let mut sums = [0.0; 3];
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let pixel = frame.pixel((x as i32 + dx) as u32, (y as i32 + dy) as u32);
            (0..3).for_each(|i| sums[i] += f32::from(pixel[i]));
        }
    }
    sums.map(|sum| sum / ((2 * reach + 1) as f32).powi(2))
}

fn difference(a: &Frame, b: &Frame, [left, top, right, bottom]: [f32; 4]) -> f32 {
    let (mut sum, mut count) = (0u64, 0u64);
    for y in top as u32..bottom as u32 {
        for x in left as u32..right as u32 {
            sum +=
                a.pixel(x, y).iter().zip(b.pixel(x, y)).map(|(a, b)| u64::from(a.abs_diff(b))).sum::<u64>();
            count += 3;
        }
    }
    sum as f32 / count as f32
}

#[test]
fn the_screen_lights_the_face_in_its_own_colour_and_the_room_hardly() {
    let mut sitter = Sitter::new(portrait("03"), still(), 1);
    let plain = sitter.frame_at(0);
    let [_, _, nose, _, _] = sitter.face().points_px;
    for (channel, colour) in [(0, (255, 0, 0)), (1, (0, 255, 0)), (2, (0, 0, 255))] {
        assert!(sitter.show(Some(Colour { r: colour.0, g: colour.1, b: colour.2 })));
        let lit = sitter.frame_at(0);
        let (before, after) = (around(&plain, nose, 6), around(&lit, nose, 6));
        let (far_before, far_after) = (around(&plain, [14.0, 14.0], 8), around(&lit, [14.0, 14.0], 8));
        for other in 0..3 {
            let rise = after[other] - before[other];
            assert!(if other == channel { rise > 6.0 } else { rise.abs() < 0.5 }, "{channel} {other} {rise}");
        }
        let (rise, far) = (after[channel] - before[channel], far_after[channel] - far_before[channel]);
        assert!(far < 0.4 * rise, "{far} {rise}");
    }
    sitter.show(None);
    assert_eq!(sitter.frame_at(0).data(), plain.data());
}

#[test]
fn gestures_change_the_part_of_the_face_they_should() {
    #[track_caller]
    fn check(gesture: Gesture, is_done: impl Fn(&FaceTruth) -> bool, part: impl Fn(&FaceTruth) -> [f32; 4]) {
        let mut sitter = Sitter::new(portrait("09"), still(), 4);
        let plain = sitter.frame_at(0);
        let rest = sitter.face();
        sitter.ask(Some(gesture));
        let done = (1..90).find(|k| {
            sitter.light_at(k * 33);
            is_done(&sitter.face())
        });
        let then = sitter.frame_at(done.expect("the gesture is done") * 33);
        let there = difference(&plain, &then, part(&rest));
        assert!(there > 4.0, "{gesture:?}: {there}");
        assert!(difference(&plain, &then, [0.0, 0.0, 60.0, 60.0]) < 0.01);
    }
    let eyes = |face: &FaceTruth| {
        let [a, b, ..] = face.points_px;
        [a[0] - 18.0, a[1] - 9.0, b[0] + 18.0, b[1] + 9.0]
    };
    let mouth = |face: &FaceTruth| {
        let [.., a, b] = face.points_px;
        [a[0] - 8.0, a[1] - 12.0, b[0] + 8.0, b[1] + 12.0]
    };
    check(Gesture::Blink, |face| face.eyes_open < 0.1, eyes);
    check(Gesture::Smile, |face| face.smile > 0.7, mouth);
    check(Gesture::TurnLeft, |face| face.yaw_degrees > 20.0, |face| face.box_px);
}

#[test]
fn a_turn_moves_the_nose_to_the_pictures_right() {
    let mut sitter = Sitter::new(portrait("09"), still(), 4);
    sitter.frame_at(0);
    let rest = sitter.face();
    sitter.ask(Some(Gesture::TurnLeft));
    let mut furthest = rest;
    for k in 1..90 {
        sitter.light_at(k * 33);
        if sitter.face().yaw_degrees > furthest.yaw_degrees {
            furthest = sitter.face();
        }
    }
    let moved = (furthest.points_px[2][0] - rest.points_px[2][0]) / (rest.box_px[3] - rest.box_px[1]);
    assert!(moved > 0.12, "{moved}");
}

#[test]
fn a_seed_is_a_sitting_and_another_is_another() {
    let film = |seed: u64| -> Vec<Vec<u8>> {
        let mut sitter = Sitter::new(portrait("04"), SitterParams::default(), seed);
        (0..6).map(|_| sitter.next_frame().unwrap().unwrap().frame.into_data()).collect()
    };
    let first = film(7);
    assert!(first == film(7));
    assert!(first != film(8));
    assert!(first[0] != first[1], "noise makes frames differ");
}

#[test]
fn every_light_leaves_a_face_that_can_be_seen() {
    let portrait = portrait("09");
    for light in RoomLight::ALL {
        let mut sitter = Sitter::new(Arc::clone(&portrait), SitterParams { light, ..still() }, 1);
        let frame = sitter.frame_at(0);
        let [_, _, nose, _, _] = sitter.face().points_px;
        let level = around(&frame, nose, 20).iter().sum::<f32>() / 3.0;
        assert!((40.0..225.0).contains(&level), "{light:?} {level}");
        let mean = mean_colour(&frame);
        assert!(mean.g > 15 && mean.g < 240, "{light:?} {mean:?}");
    }
}

#[test]
fn the_skin_beats_in_green() {
    let params = SitterParams { pulse_depth: 0.05, ..still() };
    let mut sitter = Sitter::new(portrait("04"), params, 3);
    let beats: Vec<[f32; 3]> = (0..30)
        .map(|k| {
            let frame = sitter.frame_at(k * 33);
            let [_, _, nose, _, _] = sitter.face().points_px;
            around(&frame, nose, 12)
        })
        .collect();
    let spread = |channel: usize| {
        let values = beats.iter().map(|beat| beat[channel]);
        values.clone().fold(f32::MIN, f32::max) - values.fold(f32::MAX, f32::min)
    };
    assert!(spread(1) > 2.0 && spread(0) < 0.2 && spread(2) < 0.2, "{} {}", spread(0), spread(1));
}

#[test]
fn a_set_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(SitterSet::open(folder.path()), Err(SitterError::Read { .. })));
    std::fs::write(folder.path().join("truth.json"), "{}").unwrap();
    assert!(matches!(SitterSet::open(folder.path()), Err(SitterError::Truth(_))));
    let set = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/sitters");
    let set = SitterSet::open(&set).unwrap();
    assert!(matches!(set.portrait("nobody"), Err(SitterError::Unknown(_))));
}

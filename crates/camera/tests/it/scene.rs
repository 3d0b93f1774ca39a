//! Rendered scenes against their truth and against the real reader.

use camera::scene::{Act, CARD_COUNT, CardTruth, SCENE_NAMES, Scene, Script, Side, Thing};
use camera::{Colour, FrameSource, mean_colour};
use frame::{Frame, Homography, Point, Quad};
use inference::ModelSource;
use ktp::Field;
use vision::{Reader, Verdict};

fn held(card: usize) -> Script {
    Script::new(card).cue(0, 0, Act::Enter(Thing::Card, Side::Left))
}

/// Luma of a frame at points spread over a field's print.
fn lumas_over(frame: &Frame, quad: &Quad, field: Field) -> Vec<f32> {
    let place = CardTruth::of(0).places[&field][0];
    let map = Homography::between(&Quad::rect(0.0, 0.0, 1.0, 1.0), quad).expect("a card in sight has an area");
    let grey = frame.to_gray();
    let luma = |step: u16| {
        let (u, v) = (f32::from(step % 20) / 20.0, f32::from(step / 20) / 10.0);
        let u = place.left + (place.right - place.left) * u;
        let v = place.top + (place.bottom - place.top) * v;
        let Point { x, y } = map.apply(Point::new(u, v));
        f32::from(grey.row(y as u32)[x as usize])
    };
    (0..200).map(luma).collect()
}

fn luma_over(frame: &Frame, quad: &Quad, field: Field) -> f32 {
    lumas_over(frame, quad, field).iter().sum::<f32>() / 200.0
}

/// Share of a field's print that looks different in two frames.
fn changed_share(a: &Frame, b: &Frame, quad: &Quad, field: Field) -> f32 {
    let (a, b) = (lumas_over(a, quad, field), lumas_over(b, quad, field));
    a.iter().zip(&b).filter(|(a, b)| (*a - *b).abs() > 15.0).count() as f32 / 200.0
}

#[test]
fn same_seed_same_bytes() {
    let render = |seed| {
        let mut scene = Scene::new(&Script::named("glare").unwrap(), seed);
        [700, 2_000, 5_300].map(|ms| scene.frame_at(ms))
    };
    assert!(render(7) == render(7));
    assert!(render(7) != render(8));
    let mut played = Scene::new(&Script::named("glare").unwrap(), 7);
    let third = (0..3).map(|_| played.next_frame().unwrap().unwrap()).last().unwrap();
    assert!(third.frame == Scene::new(&Script::named("glare").unwrap(), 7).frame_at(third.at_ms));
}

#[test]
fn the_card_is_where_the_truth_says() {
    let mut scene = Scene::new(&held(0).cue(0, 0, Act::Tilt { yaw_degrees: 10.0, pitch_degrees: 0.0 }), 3);
    let mut empty = Scene::new(&Script::new(0), 3);
    let quad = scene.truth_at(1_000).quad.unwrap();
    let (with, without) = (scene.frame_at(1_000).to_gray(), empty.frame_at(1_000).to_gray());
    let map = Homography::between(&Quad::rect(0.0, 0.0, 1.0, 1.0), &quad).unwrap();
    let changed = |u: f32, v: f32| {
        let Point { x, y } = map.apply(Point::new(u, v));
        let near = |dx: i32| (x as i32 + dx) as usize;
        (-2..=2)
            .map(|dx| with.row(y as u32)[near(dx)].abs_diff(without.row(y as u32)[near(dx)]))
            .max()
            .unwrap()
            > 15
    };
    for step in 1..10u8 {
        let along = f32::from(step) / 10.0;
        assert!(changed(0.02, along) && changed(0.98, along), "inside at {along}");
        assert!(!changed(-0.02, along * 0.8) && !changed(1.02, along * 0.8), "outside at {along}");
    }
}

#[test]
fn tilting_removes_the_glare() {
    let script = held(0).cue(0, 0, Act::Glare(Field::Nik));
    let mut scene = Scene::new(&script, 1);
    let tilt = Act::Tilt { yaw_degrees: 0.0, pitch_degrees: 9.0 };
    let mut tilted = Scene::new(&script.clone().cue(500, 200, tilt), 1);
    let (before, after) = (scene.truth_at(2_000), tilted.truth_at(2_000));
    assert!(before.washed_out[&Field::Nik] > 0.3, "{:?}", before.washed_out);
    assert!(after.washed_out.is_empty(), "{:?}", after.washed_out);
    let bright = luma_over(&scene.frame_at(2_000), &before.quad.unwrap(), Field::Nik);
    let plain = luma_over(&tilted.frame_at(2_000), &after.quad.unwrap(), Field::Nik);
    assert!(bright > plain + 30.0, "{bright} {plain}");
}

#[test]
fn a_finger_covers_what_the_truth_says() {
    let mut scene = Scene::new(&held(0).cue(0, 0, Act::Finger(Field::Nik)), 2);
    let mut bare = Scene::new(&held(0), 2);
    let truth = scene.truth_at(500);
    assert!(truth.covered[&Field::Nik] > 0.25, "{:?}", truth.covered);
    assert_eq!(bare.truth_at(500).covered.get(&Field::Nik), None);
    let quad = truth.quad.unwrap();
    let (with, without) = (scene.frame_at(500), bare.frame_at(500));
    assert!(changed_share(&with, &without, &quad, Field::Nik) > 0.2);
    assert!(changed_share(&with, &without, &quad, Field::Kelurahan) < 0.05);
}

#[test]
fn a_colour_lifts_its_channel() {
    let mut scene = Scene::new(&held(0), 4);
    let mut mean = |colour| {
        assert!(scene.show(colour));
        mean_colour(&scene.frame_at(1_000))
    };
    let dark = mean(None);
    let red = mean(Some(Colour { r: 255, g: 0, b: 0 }));
    let blue = mean(Some(Colour { r: 0, g: 0, b: 255 }));
    assert!(red.r > dark.r + 15 && red.b.abs_diff(dark.b) <= 1, "{dark:?} {red:?}");
    assert!(blue.b > dark.b + 15 && blue.r.abs_diff(dark.r) <= 1, "{dark:?} {blue:?}");
}

#[test]
fn a_dark_room_is_dark_and_a_near_card_is_cut_off() {
    let mut scene = Scene::new(&held(0).cue(1_000, 0, Act::Lamp(0.05)).cue(2_000, 0, Act::Distance(1.2)), 4);
    let level = |colour: Colour| u32::from(colour.r) + u32::from(colour.g) + u32::from(colour.b);
    assert!(level(mean_colour(&scene.frame_at(500))) > 2 * level(mean_colour(&scene.frame_at(1_500))));
    let near = scene.truth_at(2_500);
    assert!(near.in_view < 0.9 && near.cut_off.contains(&Side::Left) && near.cut_off.contains(&Side::Right));
    assert!(scene.truth_at(500).cut_off.is_empty() && scene.truth_at(500).in_view == 1.0);
}

#[test]
fn named_scenes_end_with_a_card_well_held() {
    for name in SCENE_NAMES.into_iter().filter(|name| *name != "empty") {
        let script = Script::named(name).unwrap();
        let truth = Scene::new(&script, 5).truth_at(script.end_ms() + 500);
        let is_good = truth.thing == Some(Thing::Card)
            && truth.tilt_degrees < 12.0
            && truth.roll_degrees.abs() < 10.0
            && truth.cut_off.is_empty()
            && truth.speed < 0.1
            && truth.covered.is_empty()
            && truth.washed_out.is_empty()
            && !truth.is_unplugged;
        assert!(is_good, "{name}: {truth:?}");
    }
}

#[test]
fn the_reader_reads_every_card() {
    let reader = Reader::load(&ModelSource::from_env()).unwrap();
    for card in 0..CARD_COUNT {
        let reading = reader.read(&Scene::new(&held(card), 11).frame_at(1_000)).unwrap();
        assert_eq!(reading.verdict, Verdict::Ktp, "card {card}");
        let nik = reading.fields.get(&Field::Nik).and_then(|field| field.value.as_ref());
        assert_eq!(nik, CardTruth::of(card).values.get(&Field::Nik), "card {card}");
    }
}

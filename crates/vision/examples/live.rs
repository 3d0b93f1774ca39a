//! Measures of the live analysis, on frames made by `models/training/make_live.py`.
//!
//! `live probe DIR` prints raw measures as CSV; `live measure DIR` prints how right the analysis is and how long it takes.

use std::collections::BTreeMap;
use std::path::Path;

use frame::{DecodeLimits, Frame, Point, Quad, decode};
use inference::{ModelSource, Models};
use ktp::Field;
use serde_json::Value;
use vision::live::{Analysis, CardMap, LiveAnalyser, Sight, probe};

#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = "usage: live probe DIR | live measure DIR";
    let (what, dir) = (args.first().expect(usage).as_str(), Path::new(args.get(1).expect(usage)));
    let text = std::fs::read_to_string(dir.join("truth.json")).expect("truth.json is readable");
    let truth: Value = serde_json::from_str(&text).expect("truth.json is JSON");
    let frames = truth["frames"].as_array().expect("frames");
    match what {
        "probe" => probe_all(dir, frames),
        "measure" => measure(dir, frames),
        _other => println!("{usage}"),
    }
}

fn picture(dir: &Path, truth: &Value) -> Frame {
    let file = truth["file"].as_str().expect("file");
    decode(&std::fs::read(dir.join(file)).expect("frame"), &DecodeLimits::default()).expect("a picture")
}

fn quad(truth: &Value) -> Option<Quad> {
    let corners = truth["quad"].as_array()?;
    let at = |i: usize, k: usize| corners[i][k].as_f64().expect("a number") as f32;
    Some(Quad(std::array::from_fn(|i| Point::new(at(i, 0), at(i, 1)))))
}

#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn probe_all(dir: &Path, frames: &[Value]) {
    let model = Models::open(&ModelSource::from_env()).and_then(|m| m.load("tracker")).expect("net loads");
    println!("file,shows,score,off,texture,luma,steepness,blur_w,motion_w,card_px");
    for truth in frames {
        let frame = picture(dir, truth);
        let (shows, file) = (truth["shows"].as_str().unwrap_or(""), truth["file"].as_str().unwrap_or(""));
        let Some((seen, score)) = probe::find(&*model, &frame).expect("net runs") else {
            println!("{file},{shows},,,,,,,,");
            continue;
        };
        let off = quad(truth).map_or(-1.0, |q| worst_corner(&q, &seen));
        let [texture, luma, steepness] = probe::print(&frame, &seen).unwrap_or_default();
        println!(
            "{file},{shows},{score:.2},{off:.4},{texture:.3},{luma:.3},{steepness:.3},{},{},{:.0}",
            truth["blur_w"],
            truth["motion_w"],
            seen.width()
        );
    }
}

fn worst_corner(a: &Quad, b: &Quad) -> f32 {
    a.0.iter().zip(b.0).map(|(p, q)| p.distance(q)).fold(0.0, f32::max) / a.width()
}

#[derive(Default)]
struct Tally {
    right: usize,
    missed: usize,
    wrong: usize,
    calm: usize,
}

impl Tally {
    fn add(&mut self, truth: bool, found: bool) {
        match (truth, found) {
            (true, true) => self.right += 1,
            (true, false) => self.missed += 1,
            (false, true) => self.wrong += 1,
            (false, false) => self.calm += 1,
        }
    }

    fn line(&self) -> String {
        let share = |a: usize, b: usize| 100.0 * a as f64 / (a + b).max(1) as f64;
        format!(
            "precision {:5.1} %  recall {:5.1} %  ({} hidden, {} not)",
            share(self.right, self.wrong),
            share(self.right, self.missed),
            self.right + self.missed,
            self.wrong + self.calm
        )
    }
}

/// Runs the analyser on each frame as if it stood still, with a fresh memory.
#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn measure(dir: &Path, frames: &[Value]) {
    let mut analyser = LiveAnalyser::load(&ModelSource::from_env()).expect("net loads");
    let mut sights: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut cells, mut fields): ([Tally; 2], [Tally; 2]) = Default::default();
    let mut by_field: BTreeMap<Field, [Tally; 2]> = BTreeMap::new();
    let (mut off, mut took) = (Vec::new(), Vec::new());
    for truth in frames {
        let frame = picture(dir, truth);
        analyser.forget();
        let mut seen = Analysis::nothing(0);
        for step in 0..7 {
            seen = analyser.analyse(&frame, step * 33).expect("net runs");
            took.push(seen.took.as_secs_f64() * 1e3);
        }
        let shows = truth["shows"].as_str().unwrap_or("").to_owned();
        *sights.entry((shows.clone(), format!("{:?}", seen.sight))).or_default() += 1;
        if shows != "ktp" || seen.sight != Sight::Ktp {
            continue;
        }
        if let (Some(a), Some(b)) = (quad(truth), seen.quad) {
            off.push(f64::from(worst_corner(&a, &b)) * 100.0);
        }
        let sides = [
            ("glare", &seen.glare, &seen.glare_fields, 5),
            ("covered", &seen.cover, &seen.covered_fields, 3),
        ];
        for (side, (key, map, named, from)) in sides.into_iter().enumerate() {
            let grid = if key == "covered" { "cover" } else { key };
            let wanted = truth_map(truth[grid].as_str().expect("a grid"), from);
            (0..640).for_each(|i| cells[side].add(wanted.counts(i % 32, i / 32), map.counts(i % 32, i / 32)));
            let (hidden, unsure) =
                (listed(truth, &format!("{key}Fields")), listed(truth, &format!("{key}Unsure")));
            for field in Field::ALL.into_iter().filter(|field| !unsure.contains(field)) {
                fields[side].add(hidden.contains(&field), named.contains(&field));
                by_field.entry(field).or_default()[side].add(hidden.contains(&field), named.contains(&field));
            }
        }
    }
    println!("sights (truth, found): {sights:?}");
    println!("worst corner, % of width: {}", quantiles(&mut off));
    println!("took, ms: {}", quantiles(&mut took));
    for (side, name) in ["glare", "cover"].into_iter().enumerate() {
        println!("{name} cells   {}", cells[side].line());
        println!("{name} fields  {}", fields[side].line());
        for (field, tallies) in &by_field {
            println!("  {:14} {}", field.key(), tallies[side].line());
        }
    }
}

fn listed(truth: &Value, key: &str) -> Vec<Field> {
    let keys = truth[key].as_array().expect("a list of fields");
    keys.iter().filter_map(|key| Field::from_key(key.as_str()?)).collect()
}

fn truth_map(digits: &str, from: u8) -> CardMap {
    let digits = digits.as_bytes();
    CardMap::from_fn(|col, row| f32::from(u8::from(digits[row * CardMap::COLS + col] - b'0' >= from)))
}

fn quantiles(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get((values.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    format!("median {:.2}, p90 {:.2}, p95 {:.2}", at(0.5), at(0.9), at(0.95))
}

//! Measures the reader on a directory in the evaluation format.
//!
//! `measure DIR [--wrong] [--limit N] [--only PART_OF_NAME] [--rectified FOLDER]` prints exactness per field and kind, answered shares, confidently wrong NIKs,
//! corner errors, times, and of bursts each frame, the best one and all together; `--wrong` lists each wrong field (for synthetic cards only: it prints values).
//! Nets come from `LOKET_MODELS_DIR` or are the embedded ones.

use std::collections::BTreeMap;
use std::path::Path;

use frame::{DecodeLimits, Point, Quad, decode};
use inference::ModelSource;
use ktp::Field;
use serde_json::Value;
use vision::{Reader, Reading, Verdict};

#[derive(Default)]
struct Tally {
    scored: usize,
    exact: usize,
    answered: usize,
    answered_exact: usize,
}

/// A burst of one card: its truth and its readings.
#[derive(Default)]
struct Burst {
    truth: serde_json::Map<String, Value>,
    readings: Vec<Reading>,
}

impl Burst {
    /// Whether each field is read right.
    fn right(&self, reading: &Reading) -> BTreeMap<Field, bool> {
        let is_right = |(key, value): (&String, &Value)| {
            let field = Field::from_key(key)?;
            let answer = reading.fields.get(&field).and_then(|read| read.value.as_deref());
            Some((
                field,
                value.as_str().is_some_and(|value| answer.is_some_and(|answer| is_exact(answer, value))),
            ))
        };
        self.truth.iter().filter_map(is_right).collect()
    }
}

fn is_exact(answer: &str, value: &str) -> bool {
    if value == "-" { answer == "-" } else { compact(answer) == compact(value) }
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = Path::new(
        args.first()
            .expect("usage: measure DIR [--wrong] [--limit N] [--only PART_OF_NAME] [--rectified FOLDER]"),
    );
    let show_wrong = args.iter().any(|a| a == "--wrong");
    let limit = args
        .iter()
        .position(|a| a == "--limit")
        .and_then(|i| args.get(i + 1)?.parse().ok())
        .unwrap_or(usize::MAX);
    let only =
        args.iter().position(|a| a == "--only").and_then(|i| args.get(i + 1)).cloned().unwrap_or_default();
    let rectified = args
        .iter()
        .position(|a| a == "--rectified")
        .and_then(|i| args.get(i + 1))
        .map(std::path::PathBuf::from);
    let text = std::fs::read_to_string(dir.join("truth.json")).expect("truth.json is readable");
    let truth: Value = serde_json::from_str(&text).expect("truth.json is JSON");
    let started = std::time::Instant::now();
    let reader = Reader::load(&ModelSource::from_env()).expect("nets load");
    println!("load {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    let mut tallies: BTreeMap<(String, String), Tally> = BTreeMap::new();
    let (mut lost, mut confidently_wrong, mut cards) = (0, 0, 0);
    let mut times: Vec<[f64; 3]> = Vec::new();
    let mut corner_errors: Vec<f64> = Vec::new();
    let mut calibration = [(0usize, 0usize, 0f64); 10];
    let mut dump = String::new();
    let mut bursts: BTreeMap<String, Burst> = BTreeMap::new();
    for card in truth["cards"].as_array().expect("cards").iter().take(limit) {
        let file = card["file"].as_str().expect("file");
        if !file.contains(&only) {
            continue;
        }
        let kind = card["kind"].as_str().unwrap_or("all").to_owned();
        let picture = match decode(&std::fs::read(dir.join(file)).expect("picture"), &DecodeLimits::default())
        {
            Ok(picture) => picture,
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let reading = reader.read(&picture).expect("nets run");
        if let (Some(folder), Some(card)) = (&rectified, &reading.rectified) {
            let name = file.replace(['/', '\\'], "_");
            std::fs::write(folder.join(name), frame::encode_jpeg(card, 90)).expect("folder is writable");
        }
        times.push([reading.timings.localise_ms, reading.timings.read_ms, reading.timings.total_ms]);
        let Some(wanted) = card["truth"].as_object().filter(|t| !t.is_empty()) else {
            println!("{file}: {:?}", reading.verdict);
            continue;
        };
        cards += 1;
        if reading.verdict != Verdict::Ktp {
            lost += 1;
            println!("LOST {file} {kind} {:?}", reading.verdict);
        }
        if let (Some(quad), Some(truth)) = (reading.quad, corners(card)) {
            let off = quad.0.iter().zip(truth.0).map(|(a, b)| f64::from(a.distance(b))).sum::<f64>() / 4.0;
            corner_errors.push(100.0 * off / f64::from(truth.width()));
        }
        for (key, value) in wanted {
            let (Some(field), Some(value)) = (Field::from_key(key), value.as_str()) else { continue };
            let read = reading.fields.get(&field);
            let answer = read.and_then(|r| r.value.as_deref());
            let exact = answer.is_some_and(|answer| is_exact(answer, value));
            let confidence = read.map_or(0.0, |r| r.confidence);
            for group in [kind.clone(), "ALL".to_owned()] {
                for name in [key.clone(), "ALL".to_owned()] {
                    let tally = tallies.entry((name, group.clone())).or_default();
                    tally.scored += 1;
                    tally.exact += usize::from(exact);
                    tally.answered += usize::from(answer.is_some());
                    tally.answered_exact += usize::from(exact);
                }
            }
            if let Some(read) = read.filter(|r| r.value.is_some()) {
                let bin = &mut calibration[((read.confidence * 10.0) as usize).min(9)];
                *bin = (bin.0 + 1, bin.1 + usize::from(exact), bin.2 + f64::from(read.confidence));
            }
            confidently_wrong += usize::from(field == Field::Nik && confidence >= 0.99 && !exact);
            if show_wrong && !exact && reading.verdict == Verdict::Ktp {
                let printed = read.map_or("(not found)", |r| r.printed.as_str());
                println!(
                    "WRONG {file} {kind} {key}: {value:?} read {answer:?} at {confidence:.2}, printed {printed:?}"
                );
            }
            if let Some(read) = read {
                dump.push_str(&format!(
                    "{file}\t{kind}\t{key}\t{}\t{}\t{}\t{}\t{}\n",
                    u8::from(exact),
                    read.trust.log_likelihood,
                    read.trust.log_posterior,
                    read.trust.length,
                    u8::from(read.trust.supported)
                ));
            }
        }
        if let Some(sequence) = card["sequence"].as_str() {
            let burst = bursts.entry(sequence.to_owned()).or_default();
            burst.truth.clone_from(wanted);
            burst.readings.push(reading);
        }
    }
    if !bursts.is_empty() {
        tell_bursts(&reader, &bursts, show_wrong);
    }
    if !corner_errors.is_empty() {
        let mean = corner_errors.iter().sum::<f64>() / corner_errors.len() as f64;
        println!("corners: {mean:.3} % of the width off, mean over {} cards", corner_errors.len());
    }
    if let Some(path) = std::env::var_os("LOKET_MEASURE_DUMP") {
        std::fs::write(path, dump).expect("dump is writable");
    }
    let kinds: Vec<String> = tallies.keys().filter(|k| k.0 == "ALL").map(|k| k.1.clone()).collect();
    println!("{:14} {}", "exact %", kinds.iter().map(|k| format!("{k:>16}")).collect::<String>());
    let names: Vec<String> =
        Field::ALL.iter().map(|f| f.key().to_owned()).chain(["ALL".to_owned()]).collect();
    for name in names {
        let cell = |kind: &String| match tallies.get(&(name.clone(), kind.clone())) {
            Some(t) => {
                let share = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
                let right = share(t.answered_exact, t.answered);
                format!("{:>7.1} ({:>5.1})", share(t.exact, t.scored), right)
            }
            None => String::new(),
        };
        println!("{name:14} {}", kinds.iter().map(|k| format!("{:>16}", cell(k))).collect::<String>());
    }
    println!("cards {cards} lost {lost} confidently wrong NIK {confidently_wrong}");
    for (i, (n, right, sum)) in calibration.iter().enumerate().filter(|(_, c)| c.0 > 0) {
        println!(
            "confidence {:.1}: {n} answers, mean {:.3}, exact {:.3}",
            i as f64 / 10.0,
            sum / *n as f64,
            *right as f64 / *n as f64
        );
    }
    for (i, name) in ["localise", "read", "total"].iter().enumerate() {
        let mut ms: Vec<f64> = times.iter().map(|t| t[i]).collect();
        ms.sort_by(f64::total_cmp);
        if !ms.is_empty() {
            println!("{name}: median {:.0} ms, p90 {:.0} ms", ms[ms.len() / 2], ms[ms.len() * 9 / 10]);
        }
    }
}

/// Fields right in all frames together, in the best frame of each burst, and on average.
#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn tell_bursts(reader: &Reader, bursts: &BTreeMap<String, Burst>, show_wrong: bool) {
    let (mut fields, mut fused_right, mut best_right, mut all_right, mut frames) = (0, 0, 0, 0, 0);
    for (name, burst) in bursts {
        let fused = reader.read_together(&burst.readings).expect("nets run").expect("a burst has frames");
        let count = |right: &BTreeMap<Field, bool>| right.values().filter(|right| **right).count();
        let each: Vec<BTreeMap<Field, bool>> = burst.readings.iter().map(|r| burst.right(r)).collect();
        let together = burst.right(&fused);
        fields += together.len();
        fused_right += count(&together);
        best_right += each.iter().map(count).max().unwrap_or_default();
        all_right += each.iter().map(count).sum::<usize>();
        frames += each.len();
        for (field, _) in together.iter().filter(|(_, right)| show_wrong && !**right) {
            let said = |reading: &Reading| {
                let read = reading.fields.get(field);
                format!(
                    "{:?} at {:.2}",
                    read.and_then(|r| r.value.as_deref()),
                    read.map_or(0.0, |r| r.confidence)
                )
            };
            let frames: Vec<String> = burst.readings.iter().map(said).collect();
            println!(
                "BURST {name} {}: {} read {} of {frames:?}",
                field.key(),
                burst.truth[field.key()],
                said(&fused)
            );
        }
    }
    println!(
        "{} bursts of {fields} fields: together {fused_right}, best frames {best_right}, a frame {:.1}",
        bursts.len(),
        all_right as f64 * bursts.len() as f64 / frames as f64
    );
}

/// Where the card is, if the set says so.
fn corners(card: &Value) -> Option<Quad> {
    let at = |i: usize, axis: usize| Some(card["quad"].get(i)?.get(axis)?.as_f64()? as f32);
    let corner = |i: usize| Some(Point::new(at(i, 0)?, at(i, 1)?));
    Some(Quad([corner(0)?, corner(1)?, corner(2)?, corner(3)?]))
}

//! How good the preview is: frames shown a second, frames dropped, camera to screen, start to live picture, memory.
//! Run by `cargo xtask bench preview`.
//!
//! The window's canvas tells of every frame it draws; the time of the next paint after it is asked of the page. Behind a
//! virtual display there is no monitor, whose own delay is not in the figures. Memory is looked at over sessions that
//! begin, agree, see the camera and give up: `--sessions N`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod bench;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod visit;

use std::path::Path;
use std::time::{Duration, Instant};

use bench::Bench;
use serde_json::{Value, json};

/// How long frames are counted.
const WATCHED: Duration = Duration::from_secs(20);
/// Starts of the process that are measured; the middle one counts.
const STARTS: usize = 3;
/// Sessions over which memory is looked at, unless told otherwise.
const SESSIONS: usize = 50;
/// Looks at the memory in the course of the sessions.
const LOOKS: usize = 10;

/// Notes number and age of every frame at the first paint after it was drawn.
const WATCH: &str = "
    window.seen = [];
    addEventListener('frameshown', (event) => {
        const { seq, takenAtMs } = event.detail;
        requestAnimationFrame(() => window.seen.push([seq, performance.timeOrigin + performance.now() - takenAtMs]));
    });";

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len().saturating_sub(1)) as f64 * share).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}

async fn script(bench: &Bench, script: &str) -> Value {
    bench.driver.execute(script, Vec::new()).await.unwrap().json().clone()
}

/// Waits for the first frame on the screen.
async fn first_frame(bench: &Bench) {
    while script(bench, "return window.seen.length").await == json!(0) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// From the start of the process to its first screen, and from consent to the first frame, in ms.
async fn start() -> (f64, f64, Bench) {
    let begun = Instant::now();
    let bench = Bench::open_at((1366, 768), "shows_measures = true").await;
    bench.screen("start").await;
    let opened_ms = begun.elapsed().as_secs_f64() * 1000.0;
    // Analysis runs for as long as there is no card to take.
    bench.play("empty").await;
    bench.press("main .button.primary").await;
    bench.screen("consent").await;
    script(&bench, WATCH).await;
    let agreed = Instant::now();
    bench.press(".choices button:last-child").await;
    first_frame(&bench).await;
    (opened_ms, agreed.elapsed().as_secs_f64() * 1000.0, bench)
}

/// Resident bytes in the course of `sessions` sessions, evenly spread.
async fn memory_over(bench: &Bench, sessions: usize) -> Vec<u64> {
    let mut looks = Vec::new();
    for session in 0..sessions {
        bench.begin().await;
        script(bench, "window.seen.length = 0").await;
        first_frame(bench).await;
        bench.give_up().await;
        if (session + 1) % sessions.div_ceil(LOOKS) == 0 {
            looks.extend(resident_bytes(&bench.data_dir()));
        }
    }
    looks
}

async fn measure(sessions: usize) -> Value {
    let (mut opened, mut live) = (Vec::new(), Vec::new());
    for _start in 1..STARTS {
        let (opened_ms, live_ms, bench) = start().await;
        opened.push(opened_ms);
        live.push(live_ms);
        bench.close().await;
    }
    let (opened_ms, live_ms, bench) = start().await;
    opened.push(opened_ms);
    live.push(live_ms);
    tokio::time::sleep(Duration::from_secs(2)).await;
    script(&bench, "window.seen.length = 0").await;
    let begun = Instant::now();
    tokio::time::sleep(WATCHED).await;
    let seen: Vec<(u64, f64)> = serde_json::from_value(script(&bench, "return window.seen").await).unwrap();
    let watched_s = begun.elapsed().as_secs_f64();
    let watching_bytes = resident_bytes(&bench.data_dir());
    bench.give_up().await;
    let session_bytes = memory_over(&bench, sessions).await;
    bench.close().await;
    let numbers = seen.iter().map(|(seq, _)| *seq);
    let offered = numbers.clone().max().zip(numbers.min()).map_or(0, |(last, first)| last - first + 1);
    let mut ages: Vec<f64> = seen.iter().map(|(_, age_ms)| *age_ms).collect();
    json!({
        "shownPerSecond": seen.len() as f64 / watched_s,
        "offeredPerSecond": offered as f64 / watched_s,
        "droppedShare": 1.0 - seen.len() as f64 / offered.max(1) as f64,
        "cameraToScreenMs": { "p50": percentile(&mut ages, 0.5), "p95": percentile(&mut ages, 0.95) },
        "processToWindowMs": percentile(&mut opened, 0.5),
        "consentToLiveMs": percentile(&mut live, 0.5),
        "residentBytes": { "watching": watching_bytes, "sessions": sessions, "inTheirCourse": session_bytes },
    })
}

/// Resident memory of the application's own process; the web view's processes are not in it.
fn resident_bytes(data_dir: &Path) -> Option<u64> {
    let folder = format!("LOKET_DATA_DIR={}", data_dir.display());
    let binary = Path::new(env!("CARGO_BIN_EXE_loket"));
    let processes = std::fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path());
    let mut windows = processes.filter(|process| {
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        std::fs::read_link(process.join("exe")).is_ok_and(|exe| exe == binary)
            && environment.split(|byte| *byte == 0).any(|pair| pair == folder.as_bytes())
    });
    let status = std::fs::read_to_string(windows.next()?.join("status")).ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
    Some(kib.parse::<u64>().ok()? * 1024)
}

#[allow(clippy::print_stdout, reason = "the figures are the output")]
fn main() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let mut arguments = std::env::args().skip_while(|argument| argument != "--sessions").skip(1);
    let sessions =
        arguments.next().map_or(SESSIONS, |number| number.parse().expect("--sessions takes a number"));
    let figures = runtime.block_on(measure(sessions));
    println!("{}", serde_json::to_string_pretty(&figures).expect("figures are JSON"));
}

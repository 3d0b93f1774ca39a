//! How long the live analysis of one 1280×720 frame takes: a card that is followed, and a frame without one.
//!
//! `cargo bench -p vision --bench live`. The target is 25 ms on one core.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use frame::{DecodeLimits, Frame, decode};
use inference::ModelSource;
use vision::live::{LiveAnalyser, Sight};

fn recorded() -> Frame {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-capture/frame-06.jpg");
    let bytes = std::fs::read(path).expect("the recording comes with the sources");
    decode(&bytes, &DecodeLimits::default()).expect("it is a JPEG")
}

fn live(bench: &mut Criterion) {
    let mut analyser = LiveAnalyser::load(&ModelSource::from_env()).expect("the nets come with the sources");
    let (card, desk) = (recorded(), Frame::filled(1280, 720, [120, 110, 100]));
    let mut at_ms = 0;
    let mut look = |frame: &Frame| {
        at_ms += 33;
        analyser.analyse(black_box(frame), at_ms).expect("the nets run")
    };
    // The card is found before it is followed.
    let seen = (0..8).map(|_| look(&card).sight).last();
    assert_eq!(seen, Some(Sight::Ktp), "the recording shows a card");
    bench.bench_function("live/card", |b| b.iter(|| look(&card)));
    bench.bench_function("live/nothing", |b| b.iter(|| look(&desk)));
}

criterion_group!(benches, live);
criterion_main!(benches);

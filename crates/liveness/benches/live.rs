//! How long one live frame of a selfie takes: analysis by the three nets, and everything a sitting remembers.

use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use frame::{DecodeLimits, Frame};
use inference::ModelSource;
use liveness::{FaceReader, SelfieAnalyser, Sitting};

fn frames() -> Vec<Frame> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/selfie");
    let read = |nth: usize| {
        let bytes = std::fs::read(folder.join(format!("frame-{nth}.jpg"))).expect("a test picture");
        frame::decode(&bytes, &DecodeLimits::default()).expect("a sound picture")
    };
    (0..8).map(read).collect()
}

fn live(criterion: &mut Criterion) {
    let reader = Arc::new(FaceReader::load(&ModelSource::Embedded).expect("the nets are built in"));
    let frames = frames();
    let (mut analyser, mut sitting) = (SelfieAnalyser::new(reader), Sitting::default());
    let mut nth = 0;
    criterion.bench_function("a live frame of a selfie", |bencher| {
        bencher.iter(|| {
            nth += 1;
            let frame = &frames[nth % frames.len()];
            let at_ms = nth as u64 * 33;
            let look = analyser.analyse(frame, at_ms).expect("the nets run");
            sitting.see(frame, at_ms, &look, None);
        });
    });
}

criterion_group!(benches, live);
criterion_main!(benches);

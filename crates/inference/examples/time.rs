//! Times nets in the runtime, one thread: what a change of architecture costs where it counts.
//!
//! `time FILE.onnx 1x1x32x320 [FILE SHAPE …]` prints the median and the least of a hundred runs, in milliseconds.
//! Deliberately lacks accuracy: `nets.evaluate` measures it.

use std::path::Path;
use std::time::Instant;

use inference::{Model, ModelSource, Models, Tensor};
use sha2::{Digest, Sha256};

const RUNS: usize = 100;

#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for pair in arguments.chunks_exact(2) {
        let shape: Vec<usize> =
            pair[1].split('x').map(|side| side.parse().expect("sides are numbers")).collect();
        let model = load(Path::new(&pair[0]));
        let values = (0..shape.iter().product::<usize>()).map(|i| (i % 17) as f32 / 9.0 - 1.0).collect();
        let input = Tensor::new(&shape, values).expect("as many values as the shape asks for");
        model.prepare(&shape).expect("the net takes this shape");
        let mut took_ms: Vec<f64> = (0..RUNS)
            .map(|_| {
                let started = Instant::now();
                model.run(&input).expect("the net runs");
                started.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        took_ms.sort_by(f64::total_cmp);
        println!("{:9.2} {:9.2}  {} {}", took_ms[RUNS / 2], took_ms[0], pair[0], pair[1]);
    }
}

/// Nets run only as a manifest names them, so the file gets one of its own.
fn load(file: &Path) -> Box<dyn Model> {
    let bytes = std::fs::read(file).expect("the file is readable");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let digest = hex::encode(Sha256::digest(&bytes));
    let manifest = format!("[[model]]\nname = \"net\"\nfile = \"net.onnx\"\nsha256 = \"{digest}\"\n");
    std::fs::write(folder.path().join("manifest.toml"), manifest).expect("the folder is writable");
    std::fs::write(folder.path().join("net.onnx"), bytes).expect("the folder is writable");
    let models =
        Models::open(&ModelSource::Directory(folder.path().to_owned())).expect("the manifest is valid");
    models.load("net").expect("a net the runtime knows")
}

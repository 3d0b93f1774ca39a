//! Renders a named scene's frames as pictures: `cargo run -p camera --example render_scene -- glare DIR [EVERY_MS]`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use camera::scene::{Scene, Script};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, dir, rest @ ..] = args.as_slice() else { return Err("name a scene and a folder".into()) };
    let every_ms: u64 = rest.first().map_or(Ok(1_000), |text| text.parse())?;
    let script = Script::named(name).ok_or("no such scene")?;
    let mut scene = Scene::new(&script, 1);
    for at_ms in (0..=script.end_ms() + 1_000).step_by(every_ms.max(1) as usize) {
        let started = Instant::now();
        let frame = scene.frame_at(at_ms);
        let took = started.elapsed();
        let path = Path::new(dir).join(format!("{name}-{at_ms:05}.jpg"));
        std::fs::write(&path, frame::encode_jpeg(&frame, 90))?;
        let truth = scene.truth_at(at_ms);
        eprintln!("{}: {took:.1?}, {truth:?}", path.display());
    }
    Ok(())
}

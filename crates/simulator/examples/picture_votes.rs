//! Prints the picture voters' measures for files, one line each: how thresholds are tuned and checked.
//! Invariant: it decides exactly as the server does. Deliberately lacks flash and field votes.

use anyhow::Context;

#[expect(clippy::print_stdout, reason = "a command line tool prints")]
fn main() -> anyhow::Result<()> {
    for path in std::env::args().skip(1) {
        let picture = image::open(&path).with_context(|| path.clone())?.to_rgb8();
        let votes = simulator::picture_votes(&[picture], &simulator::CheckParams::default());
        let line: Vec<String> = votes
            .into_iter()
            .map(|(name, passed, reason)| format!("{name}={}({reason})", if passed { "ok" } else { "NO" }))
            .collect();
        println!("{path}\t{}", line.join("\t"));
    }
    Ok(())
}

//! One frame of a script as a line: the truth, what was seen, what is shown.
//!
//! Invariant: the scene's cards are of invented people, and no value of theirs is in a line.

use camera::scene::SceneTruth;
use engine::live::GuidedView;
use vision::live::Analysis;

use super::causes::Causes;

/// The line of a frame.
pub fn line(truth: &SceneTruth, view: &GuidedView) -> String {
    let causes = Causes::of(truth, truth.speed);
    let seen = view.analysis.as_deref().map(seen).unwrap_or_default();
    let session = &view.session;
    format!(
        "{:>5} {:<11} | {seen} | {:?} {:?}",
        truth.at_ms,
        causes.primary().map_or_else(|| "-".to_owned(), |code| format!("{code:?}")),
        session.hint.code,
        session.phase
    )
}

fn seen(analysis: &Analysis) -> String {
    format!(
        "{:?} w {:.2} tilt {:>4.1} turn {:>6.1} cut {:?} motion {:.2} sharp {:.2} bright {:.2} glare {:?} cover {:?} took {:.0} ms",
        analysis.sight,
        analysis.width_share,
        analysis.perspective_degrees,
        analysis.rotation_degrees,
        analysis.cut_off,
        analysis.motion,
        analysis.sharpness,
        analysis.brightness,
        analysis.glare_fields,
        analysis.covered_fields,
        analysis.took.as_secs_f64() * 1e3
    )
}

//! `flash_reflectance` and `flash_depth`: what the face made of the screen's light.
//!
//! In linear light every region comes back as ambient light plus a share of the screen's colour. The share is fitted over
//! the steps of the challenge. A replayed screen does not follow the colours. A flat print does, but
//! its face follows them exactly as the rest of the sheet does, and all of it alike, while a head is nearer than its room
//! and turns away from the light towards its edges. Deliberately lacks absolute reflectance: cameras adjust themselves.

use super::fuse::{Outcome, Vote, Voter};
use super::glimpse::{CELLS, Glimpse, linear};

/// Thresholds of both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlashVoteParams {
    /// Least share of the steps that must have been seen.
    pub least_steps: f32,
    /// Least correlation of issued and received light.
    pub least_correlation: f32,
    /// Least swing of the face's light, as a share of its level: less is noise, whatever it correlates with.
    pub least_swing: f32,
    /// The face follows the light at least so many times as much as the room around it.
    pub least_depth: f32,
    /// Least relative spread of the share over the face.
    pub least_relief: f32,
    /// Swings below this are too faint to tell a solid face from a flat one.
    pub faint_swing: f32,
}

impl Default for FlashVoteParams {
    fn default() -> Self {
        Self {
            least_steps: 0.6,
            least_correlation: 0.7,
            least_swing: 0.02,
            least_depth: 1.2,
            least_relief: 0.09,
            faint_swing: 0.05,
        }
    }
}

/// Mean light of one region under each seen step.
type Series = Vec<[f32; 3]>;

struct Seen {
    /// The screen's light, linear.
    issued: Series,
    skin: Series,
    ring: Series,
    /// Per cell.
    cells: Vec<Series>,
}

/// Both votes on a challenge of these colours; nothing if none was shown.
pub(super) fn votes(colours: &[[u8; 3]], glimpses: &[Glimpse], params: &FlashVoteParams) -> Vec<Vote> {
    if colours.is_empty() {
        return Vec::new();
    }
    let seen = gather(colours, glimpses);
    let steps = seen.issued.len();
    if steps < 3 || (steps as f32) < params.least_steps * colours.len() as f32 {
        let reason = format!("{steps} of {} colours seen", colours.len());
        return vec![Vote::new(Voter::FlashReflectance, Outcome::Failed, reason)];
    }
    let fit = Fit::best(&seen.issued, &seen.skin);
    let follows = fit.correlation >= params.least_correlation && fit.share >= params.least_swing;
    let reason = format!("correlation {:.2}, swing {:.3}, {steps} colours", fit.correlation, fit.share);
    let reflectance = Vote::of(Voter::FlashReflectance, follows, reason);
    let depth = if follows { depth(&seen, &fit, params) } else { unseen("the light was not followed") };
    vec![reflectance, depth]
}

fn unseen(reason: &str) -> Vote {
    Vote::new(Voter::FlashDepth, Outcome::Abstained, reason.to_owned())
}

fn depth(seen: &Seen, face: &Fit, params: &FlashVoteParams) -> Vote {
    if face.share < params.faint_swing {
        return unseen("the light is too faint");
    }
    let room = Fit::of(face.measure, &seen.issued, &seen.ring);
    // A room that does not follow at all is far away.
    let depth = face.share / room.share.max(0.01);
    let relief = relief(seen, face.measure);
    let is_solid = depth >= params.least_depth && relief >= params.least_relief;
    Vote::of(Voter::FlashDepth, is_solid, format!("nearer by {depth:.2}, relief {relief:.3}"))
}

/// How unevenly the face follows: the spread of the cells' shares, over their mean.
fn relief(seen: &Seen, measure: Measure) -> f32 {
    let inner = |at: usize| {
        let (row, column) = (at / CELLS, at % CELLS);
        (1..CELLS).contains(&row) && (0..CELLS).contains(&column)
    };
    let shares: Vec<f32> = seen
        .cells
        .iter()
        .enumerate()
        .filter(|(at, _)| inner(*at))
        .map(|(_, cell)| Fit::of(measure, &seen.issued, cell).share)
        .collect();
    let mean = shares.iter().sum::<f32>() / shares.len().max(1) as f32;
    let spread = (shares.iter().map(|s| (s - mean).powi(2)).sum::<f32>() / shares.len().max(1) as f32).sqrt();
    spread / mean.max(1e-3)
}

/// What the settled frames of each step show.
fn gather(colours: &[[u8; 3]], glimpses: &[Glimpse]) -> Seen {
    let mut seen = Seen { issued: vec![], skin: vec![], ring: vec![], cells: vec![vec![]; CELLS * CELLS] };
    for (step, colour) in colours.iter().enumerate() {
        let of_step: Vec<&Glimpse> = glimpses.iter().filter(|g| g.lit == Some((step, true))).collect();
        if of_step.is_empty() {
            continue;
        }
        let mean = |value: &dyn Fn(&Glimpse) -> [f32; 3]| {
            let mut sums = [0.0; 3];
            for glimpse in &of_step {
                sums.iter_mut().zip(value(glimpse)).for_each(|(sum, v)| *sum += v);
            }
            sums.map(|sum| sum / of_step.len() as f32)
        };
        seen.issued.push(colour.map(|code| linear(f32::from(code))));
        seen.skin.push(mean(&|g| g.skin));
        seen.ring.push(mean(&|g| g.ring));
        for (at, cell) in seen.cells.iter_mut().enumerate() {
            cell.push(mean(&|g| g.cells.get(at).copied().unwrap_or_default()));
        }
    }
    seen
}

/// What is compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Each channel's light.
    Light,
    /// Red and blue against green: what is left of the light once the camera has adjusted its exposure to it.
    Tint,
}

impl Measure {
    /// The screen's light in this measure.
    fn issued(self, [r, g, b]: [f32; 3]) -> Vec<f32> {
        match self {
            Self::Light => vec![r, g, b],
            Self::Tint => vec![r - g, b - g],
        }
    }

    /// A region's light in this measure. A little light added to one channel moves it by the same share in either.
    fn received(self, light: [f32; 3], mean: [f32; 3]) -> Vec<f32> {
        let ratio = |channel: usize| light[channel].max(1e-4) / mean[channel].max(1e-4);
        match self {
            Self::Light => (0..3).map(|channel| ratio(channel) - 1.0).collect(),
            Self::Tint => [0, 2].iter().map(|channel| (ratio(*channel) / ratio(1)).ln()).collect(),
        }
    }
}

/// A straight line from the screen's light to a region's.
struct Fit {
    measure: Measure,
    correlation: f32,
    /// Light gained from a fully lit channel, over the region's own level.
    share: f32,
}

impl Fit {
    /// In the measure that the region follows better.
    fn best(issued: &Series, received: &Series) -> Self {
        let (light, tint) =
            (Self::of(Measure::Light, issued, received), Self::of(Measure::Tint, issued, received));
        if tint.correlation > light.correlation { tint } else { light }
    }

    fn of(measure: Measure, issued: &Series, received: &Series) -> Self {
        let count = issued.len().max(1) as f32;
        let mean = [0, 1, 2].map(|channel| received.iter().map(|v| v[channel]).sum::<f32>() / count);
        let x = centred(issued.iter().map(|v| measure.issued(*v)).collect());
        let y = centred(received.iter().map(|v| measure.received(*v, mean)).collect());
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let (xy, xx, yy) = (product(&x, &y), product(&x, &x), product(&y, &y));
        Self { measure, correlation: xy / (xx * yy).sqrt().max(1e-9), share: xy / xx.max(1e-6) }
    }
}

/// All values with the mean of their column taken out.
fn centred(rows: Vec<Vec<f32>>) -> Vec<f32> {
    let count = rows.len().max(1) as f32;
    let columns = rows.first().map_or(0, Vec::len);
    let means: Vec<f32> = (0..columns).map(|c| rows.iter().map(|row| row[c]).sum::<f32>() / count).collect();
    rows.iter().flat_map(|row| row.iter().zip(&means).map(|(value, mean)| value - mean)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURS: [[f32; 3]; 5] =
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]];

    /// Skin under ambient light and a share of the colours, seen by a camera that takes back this much of what is added.
    fn skin(share: f32, adjusts: f32, shift: usize) -> Series {
        let albedo = [0.4, 0.25, 0.2];
        let lit = |step: usize| {
            let colour = COLOURS[(step + shift) % 5];
            let light: [f32; 3] = std::array::from_fn(|c| albedo[c] * (1.0 + share * colour[c]));
            let added = colour.iter().sum::<f32>() * share / 3.0;
            light.map(|v| v / (1.0 + adjusts * added))
        };
        (0..5).map(lit).collect()
    }

    #[test]
    fn the_light_is_followed_even_by_a_camera_that_adjusts_itself() {
        let issued = COLOURS.to_vec();
        for (share, adjusts) in [(0.3, 0.0), (0.1, 0.0), (0.3, 1.0), (0.1, 1.5)] {
            let fit = Fit::best(&issued, &skin(share, adjusts, 0));
            assert!(fit.correlation > 0.9, "{share} {adjusts}: {}", fit.correlation);
            assert!((fit.share / share - 1.0).abs() < 0.35, "{share} {adjusts}: {}", fit.share);
        }
        for shift in 1..5 {
            let fit = Fit::best(&issued, &skin(0.3, 0.5, shift));
            assert!(fit.correlation < 0.6, "{shift}: {}", fit.correlation);
        }
        assert!(Fit::best(&issued, &skin(0.0, 0.0, 0)).share.abs() < 0.01);
    }
}

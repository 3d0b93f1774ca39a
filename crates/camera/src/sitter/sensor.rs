//! A webcam: exposure that follows slowly, white balance that drifts, a tone curve, noise, and perhaps JPEG.
//!
//! Invariant: the same seed and the same light at the same times give the same frames. Deliberately absent: lens errors and
//! rolling shutter.

use frame::{DecodeLimits, Frame};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::canvas::Canvas;

/// How a camera takes pictures.
#[derive(Clone, Copy, Debug)]
pub struct SensorParams {
    /// Noise over what the room's light gives; 0 for none.
    pub noise: f32,
    /// Slow change of exposure, as a share.
    pub exposure_drift: f32,
    /// Slow change of the white balance, as a share.
    pub balance_drift: f32,
    /// Share of a change of light that automatic exposure takes out in the end.
    pub auto_exposure: f32,
    /// How long that takes.
    pub settling_ms: f32,
    /// Quality of the JPEGs that the camera sends; `None` for raw frames.
    pub jpeg_quality: Option<u8>,
}

impl Default for SensorParams {
    fn default() -> Self {
        Self {
            noise: 1.0,
            exposure_drift: 0.008,
            balance_drift: 0.004,
            auto_exposure: 0.25,
            settling_ms: 1_200.0,
            jpeg_quality: None,
        }
    }
}

/// Entries of the noise's table; a power of two.
const GRAINS: usize = 1 << 16;
/// Entries of the tone curve, over light from 0 to [`CEILING`].
const ENTRIES: usize = 1 << 14;
const CEILING: f32 = 2.0;
/// Light above which the curve bends, so that highlights do not tear off.
const SHOULDER: f32 = 0.75;

/// A camera.
pub struct Sensor {
    params: SensorParams,
    deviation: f32,
    rng: ChaCha8Rng,
    grains: Vec<[f32; 3]>,
    curve: Vec<f32>,
    phases: [f32; 3],
    /// Mean light that the exposure has settled at, and when it was last looked at.
    settled: Option<(f32, u64)>,
    first_mean: f32,
}

impl Sensor {
    /// A camera whose noise has this standard deviation, in codes.
    pub fn new(params: SensorParams, noise: f32, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xCA3E);
        let deviation = params.noise * noise;
        let grains = if deviation > 0.0 { grains(&mut rng) } else { Vec::new() };
        let phases = std::array::from_fn(|_| rng.random_range(0.0..std::f32::consts::TAU));
        let curve = (0..ENTRIES).map(|entry| coded(entry as f32 * CEILING / (ENTRIES - 1) as f32)).collect();
        Self { params, deviation, rng, grains, curve, phases, settled: None, first_mean: 1.0 }
    }

    /// The frame that this light leaves.
    pub fn expose(&mut self, canvas: &Canvas, at_ms: u64) -> Frame {
        let gains = self.gains(canvas, at_ms);
        let mut bytes = vec![0; canvas.pixels.len() * 3];
        let step = (ENTRIES - 1) as f32 / CEILING;
        let rows = canvas.pixels.chunks_exact(canvas.width());
        for (row, coded) in rows.zip(bytes.chunks_exact_mut(canvas.width() * 3)) {
            let start = self.rng.next_u32() as usize;
            for (x, (pixel, three)) in row.iter().zip(coded.chunks_exact_mut(3)).enumerate() {
                let grain = self.grains.get((start + x) & (GRAINS - 1)).copied().unwrap_or_default();
                for channel in 0..3 {
                    let entry = (pixel[channel] * gains[channel] * step) as usize;
                    let code = self.curve[entry.min(ENTRIES - 1)];
                    // Shadows are gained more, hence noisier.
                    let noise = grain[channel] * self.deviation * (1.35 - code / 300.0);
                    three[channel] = (code + noise + 0.5) as u8;
                }
            }
        }
        let frame = Frame::new(canvas.width() as u32, canvas.height() as u32, bytes);
        self.packed(frame.expect("three bytes for every pixel"))
    }

    fn packed(&self, frame: Frame) -> Frame {
        let Some(quality) = self.params.jpeg_quality else { return frame };
        let bytes = frame::encode_jpeg(&frame, quality);
        frame::decode(&bytes, &DecodeLimits::default()).unwrap_or(frame)
    }

    fn gains(&mut self, canvas: &Canvas, at_ms: u64) -> [f32; 3] {
        let seconds = at_ms as f32 / 1000.0;
        let slow = |hertz: f32, phase: f32| (std::f32::consts::TAU * hertz * seconds + phase).sin();
        let exposure = 1.0 + self.params.exposure_drift * slow(0.09, self.phases[0]);
        let exposure = exposure * self.automatic(canvas, at_ms);
        let red = 1.0 + self.params.balance_drift * slow(0.05, self.phases[1]);
        let blue = 1.0 + self.params.balance_drift * slow(0.07, self.phases[2]);
        [exposure * red, exposure, exposure * blue]
    }

    /// The gain that automatic exposure has reached.
    fn automatic(&mut self, canvas: &Canvas, at_ms: u64) -> f32 {
        let some = canvas.pixels.iter().step_by(97);
        let count = some.len().max(1) as f32;
        let mean = (some.map(|pixel| pixel[1]).sum::<f32>() / count).max(1e-4);
        let (settled, before_ms) = self.settled.unwrap_or_else(|| {
            self.first_mean = mean;
            (mean, at_ms)
        });
        let passed = at_ms.saturating_sub(before_ms) as f32;
        let settled = mean + (settled - mean) * (-passed / self.params.settling_ms).exp();
        self.settled = Some((settled, at_ms));
        (self.first_mean / settled).powf(self.params.auto_exposure)
    }
}

/// sRGB with a soft end, in codes.
fn coded(light: f32) -> f32 {
    let room = 1.0 - SHOULDER;
    let held =
        if light > SHOULDER { SHOULDER + room * (1.0 - (-(light - SHOULDER) / room).exp()) } else { light };
    let value = if held <= 0.003_130_8 { held * 12.92 } else { 1.055 * held.powf(1.0 / 2.4) - 0.055 };
    value.clamp(0.0, 1.0) * 255.0
}

/// Noise of unit deviation: brightness more than colour, and a little smeared as interpolated sensors are.
fn grains(rng: &mut ChaCha8Rng) -> Vec<[f32; 3]> {
    let mut normal = || {
        let (u, v): (f32, f32) = (rng.random_range(1e-6..1.0), rng.random_range(0.0..1.0));
        (-2.0 * u.ln()).sqrt() * (std::f32::consts::TAU * v).cos()
    };
    let mut before = [0.0; 3];
    (0..GRAINS)
        .map(|_| {
            let common = normal();
            let fresh: [f32; 3] = std::array::from_fn(|_| 0.8 * common + 0.6 * normal());
            let grain = std::array::from_fn(|i| 0.85 * fresh[i] + 0.5 * before[i]);
            before = fresh;
            grain
        })
        .collect()
}

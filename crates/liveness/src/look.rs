//! What one frame of a selfie shows.

use frame::{Frame, Gray};

/// Width that frames are measured at: faces have no finer detail that matters for focus.
const WORK_WIDTH_PX: u32 = 320;
/// Focus is how much of the contrast lies between neighbouring pixels; this much is a crisp face.
const CRISP: f32 = 0.25;

/// The oval that the person is asked to fill, as shares of the frame's height around its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oval {
    /// Half its width.
    pub half_width: f32,
    /// Half its height.
    pub half_height: f32,
}

impl Default for Oval {
    /// A face at arm's length before a webcam of 60 to 80 degrees.
    fn default() -> Self {
        Self { half_width: 0.27, half_height: 0.36 }
    }
}

impl Oval {
    fn contains(self, x: u32, y: u32, width: u32, height: u32) -> bool {
        let tall = height as f32;
        let dx = (x as f32 + 0.5 - width as f32 / 2.0) / (self.half_width * tall);
        let dy = (y as f32 + 0.5 - tall / 2.0) / (self.half_height * tall);
        dx * dx + dy * dy <= 1.0
    }
}

/// What one frame shows inside the oval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SelfieLook {
    /// Median brightness.
    pub brightness: f32,
    /// Share of the colour of skin, of any tone.
    pub skin: f32,
    /// Spread of the brightness: a blank wall has none.
    pub contrast: f32,
    /// Sharpness, 1 for crisp.
    pub sharpness: f32,
    /// Mean change since the frame before.
    pub motion: f32,
}

/// Looks at one frame after the other.
#[derive(Clone, Debug, Default)]
pub struct SelfieAnalyser {
    oval: Oval,
    before: Option<Gray>,
}

impl SelfieAnalyser {
    /// Measures a frame.
    pub fn analyse(&mut self, frame: &Frame) -> SelfieLook {
        let height = (frame.height() * WORK_WIDTH_PX / frame.width().max(1)).max(1);
        let small = frame.resized(WORK_WIDTH_PX, height);
        let gray = small.to_gray();
        let (mut lumas, mut skin, mut detail, mut change) = (Vec::new(), 0usize, 0.0f64, 0u64);
        for y in 1..height.saturating_sub(1) {
            for x in 1..WORK_WIDTH_PX - 1 {
                if !self.oval.contains(x, y, WORK_WIDTH_PX, height) {
                    continue;
                }
                let luma = gray.row(y)[x as usize];
                lumas.push(luma);
                skin += usize::from(is_skin(small.pixel(x, y)));
                detail += f64::from(difference(&gray, x, y)).powi(2);
                if let Some(before) = self.before.as_ref().filter(|before| before.height() == height) {
                    change += u64::from(before.row(y)[x as usize].abs_diff(luma));
                }
            }
        }
        self.before = Some(gray);
        of_counts(&mut lumas, skin, detail, change)
    }

    /// Forgets the frame before: the next one has no motion.
    pub fn forget(&mut self) {
        self.before = None;
    }
}

fn of_counts(lumas: &mut [u8], skin: usize, detail: f64, change: u64) -> SelfieLook {
    if lumas.is_empty() {
        return SelfieLook::default();
    }
    let count = lumas.len() as f64;
    let mean = lumas.iter().map(|luma| f64::from(*luma)).sum::<f64>() / count;
    let spread = (lumas.iter().map(|luma| (f64::from(*luma) - mean).powi(2)).sum::<f64>() / count).sqrt();
    lumas.sort_unstable();
    let fine = (detail / count).sqrt();
    SelfieLook {
        brightness: f32::from(lumas[lumas.len() / 2]) / 255.0,
        skin: (skin as f64 / count) as f32,
        contrast: (spread / 255.0) as f32,
        sharpness: ((fine / spread.max(1.0)) as f32 / CRISP).min(1.0),
        motion: (change as f64 / count / 255.0) as f32,
    }
}

/// The larger of the two differences to the next pixels.
fn difference(gray: &Gray, x: u32, y: u32) -> u8 {
    let at = gray.row(y)[x as usize];
    at.abs_diff(gray.row(y)[x as usize + 1]).max(at.abs_diff(gray.row(y + 1)[x as usize]))
}

/// Within the chroma of skin, which hardly depends on its tone (Chai and Ngan 1999), widened for coloured indoor light.
fn is_skin([r, g, b]: [u8; 3]) -> bool {
    let [r, g, b] = [f32::from(r), f32::from(g), f32::from(b)];
    let cb = 128.0 - 0.169 * r - 0.331 * g + 0.5 * b;
    let cr = 128.0 + 0.5 * r - 0.419 * g - 0.081 * b;
    (85.0..=127.0).contains(&cb) && (134.0..=180.0).contains(&cr)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A skin-coloured disc with two dark dots before a wall, `blur` pixels soft.
    fn face(skin: [u8; 3], blur: u32) -> Frame {
        let (width, height) = (640u32, 480u32);
        let mut data = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            for x in 0..width {
                let near =
                    |cx: f32, cy: f32, r: f32| (x as f32 - cx).powi(2) + (y as f32 - cy).powi(2) < r * r;
                let is_feature =
                    near(270.0, 210.0, 14.0) || near(370.0, 210.0, 14.0) || near(320.0, 310.0, 20.0);
                let rgb = match (near(320.0, 240.0, 150.0), is_feature) {
                    (true, true) => [40, 25, 20],
                    (true, false) => skin,
                    (false, _) => [120, 130, 140],
                };
                data.extend(rgb);
            }
        }
        let sharp = Frame::new(width, height, data).unwrap();
        if blur > 1 { sharp.resized(width / blur, height / blur).resized(width, height) } else { sharp }
    }

    fn look(frame: &Frame) -> SelfieLook {
        SelfieAnalyser::default().analyse(frame)
    }

    #[test]
    fn skin_of_any_tone_is_seen_and_walls_are_not() {
        for tone in [[240, 200, 175], [200, 150, 120], [140, 95, 70], [85, 55, 42]] {
            assert!(look(&face(tone, 1)).skin > 0.5, "{tone:?}");
        }
        for wall in [[120, 130, 140], [250, 250, 250], [40, 80, 40], [10, 10, 12]] {
            assert!(look(&Frame::filled(640, 480, wall)).skin < 0.01, "{wall:?}");
        }
    }

    #[test]
    fn blur_darkness_and_motion_are_measured() {
        let sharp = look(&face([200, 150, 120], 1));
        let soft = look(&face([200, 150, 120], 40));
        assert!(sharp.sharpness > 1.5 * soft.sharpness, "{sharp:?} {soft:?}");
        assert!(look(&face([30, 22, 18], 1)).brightness < 0.15);
        let mut analyser = SelfieAnalyser::default();
        assert_eq!(analyser.analyse(&face([200, 150, 120], 1)).motion, 0.0);
        assert!(analyser.analyse(&face([200, 150, 120], 1)).motion < 0.001);
        assert!(analyser.analyse(&Frame::filled(640, 480, [20, 20, 20])).motion > 0.2);
        analyser.forget();
        assert_eq!(analyser.analyse(&face([200, 150, 120], 1)).motion, 0.0);
    }

    #[test]
    fn tiny_frames_break_nothing() {
        for (width, height) in [(1, 1), (2, 3), (1, 400), (400, 1)] {
            let look = look(&Frame::filled(width, height, [200, 150, 120]));
            assert!(
                [look.brightness, look.skin, look.sharpness].iter().all(|share| (0.0..=1.0).contains(share))
            );
        }
    }
}

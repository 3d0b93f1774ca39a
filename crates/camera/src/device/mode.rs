//! The modes a camera offers, and which one to take.

/// How a mode codes pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Motion JPEG: shown to the window as it comes.
    Mjpeg,
    /// YUYV 4:2:2.
    Yuyv,
}

/// One mode of a camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// How pixels are coded.
    pub format: PixelFormat,
    /// Width.
    pub width_px: u32,
    /// Height.
    pub height_px: u32,
    /// Seconds between frames as numerator and denominator: 1001/30000 is 29.97 a second. `None`: it does not say.
    pub interval: Option<(u32, u32)>,
}

impl Mode {
    /// Frames a second; 0 where the camera does not say.
    pub fn fps(&self) -> f64 {
        match self.interval {
            Some((numerator, denominator)) if numerator > 0 => f64::from(denominator) / f64::from(numerator),
            Some(_) | None => 0.0,
        }
    }
}

/// What makes a mode good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModeParams {
    /// Enough to read a card that fills half the width; more only costs time.
    pub enough_px: (u32, u32),
    /// Under this a hint comes too late to follow. 14.9: fractional 15s count.
    pub fluent_fps: f64,
    /// Above this nothing becomes better, only warmer.
    pub enough_fps: f64,
    /// Under this a picture is not live any more, however large.
    pub live_fps: f64,
}

impl Default for ModeParams {
    fn default() -> Self {
        Self { enough_px: (1280, 720), fluent_fps: 14.9, enough_fps: 30.1, live_fps: 4.9 }
    }
}

/// The best of these modes: live at all, then large enough, then fluent, then as near as possible to what is enough.
pub(crate) fn best(modes: &[Mode], params: &ModeParams) -> Option<Mode> {
    let usable = modes.iter().filter(|mode| mode.width_px > 0 && mode.height_px > 0);
    usable.max_by(|a, b| rank(a, params).partial_cmp(&rank(b, params)).expect("no rank is NaN")).copied()
}

fn rank(mode: &Mode, params: &ModeParams) -> (bool, bool, bool, f64, f64, bool) {
    let (width, height) = params.enough_px;
    let pixels = |width: u32, height: u32| f64::from(width) * f64::from(height);
    let is_large = mode.width_px >= width && mode.height_px >= height;
    let size = pixels(mode.width_px, mode.height_px);
    // A camera that does not say its rates runs at video rate as a rule.
    let fps = if mode.interval.is_none() { params.fluent_fps } else { mode.fps() };
    let frugal_fps = if fps > params.enough_fps { params.enough_fps / fps } else { fps };
    let is_mjpeg = match mode.format {
        PixelFormat::Mjpeg => true,
        PixelFormat::Yuyv => false,
    };
    let frugal_size = if is_large { -size } else { size };
    (fps >= params.live_fps, is_large, fps >= params.fluent_fps, frugal_size, frugal_fps, is_mjpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(format: PixelFormat, width_px: u32, height_px: u32, fps: f64) -> Mode {
        Mode { format, width_px, height_px, interval: Some((1_000_000, (fps * 1_000_000.0) as u32)) }
    }

    #[test]
    fn the_best_mode_is_live_large_fluent_and_frugal() {
        use PixelFormat::{Mjpeg, Yuyv};
        #[track_caller]
        fn check(offered: &[(PixelFormat, u32, u32, f64)], best_at: usize) {
            let modes: Vec<Mode> = offered.iter().map(|(f, w, h, fps)| mode(*f, *w, *h, *fps)).collect();
            for turn in 0..modes.len() {
                let mut turned = modes.clone();
                turned.rotate_left(turn);
                assert_eq!(best(&turned, &ModeParams::default()), Some(modes[best_at]));
            }
        }
        // An ordinary webcam.
        check(
            &[
                (Mjpeg, 1920, 1080, 30.0),
                (Mjpeg, 1280, 720, 30.0),
                (Mjpeg, 640, 480, 30.0),
                (Yuyv, 640, 480, 30.0),
                (Yuyv, 1280, 720, 10.0),
                (Yuyv, 1920, 1080, 5.0),
            ],
            1,
        );
        check(&[(Mjpeg, 1280, 720, 29.97), (Mjpeg, 640, 480, 60.0)], 0);
        check(&[(Mjpeg, 1280, 720, 30.0), (Mjpeg, 1280, 720, 60.0), (Yuyv, 1280, 720, 30.0)], 0);
        check(&[(Mjpeg, 3840, 2160, 2.0), (Yuyv, 640, 480, 30.0), (Yuyv, 320, 180, 1.0)], 1);
        check(&[(Yuyv, 1280, 720, 10.0), (Mjpeg, 1920, 1080, 30.0)], 1);
        check(&[(Yuyv, 1280, 720, 10.0), (Mjpeg, 640, 480, 30.0)], 0);
        check(&[(Yuyv, 1280, 720, 2.0)], 0);
    }

    #[test]
    fn no_mode_is_no_mode_and_silence_about_rates_is_no_fault() {
        assert_eq!(best(&[], &ModeParams::default()), None);
        let unsaid = Mode { format: PixelFormat::Yuyv, width_px: 1280, height_px: 720, interval: None };
        let slow = mode(PixelFormat::Yuyv, 1280, 720, 5.0);
        assert_eq!(best(&[slow, unsaid], &ModeParams::default()), Some(unsaid));
        assert_eq!(Mode { interval: Some((0, 30)), ..unsaid }.fps(), 0.0);
    }
}

//! Light: sRGB codes to linear light and back, and what the lamp and the screen give together.
//!
//! Invariant: the scene is kept as reflectance, in [`ONE`]ths; light is applied once, when a frame is coded. Deliberately
//! absent: automatic exposure, so that a dark room stays dark.

use crate::Colour;

/// Full reflectance. Four times as much is the most a pixel holds: room for reflections of lamps.
pub(super) const ONE: f32 = 16_383.0;
/// Share of the camera's range that the lamp alone uses at level 1; the screen has the rest.
const LAMP_SHARE: f32 = 0.6;

/// sRGB decoding, IEC 61966-2-1.
pub(crate) fn to_linear(code: u8) -> f32 {
    let value = f32::from(code) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// sRGB encoding, IEC 61966-2-1.
pub(crate) fn from_linear(light: f32) -> u8 {
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Light per channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Light(pub [f32; 3]);

impl Light {
    /// A lamp at this level and a screen of this colour.
    pub(super) fn of(lamp: f32, screen: Option<Colour>) -> Self {
        let Colour { r, g, b } = screen.unwrap_or(Colour { r: 0, g: 0, b: 0 });
        Self([r, g, b].map(|code| LAMP_SHARE * lamp + (1.0 - LAMP_SHARE) * to_linear(code)))
    }

    pub(super) fn mean(self) -> f32 {
        self.0.iter().sum::<f32>() / 3.0
    }
}

/// Reflectance to code under one light, a table per channel.
pub(super) struct Coding {
    light: Option<Light>,
    plain: Vec<u8>,
    tables: [Table; 3],
}

/// Entries of a table: reflectances up to four, in steps of four units.
const ENTRIES: usize = 16_384;
/// Codes by reflectance over four.
pub(super) type Table = Box<[u8; ENTRIES]>;

impl Coding {
    pub(super) fn new() -> Self {
        let plain = (0..ENTRIES).map(|entry| from_linear(entry as f32 / (ENTRIES - 1) as f32)).collect();
        Self { light: None, plain, tables: std::array::from_fn(|_| Box::new([0; ENTRIES])) }
    }

    /// The tables under this light.
    pub(super) fn under(&mut self, light: Light) -> &[Table; 3] {
        if self.light != Some(light) {
            self.tables = light.0.map(|gain| self.table(gain));
            self.light = Some(light);
        }
        &self.tables
    }

    fn table(&self, gain: f32) -> Table {
        // An entry stands for four units; the plain table spans 0–1 with as many entries as this one spans 0–4.
        let step = gain * 4.0 * (ENTRIES - 1) as f32 / ONE;
        let coded = |entry: usize| self.plain[((entry as f32 * step) as usize).min(ENTRIES - 1)];
        Box::new(std::array::from_fn(coded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_the_way_through_light() {
        for code in 0..=255 {
            assert_eq!(from_linear(to_linear(code)), code);
        }
    }

    #[test]
    fn white_light_reproduces_the_picture() {
        let mut coding = Coding::new();
        let tables = coding.under(Light([1.0; 3]));
        for code in [0, 20, 90, 180, 255] {
            let entry = (to_linear(code) * ONE) as usize >> 2;
            assert!(tables[0][entry].abs_diff(code) <= 1, "{code} {}", tables[0][entry]);
        }
    }

    #[test]
    fn a_red_screen_lifts_red_alone() {
        let (dark, red) = (Light::of(1.0, None), Light::of(1.0, Some(Colour { r: 255, g: 0, b: 0 })));
        assert!(red.0[0] > dark.0[0] + 0.3 && red.0[1..] == dark.0[1..]);
        let full = Light::of(1.0, Some(Colour { r: 255, g: 255, b: 255 }));
        assert!((full.mean() - 1.0).abs() < 1e-5);
    }
}

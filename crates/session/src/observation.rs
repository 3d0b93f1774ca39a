//! What one frame shows, as far as guidance is concerned.
//!
//! Invariant: plain numbers and closed words; whoever looks at pictures fills them in. Deliberately lacks pixels and
//! the types of whoever measured them.

use ktp::Field;

/// What lies before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sight {
    /// Nothing like a card.
    #[default]
    Nothing,
    /// The front of a KTP.
    Ktp,
    /// The back of a card.
    BackSide,
    /// Another card or document.
    OtherDocument,
}

/// A side of the frame or of the card, as seen in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Top.
    Top,
    /// Bottom.
    Bottom,
}

/// One frame. Without a card ([`Sight::Nothing`]) only `sight` counts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Observation {
    /// What lies before the camera.
    pub sight: Sight,
    /// Width of the card as a share of the frame's.
    pub width_share: f32,
    /// How far the card is from lying flat before the camera.
    pub perspective_degrees: f32,
    /// Turn of the card in the frame, −180 to 180.
    pub rotation_degrees: f32,
    /// Sides of the frame beyond which a part of the card lies.
    pub cut_off: Vec<Side>,
    /// Speed of the card in card widths a second.
    pub motion: f32,
    /// Sharpness of the text, 0–1.
    pub sharpness: f32,
    /// Brightness of the card's paper, 0–1.
    pub brightness: f32,
    /// Fields washed out by a reflection.
    pub glare_fields: Vec<Field>,
    /// Where on the card the reflection lies, if it lies to one side.
    pub glare_side: Option<Side>,
    /// Fields that something lies over.
    pub covered_fields: Vec<Field>,
}

impl Observation {
    /// Whether the NIK cannot be seen whole.
    #[must_use]
    pub fn hides_nik(&self) -> bool {
        self.covered_fields.contains(&Field::Nik) || self.glare_fields.contains(&Field::Nik)
    }

    /// The same, or nothing seen if a number is none.
    pub(crate) fn sane(self) -> Self {
        let numbers = [
            self.width_share,
            self.perspective_degrees,
            self.rotation_degrees,
            self.motion,
            self.sharpness,
            self.brightness,
        ];
        if numbers.iter().all(|number| number.is_finite()) {
            return self;
        }
        // What was seen to be hidden stays hidden.
        let Self { glare_fields, covered_fields, .. } = self;
        Self { glare_fields, covered_fields, ..Self::default() }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A card as it should be held.
    pub(crate) fn good() -> Observation {
        Observation {
            sight: Sight::Ktp,
            width_share: 0.7,
            perspective_degrees: 3.0,
            rotation_degrees: 1.0,
            motion: 0.02,
            sharpness: 0.8,
            brightness: 0.75,
            ..Observation::default()
        }
    }

    #[test]
    fn numbers_that_are_none_show_nothing() {
        assert_eq!(good().sane(), good());
        assert_eq!(Observation { motion: f32::NAN, ..good() }.sane().sight, Sight::Nothing);
        let hidden = Observation { covered_fields: vec![Field::Nik], brightness: f32::NAN, ..good() };
        assert!(hidden.sane().hides_nik());
        assert_eq!(Observation { width_share: f32::INFINITY, ..good() }.sane().sight, Sight::Nothing);
    }
}

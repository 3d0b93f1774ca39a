//! The light of the room somebody sits in.
//!
//! Invariant: levels are what the camera makes of the light once its exposure has settled, so that a bright room is not
//! brighter but has a weaker screen. Deliberately absent: lamps that move or flicker.

/// The light of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomLight {
    /// Ceiling lights, about 200 lux on the face.
    Office,
    /// An evening lamp, about 50 lux: the camera gains and is noisy.
    Dim,
    /// Warm bulbs that the white balance has not taken out.
    Warm,
    /// A window behind.
    Backlit,
    /// Near a window, about 700 lux: the screen adds little.
    Bright,
}

/// What a light does to the layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    /// On the person, per channel.
    pub head: [f32; 3],
    /// On the room behind, per channel.
    pub room: [f32; 3],
    /// What a white screen adds to the person, over what the room gives. A 14-inch screen of 300 cd/m² at half a metre gives
    /// about 70 lux.
    pub screen: f32,
    /// Standard deviation of the camera's noise, in codes.
    pub noise: f32,
}

impl RoomLight {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Office, Self::Dim, Self::Warm, Self::Backlit, Self::Bright];

    /// What reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Dim => "dim",
            Self::Warm => "warm",
            Self::Backlit => "backlit",
            Self::Bright => "bright",
        }
    }

    pub(super) fn levels(self) -> Levels {
        let even = |level: f32| [level; 3];
        match self {
            Self::Office => Levels { head: even(1.0), room: even(1.0), screen: 0.35, noise: 2.0 },
            Self::Dim => Levels { head: even(0.6), room: even(0.45), screen: 0.75, noise: 4.0 },
            Self::Warm => Levels { head: [1.0, 0.82, 0.55], room: [1.0, 0.8, 0.5], screen: 0.5, noise: 2.6 },
            Self::Backlit => Levels { head: even(0.5), room: even(1.7), screen: 0.25, noise: 2.4 },
            Self::Bright => Levels { head: even(1.25), room: even(1.15), screen: 0.14, noise: 1.4 },
        }
    }
}

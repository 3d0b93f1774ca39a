//! The port through which the simulator reads cards.
//! Invariant: the simulator judges the bytes it received, by a reader that whoever starts it brings along.
//! Deliberately lacks an implementation: the reader is a heavy thing, and most tests need none.

use std::collections::BTreeMap;

/// What a reader makes of a picture.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum CardReading {
    /// The front of a KTP, with the values by the contract's names (`nik`, `name`, `dateOfBirth` as `DD-MM-YYYY`, …).
    Card(BTreeMap<String, String>),
    /// Not a KTP.
    #[default]
    NotACard,
    /// A card that cannot be read.
    Unreadable,
}

/// Reads cards.
pub trait CardReader: Send + Sync {
    /// Looks at one picture (JPEG or PNG).
    fn read(&self, picture: &[u8]) -> CardReading;
}

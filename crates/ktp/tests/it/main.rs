//! The crate as its users see it: checks of whole cards, and properties that hold for any text.

mod checks;
mod properties;

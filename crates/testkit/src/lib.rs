//! Synthetic people and clocks for tests.

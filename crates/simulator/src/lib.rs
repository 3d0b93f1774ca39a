//! A strict stand-in for the partner platforms, for development and tests.

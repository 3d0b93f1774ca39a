//! The machine as a whole: what it asks for, when it takes the picture, and what bad luck cannot make it do.

mod bad_luck;
mod guidance;
mod support;

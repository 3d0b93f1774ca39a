//! Neural nets behind a two-method port.
//!
//! Purpose: the [`Model`] port, its tract adapter, and the manifest that says which files are which nets.
//! Invariant: a net runs only if the sha256 of its bytes is the one in the manifest, whether it is compiled in or
//! read from a directory. This is the only crate that names tract. Deliberately lacks pictures, cards and text:
//! numbers go in, numbers come out.

mod embedded;
mod manifest;
mod source;
mod tensor;
mod tract;

pub use manifest::{Manifest, ManifestEntry};
pub use source::{LoadError, ModelSource, Models};
pub use tensor::{Tensor, TensorShapeError};

/// Why a net gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The runtime refused the input or failed inside.
    #[error("the net failed: {0}")]
    Failed(String),
}

/// A net with one input and one output that matters (the first).
pub trait Model: Send + Sync {
    /// Makes ready for inputs of this shape, so that the first [`run`](Self::run) is as fast as the rest.
    fn prepare(&self, shape: &[usize]) -> Result<(), RunError>;

    /// Runs once. Shapes never seen before are prepared first.
    fn run(&self, input: &Tensor) -> Result<Tensor, RunError>;
}

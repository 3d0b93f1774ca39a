//! Readers, loaded once and shared by all captures of a process.
//!
//! Invariant: one is loaded at most once at a time; who asks while it loads waits. Deliberately absent: the card's analyser,
//! whose one small net every capture loads for itself.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use inference::{LoadError, ModelSource};
use liveness::FaceReader;
use vision::Reader;

/// Nets that can be loaded.
pub trait Loadable: Sized {
    /// Loads and prepares them.
    fn load_from(source: &ModelSource) -> Result<Self, LoadError>;
}

impl Loadable for Reader {
    fn load_from(source: &ModelSource) -> Result<Self, LoadError> {
        Self::load(source)
    }
}

impl Loadable for FaceReader {
    fn load_from(source: &ModelSource) -> Result<Self, LoadError> {
        Self::load(source)
    }
}

/// The reader of cards.
pub type SharedReader = Shared<Reader>;
/// The reader of faces.
pub type SharedFaceReader = Shared<FaceReader>;

/// Nets that are loaded when they are first needed, or before.
pub struct Shared<N> {
    source: ModelSource,
    loaded: Mutex<Option<Arc<N>>>,
}

impl<N: Loadable> Shared<N> {
    /// Nothing is loaded yet.
    #[must_use]
    pub fn new(source: ModelSource) -> Self {
        Self { source, loaded: Mutex::new(None) }
    }

    /// One that is there already.
    #[must_use]
    pub fn of(nets: Arc<N>) -> Self {
        Self { source: ModelSource::default(), loaded: Mutex::new(Some(nets)) }
    }

    /// Where its nets come from.
    #[must_use]
    pub fn source(&self) -> &ModelSource {
        &self.source
    }

    /// The nets; the first call takes as long as loading takes.
    pub fn get(&self) -> Result<Arc<N>, LoadError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(nets) = &*loaded {
            return Ok(Arc::clone(nets));
        }
        let nets = Arc::new(N::load_from(&self.source)?);
        *loaded = Some(Arc::clone(&nets));
        Ok(nets)
    }
}

impl<N> fmt::Debug for Shared<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({:?})", self.source)
    }
}

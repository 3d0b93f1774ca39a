//! The reader, loaded once and shared by all captures of a process.
//!
//! Invariant: it is loaded at most once at a time; who asks while it loads waits. Deliberately absent: the analyser,
//! whose one small net every capture loads for itself.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use inference::{LoadError, ModelSource};
use vision::Reader;

/// A reader that is loaded when it is first needed, or before.
pub struct SharedReader {
    source: ModelSource,
    loaded: Mutex<Option<Arc<Reader>>>,
}

impl SharedReader {
    /// Nothing is loaded yet.
    #[must_use]
    pub fn new(source: ModelSource) -> Self {
        Self { source, loaded: Mutex::new(None) }
    }

    /// One that is there already.
    #[must_use]
    pub fn of(reader: Arc<Reader>) -> Self {
        Self { source: ModelSource::default(), loaded: Mutex::new(Some(reader)) }
    }

    /// Where its nets come from.
    #[must_use]
    pub fn source(&self) -> &ModelSource {
        &self.source
    }

    /// The reader; the first call takes as long as loading takes.
    pub fn get(&self) -> Result<Arc<Reader>, LoadError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = &*loaded {
            return Ok(Arc::clone(reader));
        }
        let reader = Arc::new(Reader::load(&self.source)?);
        *loaded = Some(Arc::clone(&reader));
        Ok(reader)
    }
}

impl fmt::Debug for SharedReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedReader({:?})", self.source)
    }
}

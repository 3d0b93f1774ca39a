//! What the window holds between two questions: the installation, the open queue, the checked nets.
//!
//! Invariant: looking never makes a queue or a key. Deliberately lacks time and threads; it is asked and answers.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use engine::{Installation, InstallationError, QueueError};
use inference::{LoadError, ModelSource, Models};
use outbox::{Counts, OpenError, Outbox, OutboxError};
use vault::{KeySource, KeySourceError};

use crate::view::{CountsView, ModelView, ModelsView, QueueProblem, QueueView, StatusView};

/// How much of a digest is shown.
const SHOWN_DIGEST_CHARS: usize = 12;

/// Reads the environment, or what stands for it in a demo.
pub(crate) type Lookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// The state behind the window. Each part is opened when first asked for, and asked for again until it opens.
pub(crate) struct Desk {
    data_dir: Option<PathBuf>,
    lookup: Lookup,
    installation: Mutex<Option<Arc<Installation>>>,
    queue: Mutex<Option<Arc<Outbox>>>,
    models: OnceLock<ModelsView>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// A desk over the installation in this folder, or in the one that `lookup` or the system names.
    pub(crate) fn new(data_dir: Option<PathBuf>, lookup: Lookup) -> Self {
        let (installation, queue, models) = Default::default();
        Self { data_dir, lookup, installation, queue, models }
    }

    /// Everything the window's first screen shows.
    pub(crate) fn status(&self) -> StatusView {
        StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            models: self.models.get_or_init(|| models(&ModelSource::from_env())).clone(),
            queue: self.queue_view(),
        }
    }

    /// The installation with its settings as they are in force.
    pub(crate) fn installation(&self) -> Result<Arc<Installation>, InstallationError> {
        let mut held = held(&self.installation);
        if let Some(installation) = &*held {
            return Ok(Arc::clone(installation));
        }
        let lookup = Arc::clone(&self.lookup);
        let opened = Arc::new(Installation::open_with(self.data_dir.clone(), move |name| lookup(name))?);
        *held = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Settings were written: they are read anew when next asked for. The open queue stays.
    pub(crate) fn settings_changed(&self) {
        *held(&self.installation) = None;
    }

    /// The queue, made if there is none.
    pub(crate) fn queue(&self, installation: &Installation) -> Result<Arc<Outbox>, QueueError> {
        let mut held = held(&self.queue);
        if let Some(queue) = &*held {
            return Ok(Arc::clone(queue));
        }
        let queue = installation.queue()?;
        *held = Some(Arc::clone(&queue));
        Ok(queue)
    }

    /// The queue, if there is one that answers; what is wrong otherwise, for the next capture too.
    pub(crate) fn existing_queue(
        &self,
        installation: &Installation,
    ) -> Result<Option<Arc<Outbox>>, (QueueProblem, String)> {
        if !installation.has_queue() {
            *held(&self.queue) = None;
            return first_key(installation).map(|()| None).map_err(of_first_key);
        }
        let queue = self.queue(installation).map_err(of_opening)?;
        match queue.counts() {
            Ok(_) => Ok(Some(queue)),
            Err(error) => {
                // Only a queue that answers is kept.
                *held(&self.queue) = None;
                Err(of_asking(error))
            }
        }
    }

    fn queue_view(&self) -> QueueView {
        let installation = match self.installation() {
            Ok(installation) => installation,
            Err(error) => {
                let detail = error.to_string();
                return QueueView::Unavailable { path: None, problem: QueueProblem::Settings, detail };
            }
        };
        let path = installation.dir.queue_file().display().to_string();
        let counted = self.existing_queue(&installation).and_then(|queue| {
            queue.map(|queue| queue.counts().map(CountsView::from).map_err(of_asking)).transpose()
        });
        match counted {
            Ok(Some(counts)) => QueueView::Open { path, counts },
            Ok(None) => QueueView::NotCreated { path },
            Err((problem, detail)) => QueueView::Unavailable { path: Some(path), problem, detail },
        }
    }
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { waiting, sending, delivered, parked } = counts;
        Self { waiting, sending, delivered, parked }
    }
}

/// Whether the first capture will find a key, or a keyring to make one in.
fn first_key(installation: &Installation) -> Result<(), KeySourceError> {
    let source = installation.key_source();
    match (source.load(), &source) {
        (Err(error), KeySource::Keyring(_)) if error.is_absent() => Ok(()),
        (Err(error), _) => Err(error),
        (Ok(_), _) => Ok(()),
    }
}

fn of_first_key(error: KeySourceError) -> (QueueProblem, String) {
    (QueueProblem::KeyUnavailable, error.to_string())
}

fn of_opening(error: QueueError) -> (QueueProblem, String) {
    let problem = match &error {
        QueueError::Key(key) if key.is_absent() => QueueProblem::KeyMissing,
        QueueError::Key(_) => QueueProblem::KeyUnavailable,
        QueueError::Open(OpenError::WrongKey { .. }) => QueueProblem::WrongKey,
        QueueError::Open(OpenError::Corrupt { .. }) => QueueProblem::Damaged,
        QueueError::Open(OpenError::NewerSchema { .. }) => QueueProblem::NewerVersion,
        QueueError::Open(OpenError::DiskFull(_)) => QueueProblem::DiskFull,
        QueueError::Open(OpenError::Io { .. }) => QueueProblem::Other,
    };
    (problem, error.to_string())
}

pub(crate) fn of_asking(error: OutboxError) -> (QueueProblem, String) {
    let problem = match &error {
        OutboxError::DiskFull => QueueProblem::DiskFull,
        OutboxError::Busy => QueueProblem::Busy,
        OutboxError::Corrupt(_) => QueueProblem::Damaged,
        OutboxError::NotFound(_)
        | OutboxError::WrongState { .. }
        | OutboxError::LeaseLost(_)
        | OutboxError::PayloadGone(_)
        | OutboxError::AlreadyClaimed(_)
        | OutboxError::Sealed { .. }
        | OutboxError::Inconsistent { .. }
        | OutboxError::Randomness(_)
        | OutboxError::Storage(_) => QueueProblem::Other,
    };
    (problem, error.to_string())
}

fn models(source: &ModelSource) -> ModelsView {
    match checked(source) {
        Ok(models) => ModelsView::Ready { models },
        Err(error) => ModelsView::Unavailable { detail: error.to_string() },
    }
}

fn checked(source: &ModelSource) -> Result<Vec<ModelView>, LoadError> {
    let models = Models::open(source)?;
    let view = |entry: &inference::ManifestEntry| {
        let size_bytes = models.size_bytes(&entry.name)?;
        let sha256 = entry.sha256.chars().take(SHOWN_DIGEST_CHARS).collect();
        Ok(ModelView { name: entry.name.clone(), sha256, size_bytes })
    };
    models.manifest().models.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// A desk over an installation of its own, with `key_file` named by its environment.
    fn desk(folder: &Path, key_file: &Path) -> Desk {
        let key_file = key_file.to_owned();
        let environment =
            move |name: &str| (name == "LOKET_KEY_FILE").then(|| OsString::from(key_file.as_os_str()));
        Desk::new(Some(folder.join("data")), Arc::new(environment))
    }

    fn problem(view: &QueueView) -> Option<QueueProblem> {
        match view {
            QueueView::Unavailable { problem, .. } => Some(*problem),
            QueueView::Open { .. } | QueueView::NotCreated { .. } => None,
        }
    }

    #[test]
    fn looking_makes_no_queue() {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        vault::MasterKey::generate_key_file(&key_file).unwrap();
        let desk = desk(folder.path(), &key_file);
        assert!(matches!(desk.queue_view(), QueueView::NotCreated { .. }));
        assert!(!desk.installation().unwrap().has_queue());
    }

    #[test]
    fn a_queue_is_counted_while_its_key_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        vault::MasterKey::generate_key_file(&key_file).unwrap();
        let first = desk(folder.path(), &key_file);
        drop(first.installation().unwrap().queue().unwrap());
        let empty = CountsView { waiting: 0, sending: 0, delivered: 0, parked: 0 };
        let view = first.queue_view();
        assert!(matches!(view, QueueView::Open { counts, .. } if counts == empty), "{view:?}");
    }

    #[test]
    fn each_trouble_with_the_key_has_its_own_advice() {
        let folder = tempfile::tempdir().unwrap();
        let (right, other, absent) =
            (folder.path().join("right"), folder.path().join("other"), folder.path().join("absent"));
        vault::MasterKey::generate_key_file(&right).unwrap();
        vault::MasterKey::generate_key_file(&other).unwrap();
        assert_eq!(
            problem(&desk(folder.path(), &absent).queue_view()),
            Some(QueueProblem::KeyUnavailable),
            "no queue yet"
        );
        drop(desk(folder.path(), &right).installation().unwrap().queue().unwrap());
        assert_eq!(problem(&desk(folder.path(), &other).queue_view()), Some(QueueProblem::WrongKey));
        assert_eq!(problem(&desk(folder.path(), &absent).queue_view()), Some(QueueProblem::KeyMissing));
        assert_eq!(problem(&desk(folder.path(), &right).queue_view()), None);
    }

    #[test]
    fn a_file_that_is_no_queue_is_called_damaged_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        vault::MasterKey::generate_key_file(&key_file).unwrap();
        let desk = desk(folder.path(), &key_file);
        let queue_file = desk.installation().unwrap().dir.queue_file();
        let text = "not a database, ".repeat(100);
        std::fs::write(&queue_file, &text).unwrap();
        assert_eq!(problem(&desk.queue_view()), Some(QueueProblem::Damaged));
        assert_eq!(std::fs::read_to_string(&queue_file).unwrap(), text);
    }

    #[test]
    fn the_nets_compiled_in_are_shown_with_digest_and_size() {
        let ModelsView::Ready { models } = models(&ModelSource::Embedded) else {
            panic!("the nets are whole")
        };
        assert!(!models.is_empty());
        for model in models {
            assert_eq!(model.sha256.len(), SHOWN_DIGEST_CHARS);
            assert!(model.size_bytes > 1_000, "{}", model.name);
        }
    }

    #[test]
    fn nets_that_are_not_there_are_told_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let view = models(&ModelSource::Directory(folder.path().to_owned()));
        assert!(matches!(view, ModelsView::Unavailable { detail } if detail.contains("manifest.toml")));
    }
}

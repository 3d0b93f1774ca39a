//! One installation: its data folder, settings and secrets, and the queue and gateway they lead to.
//!
//! Invariant: a new master key is made only in a keyring and only while no queue exists, because a new key
//! cannot open an old queue. Deliberately absent: global state; whoever needs an installation is handed one.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use gateway::identity_platform::{
    ClientError, Endpoint, EndpointError, FaceCall, FaceConfig, IdentityPlatform, IdentityPlatformConfig,
};
use outbox::{OpenError, Outbox};
use vault::{KeySource, KeySourceError, KeyringEntry, MasterKey};

use crate::compose;
use crate::config::{Config, ConfigError, FaceStep};
use crate::data_dir::{DataDir, DataDirError};
use crate::secrets::{SecretError, SecretName, Secrets};

/// Why an installation cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// Its folder.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Its settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Why the queue cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// There is no usable master key.
    #[error(transparent)]
    Key(#[from] KeySourceError),
    /// The queue's files, or a key that is not theirs.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Why the gateway cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No base URL is set.
    #[error("no gateway is set: put gateway.base_url into {}, or set {}", .0.display(), crate::config::GATEWAY_URL_VARIABLE)]
    NoGateway(PathBuf),
    /// OneKYC is chosen, and where it is was not said.
    #[error("OneKYC is chosen, but onekyc.base_url is missing in {}", .0.display())]
    NoOneKyc(PathBuf),
    /// A backend is needed, or set without this machine being enrolled there.
    #[error("this machine is not enrolled at the partner's backend; see backend in {}, and loketctl enrol", .0.display())]
    NotEnrolled(PathBuf),
    /// What is stored as the kiosk's key is none.
    #[error("the kiosk-key is not one that enrolling made; enrol again")]
    KioskKey,
    /// TLS could not be set up.
    #[error("TLS could not be set up ({0}); are the system's CA certificates installed?")]
    Tls(String),
    /// OneKYC's client.
    #[error(transparent)]
    OneKyc(#[from] gateway::onekyc::OneKycError),
    /// The base URL.
    #[error("gateway.base_url: {0}")]
    Endpoint(#[from] EndpointError),
    /// The API key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The client.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// One installation.
pub struct Installation {
    /// Its folder.
    pub dir: DataDir,
    /// Its settings.
    pub config: Config,
    lookup: Box<dyn Fn(&str) -> Option<OsString> + Send + Sync>,
}

impl Installation {
    /// Opens the installation in the folder that `flag`, environment or platform name, making it if need be.
    pub fn open(flag: Option<PathBuf>) -> Result<Self, InstallationError> {
        Self::open_with(flag, compose::environment)
    }

    /// As [`Self::open`], with another environment.
    pub fn open_with(
        flag: Option<PathBuf>,
        lookup: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static,
    ) -> Result<Self, InstallationError> {
        let dir = DataDir::choose(flag, &lookup)?.open()?;
        let config = Config::load(&dir.config_file(), &lookup)?;
        Ok(Self { dir, config, lookup: Box::new(lookup) })
    }

    /// The secrets of this installation.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets::new(&self.dir, &*self.lookup)
    }

    /// Where the master key comes from.
    pub fn key_source(&self) -> KeySource {
        let account = self.dir.path().display().to_string();
        KeySource::choose(&self.lookup, KeyringEntry { service: "loket".to_owned(), account })
    }

    /// Whether a queue was made here.
    pub fn has_queue(&self) -> bool {
        self.dir.queue_file().exists()
    }

    /// Opens the queue, making it if there is none.
    pub fn queue(&self) -> Result<Arc<Outbox>, QueueError> {
        let key = self.master_key()?;
        Ok(Arc::new(Outbox::open(self.dir.queue_file(), Arc::new(key))?))
    }

    /// Opens the queue if there is one.
    pub fn existing_queue(&self) -> Result<Option<Arc<Outbox>>, QueueError> {
        if self.has_queue() { self.queue().map(Some) } else { Ok(None) }
    }

    /// Whether the first capture would find a key; makes none.
    pub fn check_key(&self) -> Result<(), QueueError> {
        let source = self.key_source();
        match (source.load(), source) {
            (Ok(_), _) => Ok(()),
            // It will be made with the queue.
            (Err(error), KeySource::Keyring(_)) if error.is_absent() => Ok(()),
            (Err(error), _) => Err(error.into()),
        }
    }

    fn master_key(&self) -> Result<MasterKey, KeySourceError> {
        let source = self.key_source();
        match source {
            KeySource::Keyring(_) if !self.has_queue() => source.load_or_create(),
            KeySource::KeyFile(_) | KeySource::Credential(_) | KeySource::Keyring(_) => source.load(),
        }
    }

    /// A client of the gateway; connects to nothing yet.
    pub fn gateway(&self) -> Result<Arc<IdentityPlatform>, ConnectError> {
        let Some(url) = &self.config.gateway.base_url else {
            return Err(ConnectError::NoGateway(self.dir.config_file()));
        };
        let (api_key, _) = self.secrets().find(SecretName::ApiKey)?;
        let mut config = IdentityPlatformConfig::new(Endpoint::parse(url)?, api_key);
        config.send_hmac_key = self.config.gateway.send_hmac_key;
        config.face = FaceConfig {
            call: match self.config.gateway.face {
                FaceStep::StepUp => FaceCall::StepUp,
                FaceStep::Liveness => FaceCall::Liveness,
            },
            action_label: self.config.gateway.face_action_label.clone(),
        };
        Ok(Arc::new(IdentityPlatform::new(config, Arc::new(compose::now))?))
    }
}

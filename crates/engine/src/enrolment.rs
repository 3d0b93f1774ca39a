//! Enrolling this machine at the partner's backend with a one-time code.
//!
//! Invariant: the private key is made here and never leaves; an enrolment that stands is replaced only if that is asked for.
//! Deliberately absent: shutting the old enrolment out, which is an operator's decision.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::{Endpoint, EndpointError, transport};
use kiosk::{ClientError, KioskClient, KioskKey};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::config::ConfigError;
use crate::installation::{ConnectError, Installation};
use crate::onekyc_config::Provider;
use crate::secrets::{SecretError, SecretName};

/// Where the private key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// The operating system's keyring.
    Keyring,
    /// A file in the data folder, for this user alone.
    File,
}

/// What an operator hands over.
#[derive(Clone, Copy)]
pub struct EnrolRequest<'a> {
    /// The backend's address.
    pub backend: &'a str,
    /// The one-time code.
    pub code: &'a str,
    /// Where the key goes.
    pub place: KeyPlace,
    /// In place of an enrolment that stands.
    pub replace: bool,
}

/// An enrolled machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledKiosk {
    /// Its name at the backend.
    pub kiosk_id: Uuid,
    /// What the operator calls it.
    pub label: String,
}

/// Why this machine is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// It is.
    #[error("this machine is enrolled as {0}; enrol it again only in place of that (--replace)")]
    Standing(Uuid),
    /// The address.
    #[error("the backend's address: {0}")]
    Endpoint(#[from] EndpointError),
    /// TLS could not be set up.
    #[error("TLS could not be set up ({0})")]
    Tls(String),
    /// The system gives no randomness.
    #[error("the system gives no randomness for a key")]
    NoRandomness,
    /// The backend.
    #[error(transparent)]
    Backend(#[from] ClientError),
    /// The key could not be kept; the code is spent.
    #[error("{0}; ask for a new code")]
    Keep(#[source] SecretError),
    /// The settings could not be written; the code is spent.
    #[error("{0}; ask for a new code")]
    Settings(#[source] ConfigError),
}

/// Enrols, and writes down what belongs to it.
pub async fn enrol(
    installation: &mut Installation,
    request: &EnrolRequest<'_>,
) -> Result<EnrolledKiosk, EnrolError> {
    if let Some(standing) = installation.config.backend.kiosk_id.filter(|_| !request.replace) {
        return Err(EnrolError::Standing(standing));
    }
    let backend = Endpoint::parse(request.backend)?;
    let http = transport::client(backend.is_loopback()).map_err(EnrolError::Tls)?;
    let (key, document) = KioskKey::generate().ok_or(EnrolError::NoRandomness)?;
    let document = SecretString::from(STANDARD.encode(document));
    let (_, enrolment) = KioskClient::enrol(http, &backend, key, request.code).await?;
    keep(installation, request.place, &document).map_err(EnrolError::Keep)?;
    let config = &mut installation.config;
    config.backend.url = Some(request.backend.trim().to_owned());
    config.backend.kiosk_id = Some(enrolment.kiosk_id);
    if let Some(platform) = &enrolment.onekyc_base_url {
        Endpoint::parse(platform)?;
        config.onekyc.base_url = Some(platform.clone());
        if config.gateway.base_url.is_none() {
            config.gateway.provider = Provider::Onekyc;
        }
    }
    config.save(&installation.dir.config_file()).map_err(EnrolError::Settings)?;
    Ok(EnrolledKiosk { kiosk_id: enrolment.kiosk_id, label: enrolment.label })
}

fn keep(installation: &Installation, place: KeyPlace, document: &SecretString) -> Result<(), SecretError> {
    let secrets = installation.secrets();
    match place {
        KeyPlace::Keyring => secrets.store_in_keyring(SecretName::KioskKey, document),
        KeyPlace::File => secrets.store_in_file(SecretName::KioskKey, document).map(drop),
    }
}

impl Installation {
    /// This machine as the backend knows it; connects to nothing yet.
    pub fn kiosk(&self) -> Result<KioskClient, ConnectError> {
        let settings = &self.config.backend;
        let not_enrolled = || ConnectError::NotEnrolled(self.dir.config_file());
        let backend = Endpoint::parse(settings.url.as_deref().ok_or_else(not_enrolled)?)?;
        let id = settings.kiosk_id.ok_or_else(not_enrolled)?;
        let (document, _) = self.secrets().find(SecretName::KioskKey)?;
        let key = STANDARD
            .decode(document.expose_secret())
            .ok()
            .and_then(|document| KioskKey::from_pkcs8(&document));
        let key = key.ok_or(ConnectError::KioskKey)?;
        let http = transport::client(backend.is_loopback()).map_err(ConnectError::Tls)?;
        Ok(KioskClient::resume(http, &backend, key, id))
    }
}

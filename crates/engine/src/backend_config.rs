//! The settings of the partner's backend, from which a kiosk gets its tokens and results.
//!
//! Invariant: the kiosk's key is a secret, not a setting; the address is encrypted or this machine.

use std::path::Path;

use gateway::Endpoint;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config::{ConfigError, value};

/// The partner's backend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BackendSettings {
    /// Its address. With one, tokens come from there alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What this kiosk is called there; `loketctl enrol` writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kiosk_id: Option<Uuid>,
}

impl BackendSettings {
    pub(crate) fn check(&self, file: &Path) -> Result<(), ConfigError> {
        match self.url.as_deref().map(Endpoint::parse) {
            Some(Err(error)) => Err(value("backend.url", &file.display().to_string(), error.to_string())),
            Some(Ok(_)) | None => Ok(()),
        }
    }
}

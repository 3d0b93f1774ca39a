//! The settings of OneKYC, and which partner captures go to.
//!
//! Invariant: no credential is a setting; addresses are encrypted or this machine.

use std::path::Path;

use gateway::Endpoint;
use serde::{Deserialize, Serialize};

use crate::config::{ConfigError, value};

/// Which partner captures go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// One call takes the whole signed capture.
    #[default]
    IdentityPlatform,
    /// In steps, over presigned uploads.
    Onekyc,
    /// OneKYC first, then Identity Platform; their verdicts stay apart.
    Both,
}

/// OneKYC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OneKycSettings {
    /// The gateway's address, `baseUrl` in the vendor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The token host's address; only for a stand-in on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// Given by the vendor, `PARTNERCODE-PLATFORM-FLOW`; only for a stand-in on this machine.
    pub onboarding_partner: String,
    /// Our label for our user ids.
    pub user_id_type: String,
    /// Hosts that pictures may be uploaded to; empty: any that is encrypted.
    pub storage_hosts: Vec<String>,
}

impl Default for OneKycSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            token_url: None,
            onboarding_partner: String::new(),
            user_id_type: "LOKET_CUSTOMER_ID".to_owned(),
            storage_hosts: Vec::new(),
        }
    }
}

impl OneKycSettings {
    pub(crate) fn check(&self, file: &Path) -> Result<(), ConfigError> {
        for (key, text) in [("onekyc.base_url", &self.base_url), ("onekyc.token_url", &self.token_url)] {
            if let Some(Err(error)) = text.as_deref().map(Endpoint::parse) {
                return Err(value(key, &file.display().to_string(), error.to_string()));
            }
        }
        Ok(())
    }
}

//! Settings of launches: where a launch may send pictures, and which web pages may launch.
//!
//! Invariant: by default nothing but this installation's own platform is allowed and no page is listened to. Deliberately
//! absent: the key that pages must know, which is a secret.

use std::path::Path;

use gateway::Endpoint;
use launch::{AllowedBaseUrls, AllowedOrigins};
use serde::{Deserialize, Serialize};

use crate::config::{Config, ConfigError, value};

/// Launches by partners' front ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LaunchConfig {
    /// The platform's addresses that a launch may name, beside `onekyc.base_url`.
    pub allowed_base_urls: Vec<String>,
    /// Port of the loopback WebSocket; without one no web page is listened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub websocket_port: Option<u16>,
    /// Origins of web pages that may launch.
    pub allowed_origins: Vec<String>,
}

impl LaunchConfig {
    pub(crate) fn check(&self, file: &Path) -> Result<(), ConfigError> {
        let refused = |key, reason: String| value(key, &file.display().to_string(), reason);
        for text in &self.allowed_base_urls {
            Endpoint::parse(text).map_err(|error| refused("launch.allowed_base_urls", error.to_string()))?;
        }
        AllowedOrigins::parse(&self.allowed_origins)
            .map_err(|error| refused("launch.allowed_origins", error.to_string()))?;
        if self.websocket_port == Some(0) {
            return Err(refused("launch.websocket_port", "0 is no port that a page could name".to_owned()));
        }
        Ok(())
    }
}

impl Config {
    /// The platform's addresses that a launch may name.
    pub fn allowed_base_urls(&self) -> AllowedBaseUrls {
        let named = self.launch.allowed_base_urls.iter().chain(&self.onekyc.base_url);
        AllowedBaseUrls::new(named.filter_map(|text| Endpoint::parse(text).ok()).collect())
    }

    /// Origins of web pages that may launch.
    pub fn allowed_origins(&self) -> AllowedOrigins {
        AllowedOrigins::parse(&self.launch.allowed_origins).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_only_the_installations_own_platform_is_allowed() {
        let endpoint = |text: &str| Endpoint::parse(text).unwrap();
        let mut config = Config::default();
        assert!(!config.allowed_base_urls().has(&endpoint("https://onekyc.example.test")));
        assert!(!config.allowed_origins().has("https://teller.example.test"));
        config.onekyc.base_url = Some("https://onekyc.example.test".to_owned());
        config.launch.allowed_base_urls = vec!["https://other.example.test".to_owned()];
        assert!(config.allowed_base_urls().has(&endpoint("https://onekyc.example.test")));
        assert!(config.allowed_base_urls().has(&endpoint("https://other.example.test")));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        #[track_caller]
        fn check(launch: LaunchConfig, says: &str) {
            let error = launch.check(Path::new("config.toml")).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let urls =
            |text: &str| LaunchConfig { allowed_base_urls: vec![text.to_owned()], ..LaunchConfig::default() };
        let origins =
            |text: &str| LaunchConfig { allowed_origins: vec![text.to_owned()], ..LaunchConfig::default() };
        check(urls("http://onekyc.example.test"), "launch.allowed_base_urls");
        check(origins("*"), "launch.allowed_origins");
        check(LaunchConfig { websocket_port: Some(0), ..LaunchConfig::default() }, "launch.websocket_port");
    }
}

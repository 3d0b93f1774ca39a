//! How OneKYC is spoken to from a counter.
//!
//! Invariant: nothing here is a partner's secret; a counter has none. Hosts are configuration, never constants.

use std::time::Duration;

use crate::endpoint::Endpoint;

use super::schedule::{PollParams, RetryParams};

/// How pictures are put into the partner's storage (contract A.4.2).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct UploadParams {
    /// Largest picture: 5 MB.
    pub max_bytes: usize,
    /// For one try: 30 s.
    pub timeout: Duration,
    /// Tries: 3 after the first.
    pub retry: RetryParams,
    /// No try begins with less left of the address's life: 10 s.
    pub margin: Duration,
}

impl Default for UploadParams {
    fn default() -> Self {
        Self {
            max_bytes: 5 * 1024 * 1024,
            timeout: Duration::from_secs(30),
            retry: RetryParams::default(),
            margin: Duration::from_secs(10),
        }
    }
}

/// How to talk to the platform.
#[derive(Clone, Debug)]
pub struct OneKycConfig {
    /// The gateway's base address (`baseUrl`).
    pub base: Endpoint,
    /// Our label for our user ids.
    pub user_id_type: String,
    /// Hosts that pictures may be sent to, apart from the API's own list; empty: any that is encrypted.
    pub storage_hosts: Vec<String>,
    /// Whether the user's id travels on upload calls, as the contract's prose asks and its schema does not.
    pub send_user_headers: bool,
    /// Sent as `metadata` with the confirmation: off by default.
    pub send_metadata: bool,
    /// Pictures taken in one run at most: 3.
    pub captures_per_run: u32,
    /// Repeating of calls.
    pub retry: RetryParams,
    /// Polling.
    pub poll: PollParams,
    /// Uploads.
    pub upload: UploadParams,
    /// For any call but an upload.
    pub timeout: Duration,
}

impl OneKycConfig {
    /// The contract's defaults.
    #[must_use]
    pub fn new(base: Endpoint) -> Self {
        Self {
            base,
            user_id_type: "LOKET_CUSTOMER_ID".to_owned(),
            storage_hosts: Vec::new(),
            send_user_headers: true,
            send_metadata: false,
            captures_per_run: 3,
            retry: RetryParams::default(),
            poll: PollParams::default(),
            upload: UploadParams::default(),
            timeout: Duration::from_secs(20),
        }
    }
}

//! The HTTP client all partners are spoken to with, and how much of an answer is read.
//!
//! Invariants: https, or this machine; no redirects, no proxies to this machine, no repeating by the transport itself.
//! Lacks on purpose: anything a partner defines.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Client, Response};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answers any partner documents are a few tens of kilobytes.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// A client for hosts of one kind. An error is the text of what TLS lacks.
pub fn client(is_loopback: bool) -> Result<Client, String> {
    install_tls_provider();
    let builder = Client::builder()
        .user_agent(concat!("loket/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT);
    let builder = if is_loopback {
        // Never by way of a proxy, and no need of certificates the machine may lack.
        builder.no_proxy().tls_certs_only([])
    } else {
        builder.https_only(true)
    };
    builder.build().map_err(|error| error.to_string())
}

/// The provider is one per process; whoever else installed one first is as good.
fn install_tls_provider() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("another TLS provider is installed already");
        }
    });
}

/// `None` if it broke off or is absurdly long.
pub async fn read_limited(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

//! The partner token: minted seldom, by one caller at a time, before it runs out.
//!
//! Invariant: however many callers wait, one request is under way; a token that was refused is never handed out again.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use url::Url;

use super::PartnerError;
use super::http::exchange;
use super::wire;

/// A token is renewed when less than this is left, or half of its life if that is shorter.
const RENEW_BEFORE_MS: i64 = 300_000;

/// A token of one family.
pub(super) struct TokenCache {
    http: Client,
    url: Url,
    client_id: SecretString,
    pass_key: SecretString,
    held: Mutex<Option<Token>>,
    minted: AtomicU64,
}

/// A token that may be used now.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: SecretString,
    number: u64,
    renew_ms: i64,
    expires_ms: i64,
}

impl TokenCache {
    pub(super) fn new(http: Client, url: Url, client_id: SecretString, pass_key: SecretString) -> Self {
        Self { http, url, client_id, pass_key, held: Mutex::default(), minted: AtomicU64::new(0) }
    }

    /// How often a token was minted.
    pub(super) fn minted(&self) -> u64 {
        self.minted.load(Ordering::Relaxed)
    }

    /// A token that is good for a while.
    pub(super) async fn token(&self, now_ms: i64) -> Result<Token, PartnerError> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.as_ref().filter(|token| now_ms < token.renew_ms) {
            return Ok(token.clone());
        }
        match self.mint(now_ms).await {
            Ok(token) => {
                *held = Some(token.clone());
                Ok(token)
            }
            // It was early; the old one still works.
            Err(error) => held.clone().filter(|token| now_ms < token.expires_ms).ok_or(error),
        }
    }

    /// Forgets a token that was refused, unless another took its place meanwhile.
    pub(super) async fn refused(&self, token: &Token) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.number == token.number) {
            *held = None;
        }
    }

    async fn mint(&self, now_ms: i64) -> Result<Token, PartnerError> {
        let request = self
            .http
            .get(self.url.clone())
            .header("client-id", self.client_id.expose_secret())
            .header("pass-key", self.pass_key.expose_secret());
        let body = exchange(request).await?;
        let token = wire::decode_token(&body, now_ms)?;
        let left_ms = (token.expires_ms - now_ms).max(0);
        let renew_ms = token.expires_ms - RENEW_BEFORE_MS.min(left_ms / 2);
        let number = self.minted.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Token { value: token.value, number, renew_ms, expires_ms: token.expires_ms })
    }
}

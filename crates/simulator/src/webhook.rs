//! Signed webhook deliveries (contract B.10): at least once, with retries, in the order events happened.
//! Invariant: a delivery ends as delivered (2xx) or given up; in between it is due at a stored instant.
//! Deliberately lacks redirects: a signed body goes where it was registered to go.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::app::App;
use crate::signature::hmac_hex;
use crate::store::{DueDelivery, HeaderFamily, SignatureStyle};

/// How long a receiver may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest rest between two looks at the queue: the server's clock may be skewed under a sleeper.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// A client for deliveries.
pub fn client() -> anyhow::Result<reqwest::Client> {
    // An already installed provider is as good as ours.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(TRY_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(client)
}

/// Delivers for ever; the server drops the task when it stops.
pub async fn deliver(app: Arc<App>, client: reqwest::Client) {
    loop {
        if let Err(error) = deliver_due(&app, &client).await {
            tracing::error!(%error, "webhook deliveries");
        }
        let next = app.store.next_delivery_in(app.clock.now()).ok().flatten();
        let rest = next.unwrap_or(LONGEST_REST).min(LONGEST_REST);
        tokio::select! {
            () = app.deliveries.notified() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

async fn deliver_due(app: &App, client: &reqwest::Client) -> anyhow::Result<()> {
    while let Some(due) = app.store.due_delivery(app.clock.now())? {
        let now = app.clock.now();
        let sent =
            client.post(&due.target.url).headers(headers(&due, now)?).body(due.body.clone()).send().await;
        let status = sent.ok().map(|answer| answer.status());
        let delivered = status.is_some_and(|status| status.is_success());
        let retry_at = if delivered { None } else { retry_at(app, due.attempt, now) };
        app.store.delivery_tried(&due.id, status.map(|status| status.as_u16()), delivered, retry_at)?;
    }
    Ok(())
}

fn retry_at(app: &App, attempt: u32, now: Timestamp) -> Option<Timestamp> {
    let rest_s = *app.webhook_retry_s.get(usize::try_from(attempt).ok()?.checked_sub(1)?)?;
    Some(now + SignedDuration::from_secs(i64::try_from(rest_s).ok()?))
}

fn headers(due: &DueDelivery, now: Timestamp) -> anyhow::Result<HeaderMap> {
    let signature = match due.target.signature {
        SignatureStyle::Valid => hmac_hex(&due.target.secret, due.body.as_bytes()),
        SignatureStyle::WrongKey => hmac_hex("not the registered secret", due.body.as_bytes()),
        SignatureStyle::Short => hmac_hex(&due.target.secret, due.body.as_bytes())[..32].to_owned(),
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static("quantum-elixir/webhook"));
    let mut family = |prefix: &str| -> anyhow::Result<()> {
        for (name, value) in [
            ("event", due.event.clone()),
            ("delivery", due.id.clone()),
            ("signature", format!("sha256={signature}")),
        ] {
            let name = HeaderName::try_from(format!("x-{prefix}-{name}"))?;
            headers.insert(name, HeaderValue::try_from(value)?);
        }
        Ok(())
    };
    if matches!(due.target.headers, HeaderFamily::Identity | HeaderFamily::Both) {
        family("identity")?;
    }
    if matches!(due.target.headers, HeaderFamily::Quantum | HeaderFamily::Both) {
        family("quantum")?;
        headers.insert("x-quantum-timestamp", HeaderValue::from(now.as_second()));
        headers.insert("x-quantum-attempt", HeaderValue::from(due.attempt));
    }
    Ok(headers)
}

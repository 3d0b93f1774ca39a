//! Answers no well-behaved server gives, and headers to heed, from a hand-written server.

use std::time::Duration;

use gateway::identity_platform::IdentityPlatform;
use gateway::{Gateway, LossReason, Rejection, RetryReason};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{client_with, plain};

/// Answers each connection with the next of `answers`, then closes it.
async fn scripted(answers: Vec<Vec<u8>>) -> IdentityPlatform {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/identity", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            read_request(&mut socket).await;
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    client_with(&base_url, "qe_sk_sandbox_EXAMPLE", |_| {})
}

/// Up to the end of the body, so that the client is done sending.
async fn read_request(socket: &mut tokio::net::TcpStream) {
    let mut seen = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = socket.read(&mut chunk).await.unwrap();
        seen.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&seen);
        let Some(head) = text.find("\r\n\r\n") else { continue };
        let length = text[..head]
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().to_owned())
            })
            .map_or(0, |length| length.parse().unwrap());
        if read == 0 || seen.len() >= head + 4 + length {
            return;
        }
    }
}

fn answer(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

async fn tier(answer: Vec<u8>) -> Rejection {
    scripted(vec![answer]).await.customer_tier("cus_0001").await.unwrap_err()
}

async fn submit(answer: Vec<u8>) -> Rejection {
    scripted(vec![answer]).await.submit(&plain("cus_0001", 1)).await.unwrap_err()
}

#[tokio::test]
async fn retry_after_dates_count_by_the_partners_clock() {
    let headers = ["Date: Tue, 01 Sep 2026 03:00:00 GMT", "Retry-After: Tue, 01 Sep 2026 03:00:20 GMT"];
    let rejection =
        tier(answer("429 Too Many Requests", &headers, r#"{"error":"rate limit exceeded"}"#)).await;
    assert!(matches!(rejection, Rejection::Retryable { reason: RetryReason::RateLimited, .. }));
    let after = rejection.after().unwrap();
    assert!((Duration::from_secs(18)..=Duration::from_secs(21)).contains(&after), "{after:?}");
}

#[tokio::test]
async fn an_emptied_bucket_is_left_alone() {
    let ok = r#"{"customer":{"id":"cus_0001","kycLevel":"none"}}"#;
    let headers = [
        "Date: Tue, 01 Sep 2026 03:00:00 GMT",
        "X-RateLimit-Limit: 600",
        "X-RateLimit-Remaining: 0",
        "X-RateLimit-Reset: 1788231630",
    ];
    let client = scripted(vec![answer("200 OK", &headers, ok)]).await;
    client.customer_tier("cus_0001").await.unwrap();
    // The script has no second answer: this one is refused without a call.
    let rejection = client.customer_tier("cus_0001").await.unwrap_err();
    assert!(
        matches!(rejection, Rejection::Retryable { reason: RetryReason::RateLimited, .. }),
        "{rejection:?}"
    );
    let after = rejection.after().unwrap();
    assert!((Duration::from_secs(27)..=Duration::from_secs(31)).contains(&after), "{after:?}");
}

#[tokio::test]
async fn yes_in_words_we_cannot_read_means_to_look() {
    let unreadable = Rejection::NeedsRecovery { reason: LossReason::UnreadableAnswer, after: None };
    for body in ["", "<html>welcome to the hotel</html>", "{}", "[]", r#"{"verification":{"id":1}}"#] {
        assert_eq!(submit(answer("200 OK", &[], body)).await, unreadable, "{body}");
    }
    let long = format!(r#"{{"verification":{{"id":"{}"}}}}"#, "x".repeat(3 * 1024 * 1024));
    assert_eq!(submit(answer("200 OK", &[], &long)).await, unreadable);
}

#[tokio::test]
async fn answers_cut_short_are_lost_answers() {
    let whole = answer("200 OK", &[], r#"{"verification":{"id":"ver_0001","status":"verified"}}"#);
    for length in [0, 7, whole.len() - 5] {
        let rejection = submit(whole[..length].to_vec()).await;
        assert!(matches!(rejection, Rejection::NeedsRecovery { .. }), "{length}: {rejection:?}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = ["Location: http://127.0.0.1:9/steal"];
    let rejection = submit(answer("302 Found", &elsewhere, "")).await;
    assert_eq!(rejection, Rejection::Retryable { reason: RetryReason::UnreadableAnswer, after: None });
}

#[tokio::test]
async fn slow_partners_are_lost_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/identity", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_request(&mut socket).await;
        std::future::pending::<()>().await;
    });
    let client = client_with(&base_url, "qe_sk_sandbox_EXAMPLE", |config| {
        config.capture_timeout = Duration::from_millis(300);
    });
    let rejection = client.submit(&plain("cus_0001", 1)).await.unwrap_err();
    assert_eq!(rejection, Rejection::NeedsRecovery { reason: LossReason::Interrupted, after: None });
    silent.abort();
}

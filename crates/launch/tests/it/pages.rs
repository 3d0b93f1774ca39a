//! Web pages at the loopback door.

use futures_util::{SinkExt as _, StreamExt as _};
use launch::{AllowedOrigins, Ending, LaunchKey, WebDoor, WebDoorConfig};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{Heard, id, request, window};

const ORIGIN: &str = "https://teller.example.test";

fn key() -> String {
    "0123456789abcdef".repeat(4)
}

type Heards = std::sync::Arc<std::sync::Mutex<Vec<Heard>>>;

async fn door() -> (u16, Heards) {
    let config = WebDoorConfig {
        port: 0,
        origins: AllowedOrigins::parse(&[ORIGIN.to_owned()]).unwrap(),
        key: LaunchKey::parse(key().into()).unwrap(),
    };
    let door = WebDoor::open(config).await.unwrap();
    let address = door.address().unwrap();
    assert!(address.ip().is_loopback());
    let (hear, heard) = window();
    tokio::spawn(door.serve(hear));
    (address.port(), heard)
}

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn page(address: &str, origin: Option<&str>, host: Option<&str>) -> Result<Page, Error> {
    let mut request = address.into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("Origin", origin.parse().unwrap());
    }
    if let Some(host) = host {
        request.headers_mut().insert("Host", host.parse().unwrap());
    }
    connect_async(request).await.map(|(page, _)| page)
}

/// What a page hears after this message: texts, then the code it was closed with.
async fn say(port: u16, message: Message) -> (Vec<String>, Option<u16>) {
    let mut page = page(&format!("ws://127.0.0.1:{port}/launch"), Some(ORIGIN), None).await.unwrap();
    page.send(message).await.unwrap();
    let (mut texts, mut code) = (Vec::new(), None);
    while let Some(Ok(message)) = page.next().await {
        match message {
            Message::Text(text) => texts.push(text.to_string()),
            Message::Close(frame) => code = frame.map(|frame| frame.code.into()),
            _other => {}
        }
    }
    (texts, code)
}

fn knock(key: &str, request: &str) -> Message {
    Message::text(format!("{{\"key\": \"{key}\", \"request\": {request}}}"))
}

#[tokio::test]
async fn a_page_that_may_launches_and_hears_the_result() {
    let (port, heard) = door().await;
    let (texts, code) = say(port, knock(&key(), &request(1))).await;
    let expected = Ending::Decided { submission_id: "sub_1".into() }.result(&id(1));
    assert_eq!((texts, code), (vec![serde_json::to_string(&expected).unwrap()], Some(1000)));
    assert_eq!(*heard.lock().unwrap(), [Heard::Launch(id(1))]);
}

#[tokio::test]
async fn pages_that_may_not_do_not_get_in() {
    let (port, heard) = door().await;
    let ours = format!("ws://127.0.0.1:{port}/launch");
    let status = |outcome: Result<Page, Error>| match outcome {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("let in, or broken: {:?}", other.map(drop)),
    };
    assert_eq!(status(page(&ours, None, None).await), 403, "no origin");
    assert_eq!(status(page(&ours, Some("null"), None).await), 403);
    assert_eq!(status(page(&ours, Some("https://evil.example.test"), None).await), 403);
    assert_eq!(status(page(&ours, Some(ORIGIN), Some("evil.example.test")).await), 403, "a rebound name");
    assert_eq!(status(page(&format!("ws://127.0.0.1:{port}/"), Some(ORIGIN), None).await), 404);
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_the_key_nothing_is_heard() {
    let (port, heard) = door().await;
    for message in [
        knock("", &request(1)),
        knock(&key()[1..], &request(1)),
        knock(&"f".repeat(64), &request(1)),
        Message::text(request(1)),
        Message::text("nonsense"),
        Message::binary(b"nonsense".to_vec()),
    ] {
        assert_eq!(say(port, message.clone()).await, (Vec::new(), Some(1008)), "{message}");
    }
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_request_that_cannot_be_used_has_a_result_that_names_the_key_only() {
    let (port, heard) = door().await;
    let bad = request(1).replace("https://onekyc", "http://onekyc");
    let (texts, code) = say(port, knock(&key(), &bad)).await;
    assert_eq!(code, Some(1000));
    assert!(texts[0].contains("INVALID_REQUEST") && texts[0].contains("baseUrl"), "{texts:?}");
    assert!(!texts[0].contains("EXAMPLEONLY"));
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn messages_have_a_bound() {
    let (port, heard) = door().await;
    let (texts, _) = say(port, Message::text("x".repeat(100_000))).await;
    assert!(texts.is_empty() && heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_window_that_goes_away_is_told() {
    let (port, _) = door().await;
    let (texts, _) = say(port, knock(&key(), &request(99))).await;
    assert!(texts[0].contains("WINDOW_CLOSED"), "{texts:?}");
}

//! The door for web pages on this machine: a WebSocket on the loopback address, off unless a port is set.
//!
//! Invariant: nothing is heard of a page whose origin is not allowed or that does not know this installation's key; one
//! connection is one launch. A connection that is closed cancels nothing: the flow goes on, and the partner learns its
//! end from its backend. Deliberately absent: addresses that another machine could reach, and everything but launches.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use zeroize::Zeroizing;

use crate::allowed::AllowedOrigins;
use crate::ending::Ending;
use crate::key::LaunchKey;
use crate::request::{LaunchRequest, MAX_REQUEST_BYTES};
use crate::result::LaunchResult;
use crate::threshold::{Answer, Hear, Incoming, Reply};

/// The one address there is.
const PATH: &str = "/launch";
/// The key and some air beside the request.
const MAX_MESSAGE_BYTES: usize = MAX_REQUEST_BYTES + 1024;
/// A page says at once what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than the windows of a browser on one machine.
const MAX_CONNECTIONS: usize = 16;
/// How long after a failed accept the next one is tried.
const BREATH: Duration = Duration::from_millis(200);

/// Who may come in, and where.
#[derive(Debug)]
pub struct WebDoorConfig {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Pages that may.
    pub origins: AllowedOrigins,
    /// What they must know.
    pub key: LaunchKey,
}

/// Why there is no door for web pages.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on 127.0.0.1:{port}: {source}")]
pub struct WebDoorError {
    port: u16,
    source: std::io::Error,
}

/// The door for web pages.
pub struct WebDoor {
    listener: TcpListener,
    config: Arc<WebDoorConfig>,
}

/// The first and only message of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnockWire<'a> {
    #[serde(borrow)]
    key: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    request: &'a serde_json::value::RawValue,
}

/// Why a connection is closed without a result, in words that a page's developer sees.
type Turned = &'static str;

impl WebDoor {
    /// Opens it.
    pub async fn open(config: WebDoorConfig) -> Result<Self, WebDoorError> {
        let port = config.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| WebDoorError { port, source })?;
        Ok(Self { listener, config: Arc::new(config) })
    }

    /// Where it is.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Attends to pages, for as long as it is polled.
    pub async fn serve(self, hear: Hear) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a page could not be let in");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                tracing::warn!("more pages than places");
                continue;
            };
            let (config, hear) = (Arc::clone(&self.config), Hear::clone(&hear));
            tokio::spawn(async move {
                if let Err(error) = attend(stream, &config, &hear).await {
                    tracing::info!(%error, "a page went away or was turned away");
                }
                drop(place);
            });
        }
    }
}

async fn attend(stream: TcpStream, config: &WebDoorConfig, hear: &Hear) -> Result<(), tungstenite::Error> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let check = |request: &Request, response: Response| admitted(request, &config.origins).map(|()| response);
    let greeting = tokio_tungstenite::accept_hdr_async_with_config(stream, check, Some(limits));
    let Ok(socket) = tokio::time::timeout(PATIENCE, greeting).await else { return Ok(()) };
    let mut socket = socket?;
    let Ok(message) = tokio::time::timeout(PATIENCE, first_text(&mut socket)).await else {
        return turn_away(socket, "nothing was asked").await;
    };
    let Some(text) = message? else { return turn_away(socket, "one text message is expected").await };
    match asked(&text, &config.key) {
        Ok(Ok(request)) => {
            let correlation_id = request.correlation_id.to_string();
            let (reply, answer) = Reply::new();
            hear(Incoming::Launch(Box::new(request), reply));
            see_through(socket, answer, &correlation_id).await
        }
        Ok(Err(result)) => tell(socket, &result).await,
        Err(why) => turn_away(socket, why).await,
    }
}

/// Looks at a page before anything else: our one path, a page that may, and this machine by its own name, so that no
/// name of another's leads here.
fn admitted(request: &Request, origins: &AllowedOrigins) -> Result<(), ErrorResponse> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refused = |status: StatusCode, why: &str| {
        let mut response = ErrorResponse::new(Some(why.to_owned()));
        *response.status_mut() = status;
        Err(response)
    };
    let host = text(header::HOST);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    if request.uri().path() != PATH {
        return refused(StatusCode::NOT_FOUND, "there is /launch alone");
    }
    if !matches!(host, "127.0.0.1" | "localhost") || !origins.has(text(header::ORIGIN)) {
        return refused(StatusCode::FORBIDDEN, "launch.allowed_origins does not name this page");
    }
    Ok(())
}

/// The first message; `None` if it is no text.
async fn first_text(
    socket: &mut WebSocketStream<TcpStream>,
) -> Result<Option<Zeroizing<String>>, tungstenite::Error> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => return Ok(Some(Zeroizing::new(text.as_str().to_owned()))),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) | Message::Frame(_) => return Ok(None),
        }
    }
    Err(tungstenite::Error::ConnectionClosed)
}

/// What is asked, of somebody who knows the key. A request that cannot be used has a result all the same.
fn asked(text: &str, key: &LaunchKey) -> Result<Result<LaunchRequest, LaunchResult>, Turned> {
    let knock: KnockWire<'_> =
        serde_json::from_str(text).map_err(|_| "the message is {\"key\": \"…\", \"request\": {…}}")?;
    if !key.is(&knock.key) {
        return Err("the key is wrong");
    }
    let request = LaunchRequest::parse(knock.request.get().as_bytes());
    Ok(request.map_err(|error| Ending::Malformed(error.to_string()).result("")))
}

/// Waits for the result, answering the page's pings meanwhile.
async fn see_through(
    mut socket: WebSocketStream<TcpStream>,
    mut answer: Answer,
    correlation_id: &str,
) -> Result<(), tungstenite::Error> {
    loop {
        tokio::select! {
            result = answer.wait(correlation_id) => return tell(socket, &result).await,
            message = socket.next() => match message {
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                    return turn_away(socket, "one connection is one launch").await;
                }
                Some(Ok(Message::Close(_))) | None => return Ok(()),
                Some(Err(error)) => return Err(error),
            },
        }
    }
}

async fn tell(
    mut socket: WebSocketStream<TcpStream>,
    result: &LaunchResult,
) -> Result<(), tungstenite::Error> {
    let text = serde_json::to_string(result).expect("texts and words are always JSON");
    socket.send(Message::text(text)).await?;
    part(socket, CloseCode::Normal, "").await
}

async fn turn_away(socket: WebSocketStream<TcpStream>, why: Turned) -> Result<(), tungstenite::Error> {
    tracing::warn!(why, "a page was turned away");
    part(socket, CloseCode::Policy, why).await
}

/// Closes, and hears the page out, so that what was sent arrives.
async fn part(
    mut socket: WebSocketStream<TcpStream>,
    code: CloseCode,
    why: &'static str,
) -> Result<(), tungstenite::Error> {
    socket.close(Some(CloseFrame { code, reason: why.into() })).await?;
    let silence = async { while let Some(Ok(_)) = socket.next().await {} };
    tokio::time::timeout(PATIENCE, silence).await.ok();
    Ok(())
}

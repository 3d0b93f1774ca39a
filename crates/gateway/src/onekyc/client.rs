//! The calls of a counter: addresses, upload, confirmation, status, result. One method each, both families.
//!
//! Invariants: each call carries the run's own ids and its user token; a token that was refused is replaced once, and
//! one replacement is under way at a time. Lacks on purpose: deciding what comes next; see `journey`.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, RequestBuilder};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::answer::{self, Confirmation, StatusReport, UploadTicket};
use super::config::OneKycConfig;
use super::details::{SubmissionDetails, decode_details};
use super::exchange::{
    Exchange, PARTNER_SESSION, SDK_SESSION, SUBMISSION_ID, TOKEN, USER_ID, USER_ID_TYPE, secret_header,
};
use super::failure::{Failure, FailureClass};
use super::run::FlowRun;
use super::schedule::Jitter;
use super::token::{Token, TokenSource};
use super::upload::Storage;
use super::words::Flow;
use crate::endpoint::Endpoint;
use crate::port::Clock;
use crate::transport;

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum OneKycError {
    /// TLS could not be set up; the system's certificates are missing, most often.
    #[error("TLS could not be set up ({0}); are the system's CA certificates installed?")]
    Tls(String),
    /// Credentials of a server may not lie on a counter.
    #[error("client id and pass key are for a partner's server; a counter asks that server for tokens")]
    DirectNotLocal,
}

/// One of the two API families.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// `/coe…`: all flows of a counter.
    Coe,
    /// `/esign…`: standalone identity verification.
    Esign,
}

impl Flow {
    /// Which API a flow belongs to.
    #[must_use]
    pub fn family(&self) -> Family {
        match self {
            Self::StandaloneIdentityVerification => Family::Esign,
            Self::KtpScan
            | Self::StandaloneLiveness
            | Self::FaceVerification
            | Self::FaceMatch
            | Self::KycLite
            | Self::OnDemandFr
            | Self::Other(_) => Family::Coe,
        }
    }
}

/// A run and its token.
pub struct Session {
    /// The run.
    pub run: FlowRun,
    token: Mutex<Option<Token>>,
}

impl Session {
    /// Goes on with a token that was kept, or none yet.
    #[must_use]
    pub fn new(run: FlowRun, token: Option<Token>) -> Self {
        Self { run, token: Mutex::new(token) }
    }

    /// The token as it is now.
    pub async fn token(&self) -> Option<Token> {
        self.token.lock().await.clone()
    }
}

/// How a confirmation ended well.
#[derive(Debug)]
pub enum Confirmed {
    /// By this call.
    Now(Confirmation),
    /// By an earlier one (409): go and poll.
    Before,
}

/// The bytes of one picture and where they go.
pub struct Upload<'a> {
    /// Signed address.
    pub address: &'a SecretString,
    /// Until when it lives.
    pub expires_at: Timestamp,
    /// JPEG or PNG.
    pub picture: &'a [u8],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmWire<'a> {
    submission_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Value>,
}

/// Where a call goes.
struct Target<'a> {
    method: Method,
    path: &'a [&'a str],
    submission_type: Option<&'a str>,
}

/// A connection to OneKYC with user tokens.
pub struct OneKyc {
    pub(super) config: OneKycConfig,
    pub(super) tokens: Arc<dyn TokenSource>,
    pub(super) clock: Clock,
    pub(super) jitter: Jitter,
    http: Client,
    exchange: Exchange,
    storage: Storage,
}

impl fmt::Debug for OneKyc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneKyc").field("base", &self.config.base).finish_non_exhaustive()
    }
}

impl OneKyc {
    /// Makes a client; connects to nothing yet.
    pub fn new(
        config: OneKycConfig,
        tokens: Arc<dyn TokenSource>,
        clock: Clock,
        jitter: Jitter,
    ) -> Result<Self, OneKycError> {
        let is_local = config.base.is_loopback();
        let http = transport::client(is_local).map_err(OneKycError::Tls)?;
        let storage = Storage {
            // A client of its own: whatever the API's learns (cookies, connections) stays there.
            http: transport::client(is_local).map_err(OneKycError::Tls)?,
            params: config.upload,
            hosts: config.storage_hosts.clone(),
            may_be_local: is_local,
            clock: Arc::clone(&clock),
            jitter: Arc::clone(&jitter),
        };
        let exchange =
            Exchange { clock: Arc::clone(&clock), jitter: Arc::clone(&jitter), retry: config.retry };
        Ok(Self { http, exchange, storage, tokens, clock, jitter, config })
    }

    /// The same towards another base address.
    pub(super) fn at(&self, base: Endpoint) -> Result<Self, OneKycError> {
        let config = OneKycConfig { base, ..self.config.clone() };
        Self::new(config, Arc::clone(&self.tokens), Arc::clone(&self.clock), Arc::clone(&self.jitter))
    }

    /// Makes sure that the session has a token.
    pub async fn authenticate(&self, session: &Session) -> Result<Token, Failure> {
        let mut token = session.token.lock().await;
        match &*token {
            Some(known) if !known.is_stale((self.clock)()) => Ok(known.clone()),
            Some(_) | None => {
                let fresh = self.tokens.user_token(&session.run).await?;
                *token = Some(fresh.clone());
                Ok(fresh)
            }
        }
    }

    /// Replaces a token that was refused, unless somebody did meanwhile.
    async fn renew(&self, session: &Session, refused: &Token) -> Result<Token, Failure> {
        let mut token = session.token.lock().await;
        if let Some(known) = token.as_ref().filter(|known| known.header() != refused.header()) {
            return Ok(known.clone());
        }
        let fresh = self.tokens.user_token(&session.run).await?;
        *token = Some(fresh.clone());
        Ok(fresh)
    }

    async fn call(
        &self,
        session: &Session,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
        target: Target<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let mut url = self.config.base.resource(target.path);
        if let Some(kind) = target.submission_type {
            url.query_pairs_mut().append_pair("submissionType", kind);
        }
        let request = |token: &Token| {
            let request = self.http.request(target.method.clone(), url.clone()).timeout(self.config.timeout);
            build(self.with_run(secret_header(request, TOKEN, token.header()), &session.run))
        };
        let token = self.authenticate(session).await?;
        match self.exchange.answered(|| request(&token)).await {
            Err(failure) if failure.class == FailureClass::NotAuthenticated => {
                let fresh = match self.renew(session, &token).await {
                    // Where there is no other token, the refusal of this one tells more.
                    Err(none) if none.status.is_none() && none.class == failure.class => return Err(failure),
                    renewed => renewed?,
                };
                self.exchange.answered(|| request(&fresh)).await
            }
            outcome => outcome,
        }
    }

    fn with_run(&self, request: RequestBuilder, run: &FlowRun) -> RequestBuilder {
        let request = request
            .header(PARTNER_SESSION, run.partner_session_id.to_string())
            .header(SDK_SESSION, run.sdk_session_id.to_string());
        if self.config.send_user_headers || run.flow.family() == Family::Esign {
            return request.header(USER_ID, &run.user_id).header(USER_ID_TYPE, &self.config.user_id_type);
        }
        request
    }

    /// Asks for upload addresses; makes a submission. Harmless to repeat: only confirmed submissions count.
    pub async fn upload_ticket(&self, session: &Session) -> Result<UploadTicket, Failure> {
        let submission_type = Some(session.run.flow.as_str());
        let target = Target { method: Method::GET, path: urls_path(&session.run), submission_type };
        answer::decode_ticket(&self.call(session, |request| request, target).await?)
    }

    /// Puts one picture into the partner's storage. Harmless to repeat.
    pub async fn upload(&self, upload: &Upload<'_>) -> Result<(), Failure> {
        self.storage.put(upload.address, upload.expires_at, upload.picture).await
    }

    /// Starts the processing. Harmless to repeat: the second time says so.
    pub async fn confirm(&self, session: &Session, submission_id: &str) -> Result<Confirmed, Failure> {
        let metadata = self.config.send_metadata.then(
            || json!({"captureEngine": concat!("loket/", env!("CARGO_PKG_VERSION")), "platform": "desktop"}),
        );
        let body = ConfirmWire { submission_id, metadata };
        let target = Target { method: Method::PUT, path: urls_path(&session.run), submission_type: None };
        let confirmed = match self.call(session, |request| request.json(&body), target).await {
            Ok(body) => Confirmed::Now(answer::decode_confirmation(&body)?),
            Err(failure) if failure.class == FailureClass::AlreadyConfirmed => Confirmed::Before,
            Err(failure) => return Err(failure),
        };
        if let Err(failure) = self.tokens.confirmed(&session.run, submission_id).await {
            tracing::debug!(%failure, "the partner's server was not told; it looks by itself");
        }
        Ok(confirmed)
    }

    /// How far a submission is (COE only).
    pub async fn status(&self, session: &Session, submission_id: &str) -> Result<StatusReport, Failure> {
        let path = ["coe", "v1", "submissions", submission_id, "status"];
        let target = Target { method: Method::GET, path: &path, submission_type: None };
        let report = answer::decode_status(&self.call(session, |request| request, target).await?)?;
        // Something in between may repeat the answer to another request.
        if report.submission_id != submission_id {
            return Err(Failure::of(FailureClass::Unreadable));
        }
        Ok(report)
    }

    /// The result of a submission, with the user token.
    pub async fn details(
        &self,
        session: &Session,
        submission_id: &str,
    ) -> Result<SubmissionDetails, Failure> {
        let path: &[&str] = match session.run.flow.family() {
            Family::Coe => &["coe", "v1", "submissions"],
            Family::Esign => &["esign-partner", "v1", "submissions"],
        };
        let named = |request: RequestBuilder| request.header(SUBMISSION_ID, submission_id);
        let target = Target { method: Method::GET, path, submission_type: None };
        let details = decode_details(&self.call(session, named, target).await?)?;
        if details.submission_id.as_deref().is_some_and(|id| id != submission_id) {
            return Err(Failure::of(FailureClass::Unreadable));
        }
        Ok(details)
    }

    /// When an address that was just handed out runs out.
    #[must_use]
    pub fn expiry_of(&self, lifetime: std::time::Duration) -> Timestamp {
        let now = (self.clock)();
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::ZERO);
        now.checked_add(lifetime).unwrap_or(now)
    }
}

fn urls_path(run: &FlowRun) -> &'static [&'static str] {
    match run.flow.family() {
        Family::Coe => &["coe", "v1", "submissions", "urls"],
        Family::Esign => &["esign-partner", "v1", "submissions", "urls"],
    }
}

//! The calls of a partner's server: partner tokens, starting flows, results. Holds `client-id` and `pass-key`.
//!
//! Invariants: neither leaves but to the token host; partner tokens are kept in memory alone, renewed early, one
//! renewal at a time. Lacks on purpose: a place on a counter; only a counter's own tests use it there.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::client::{Family, OneKycError};
use super::details::{SubmissionDetails, decode_details};
use super::exchange::{
    Exchange, PARTNER_SESSION, SUBMISSION_ID, TOKEN, USER_ID, USER_ID_TYPE, secret_header,
};
use super::failure::{Failure, FailureClass};
use super::initiate::InitiateWire;
use super::run::{FlowRun, LaunchOptions};
use super::schedule::{Jitter, RetryParams};
use super::token::{Launch, Pending, RENEW_BEFORE, Token, TokenSource, decode_launch, decode_token};
use super::words::Flow;
use crate::endpoint::Endpoint;
use crate::port::Clock;
use crate::transport;

/// How user tokens are made (contract C2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UserTokenWay {
    /// By starting a flow: what the flow pages say.
    #[default]
    InitiateFlow,
    /// By the v2 token call.
    V2,
}

/// A partner's account.
#[derive(Clone, Debug)]
pub struct DirectConfig {
    /// Mints tokens.
    pub token_host: Endpoint,
    /// Serves everything else.
    pub base: Endpoint,
    /// Given by the vendor.
    pub client_id: SecretString,
    /// Given by the vendor.
    pub pass_key: SecretString,
    /// `x-onboarding-partner`, given by the vendor.
    pub onboarding_partner: String,
    /// The same for the other family.
    pub esign_onboarding_partner: String,
    /// Codes for single flows, where the vendor gave one for each; before the two above.
    pub onboarding_by_flow: Vec<(Flow, String)>,
    /// Mints the other family's tokens, where that is another host.
    pub esign_token_host: Option<Endpoint>,
    /// Its header, which the pages name in two ways.
    pub esign_onboarding_header: String,
    /// Our label for our user ids.
    pub user_id_type: String,
    /// How user tokens are made.
    pub way: UserTokenWay,
    /// For flows that a counter asks for.
    pub options: LaunchOptions,
    /// Repeating of calls.
    pub retry: RetryParams,
    /// For any call.
    pub timeout: std::time::Duration,
}

impl DirectConfig {
    /// The contract's defaults.
    #[must_use]
    pub fn new(
        token_host: Endpoint,
        base: Endpoint,
        client_id: SecretString,
        pass_key: SecretString,
    ) -> Self {
        Self {
            token_host,
            base,
            client_id,
            pass_key,
            onboarding_partner: String::new(),
            esign_onboarding_partner: String::new(),
            onboarding_by_flow: Vec::new(),
            esign_token_host: None,
            esign_onboarding_header: "x-esign-onboarding-partner".to_owned(),
            user_id_type: "LOKET_CUSTOMER_ID".to_owned(),
            way: UserTokenWay::default(),
            options: LaunchOptions::default(),
            retry: RetryParams::default(),
            timeout: std::time::Duration::from_secs(20),
        }
    }
}

impl DirectConfig {
    /// Whether all hosts are this machine.
    fn is_local(&self) -> bool {
        let hosts = [Some(&self.base), Some(&self.token_host), self.esign_token_host.as_ref()];
        hosts.into_iter().flatten().all(Endpoint::is_loopback)
    }

    fn onboarding(&self, flow: &Flow) -> &str {
        let of_flow = self.onboarding_by_flow.iter().find(|(of, _)| of == flow).map(|(_, code)| code);
        of_flow.unwrap_or(match flow.family() {
            Family::Coe => &self.onboarding_partner,
            Family::Esign => &self.esign_onboarding_partner,
        })
    }
}

/// Which submission's result is asked for.
#[derive(Clone, Debug)]
pub struct DetailsQuery {
    /// Which API.
    pub family: Family,
    /// The correlation id, if known.
    pub partner_session_id: Option<String>,
    /// Unambiguous; COE only.
    pub submission_id: Option<String>,
    /// Our user, if known.
    pub user_id: Option<String>,
}

/// An account's token, and from when on a new one is asked for.
#[derive(Clone)]
struct Kept {
    token: Token,
    renew_at: Timestamp,
}

impl Kept {
    /// Renewed five minutes before its end, or in the middle of a life that is shorter than ten.
    fn new(token: Token, now: Timestamp) -> Self {
        let half = token.expires_at.duration_since(now) / 2;
        let early = RENEW_BEFORE.min(half);
        let renew_at = token.expires_at.checked_sub(early).unwrap_or(now);
        Self { token, renew_at }
    }
}

/// A partner's server towards OneKYC.
pub struct Direct {
    config: DirectConfig,
    http: Client,
    exchange: Exchange,
    coe: Mutex<Option<Kept>>,
    esign: Mutex<Option<Kept>>,
    minted: AtomicU64,
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").field("base", &self.config.base).finish_non_exhaustive()
    }
}

impl Direct {
    /// For a server.
    pub fn new(config: DirectConfig, clock: Clock, jitter: Jitter) -> Result<Self, OneKycError> {
        let http = transport::client(config.is_local()).map_err(OneKycError::Tls)?;
        let exchange = Exchange { clock, jitter, retry: config.retry };
        let (coe, esign) = (Mutex::default(), Mutex::default());
        Ok(Self { config, http, exchange, coe, esign, minted: AtomicU64::new(0) })
    }

    /// For a counter that speaks to a simulator: refused unless both hosts are this machine.
    pub fn local_only(config: DirectConfig, clock: Clock, jitter: Jitter) -> Result<Self, OneKycError> {
        if config.is_local() {
            return Self::new(config, clock, jitter);
        }
        Err(OneKycError::DirectNotLocal)
    }

    /// The account's token, from memory while it lives.
    pub async fn partner_token(&self, family: Family) -> Result<Token, Failure> {
        let mut kept = self.kept(family).lock().await;
        let now = (self.exchange.clock)();
        if let Some(known) = kept.as_ref().filter(|known| now < known.renew_at) {
            return Ok(known.token.clone());
        }
        match self.mint(family).await {
            Ok(fresh) => {
                *kept = Some(Kept::new(fresh.clone(), now));
                Ok(fresh)
            }
            // It was early; the old one still works.
            Err(failure) => match &*kept {
                Some(known) if now < known.token.expires_at => Ok(known.token.clone()),
                Some(_) | None => Err(failure),
            },
        }
    }

    /// How many partner tokens were minted.
    #[must_use]
    pub fn minted(&self) -> u64 {
        self.minted.load(Ordering::Relaxed)
    }

    fn kept(&self, family: Family) -> &Mutex<Option<Kept>> {
        match family {
            Family::Coe => &self.coe,
            Family::Esign => &self.esign,
        }
    }

    async fn mint(&self, family: Family) -> Result<Token, Failure> {
        let (segment, host) = match family {
            Family::Coe => ("coe", None),
            Family::Esign => ("esign", self.config.esign_token_host.as_ref()),
        };
        let host = host.unwrap_or(&self.config.token_host);
        let url = host.resource(&["v1", segment, "partner", "authentication"]);
        let body = self.exchange.answered(|| self.with_credentials(self.http.get(url.clone()))).await?;
        let token = decode_token(&body, (self.exchange.clock)())?;
        self.minted.fetch_add(1, Ordering::Relaxed);
        Ok(token)
    }

    fn with_credentials(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.timeout(self.config.timeout);
        let (id, key) = (self.config.client_id.expose_secret(), self.config.pass_key.expose_secret());
        let request = secret_header(request, reqwest::header::HeaderName::from_static("client-id"), id);
        secret_header(request, reqwest::header::HeaderName::from_static("pass-key"), key)
    }

    /// A call with the partner token; once more with a new one if it is refused.
    async fn call(
        &self,
        family: Family,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Vec<u8>, Failure> {
        let with = |token: &Token| {
            build(secret_header(request().timeout(self.config.timeout), TOKEN, token.header()))
        };
        let token = self.partner_token(family).await?;
        match self.exchange.answered(|| with(&token)).await {
            Err(failure) if failure.class == FailureClass::NotAuthenticated => {
                self.forget(family, &token).await;
                let fresh = self.partner_token(family).await?;
                self.exchange.answered(|| with(&fresh)).await
            }
            outcome => outcome,
        }
    }

    async fn forget(&self, family: Family, refused: &Token) {
        let mut kept = self.kept(family).lock().await;
        if kept.as_ref().is_some_and(|known| known.token.header() == refused.header()) {
            *kept = None;
        }
    }

    /// Starts a flow. Repeated with the same session id; [`FailureClass::SessionTaken`] says that the first try
    /// worked and its token is lost.
    pub async fn initiate(&self, run: &FlowRun, options: &LaunchOptions) -> Result<Launch, Failure> {
        let family = run.flow.family();
        let sendable = run.contact.as_ref().map_or(family == Family::Coe, |contact| contact.is_well_formed());
        if !sendable {
            return Err(Failure::of(FailureClass::Unsendable));
        }
        let (path, onboarding_header): (_, &str) = match family {
            Family::Coe => ("coe-partner", "x-onboarding-partner"),
            Family::Esign => ("esign-partner", &self.config.esign_onboarding_header),
        };
        let onboarding = self.config.onboarding(&run.flow);
        let url = self.config.base.resource(&[path, "v1", "initiate-flow"]);
        let body = InitiateWire::of(run, options);
        let build = |request: RequestBuilder| {
            request
                .header(onboarding_header, onboarding)
                .header(USER_ID, &run.user_id)
                .header(USER_ID_TYPE, &self.config.user_id_type)
                .header(PARTNER_SESSION, run.partner_session_id.to_string())
                .json(&body)
        };
        let answer = self.call(family, build, || self.http.post(url.clone())).await?;
        decode_launch(&answer, (self.exchange.clock)())
    }

    /// The other way to a user token.
    pub async fn user_token_v2(&self, run: &FlowRun) -> Result<Token, Failure> {
        let url = self.config.token_host.resource(&["v2", "coe", "authentication"]);
        let request = || {
            self.with_credentials(self.http.get(url.clone()))
                .header("x-onboarding-partner", self.config.onboarding(&run.flow))
                .header(USER_ID, &run.user_id)
                .header(USER_ID_TYPE, &self.config.user_id_type)
        };
        decode_token(&self.exchange.answered(request).await?, (self.exchange.clock)())
    }

    /// The result of a submission, with the partner token.
    pub async fn details(&self, query: &DetailsQuery) -> Result<SubmissionDetails, Failure> {
        decode_details(&self.details_answer(query).await?)
    }

    /// The same unread, for a server that decodes less of it than there is: no value off a card.
    pub async fn details_answer(&self, query: &DetailsQuery) -> Result<Vec<u8>, Failure> {
        let segment = match query.family {
            Family::Coe => "coe",
            Family::Esign => "esign-partner",
        };
        let url = self.config.base.resource(&[segment, "v1", "submissions"]);
        let build = |request: RequestBuilder| {
            let mut request = match &query.user_id {
                Some(id) => request.header(USER_ID, id).header(USER_ID_TYPE, &self.config.user_id_type),
                None => request,
            };
            for (name, value) in
                [(PARTNER_SESSION, &query.partner_session_id), (SUBMISSION_ID, &query.submission_id)]
            {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            request
        };
        self.call(query.family, build, || self.http.get(url.clone())).await
    }

    /// A user token for a run, in the configured way.
    pub async fn user_token_with(&self, run: &FlowRun, options: &LaunchOptions) -> Result<Token, Failure> {
        match (self.config.way, run.flow.family()) {
            (UserTokenWay::V2, Family::Coe) => self.user_token_v2(run).await,
            (UserTokenWay::InitiateFlow | UserTokenWay::V2, _) => match self.initiate(run, options).await? {
                Launch::Token(token) => Ok(token),
                Launch::Page(_) => Err(Failure::of(FailureClass::Unreadable)),
            },
        }
    }
}

impl TokenSource for Direct {
    fn user_token<'a>(&'a self, run: &'a FlowRun) -> Pending<'a, Token> {
        Box::pin(self.user_token_with(run, &self.config.options))
    }

    fn probe(&self) -> Pending<'_, ()> {
        // A token that lives says nothing about the line: ask.
        Box::pin(async {
            let now = (self.exchange.clock)();
            let fresh = self.mint(Family::Coe).await?;
            *self.coe.lock().await = Some(Kept::new(fresh, now));
            Ok(())
        })
    }
}

//! User tokens for OneKYC's client, from the partner's backend: a fresh flow for every run.
//!
//! Invariant: a token is used only if it is for the platform that this kiosk was set up for; another address is refused
//! before anything is sent there. Lacks on purpose: `client-id` and `pass-key`, which a kiosk never has.

use gateway::Endpoint;
use gateway::onekyc::{Failure, FailureClass, FlowRun, Pending, RefusalItem, Token, TokenSource};
use jiff::Timestamp;

use crate::client::KioskClient;
use crate::refusal::ClientError;
use crate::wire::{FlowRequest, Locale};

/// Tokens from the backend.
#[derive(Debug)]
pub struct BackendTokens {
    kiosk: KioskClient,
    platform: Endpoint,
    locale: Option<Locale>,
}

impl BackendTokens {
    /// For the platform at this address.
    #[must_use]
    pub fn new(kiosk: KioskClient, platform: Endpoint, locale: Option<Locale>) -> Self {
        Self { kiosk, platform, locale }
    }

    /// The kiosk whose tokens these are.
    #[must_use]
    pub fn kiosk(&self) -> &KioskClient {
        &self.kiosk
    }

    async fn begin(&self, run: &FlowRun) -> Result<Token, Failure> {
        let request = FlowRequest::of(run, self.locale);
        let answer = match self.kiosk.begin_flow(&request).await {
            // A proxy sent it twice, or an answer got lost on the way: signed anew it is another request.
            Err(error) if error.says("replayed") => self.kiosk.begin_flow(&request).await,
            other => other,
        };
        let answer = answer.map_err(|error| error.failure())?;
        let told = Endpoint::parse(&answer.base_url).map_err(|_| ClientError::Unreadable.failure())?;
        if told.resource(&[]) != self.platform.resource(&[]) {
            return Err(elsewhere());
        }
        let expires_at = Timestamp::from_millisecond(answer.expires_at_ms)
            .map_err(|_| ClientError::Unreadable.failure())?;
        Ok(Token { value: answer.token, expires_at })
    }
}

fn elsewhere() -> Failure {
    let item = RefusalItem {
        code: "other_platform".to_owned(),
        cause: "the backend speaks to another platform than onekyc.base_url names".to_owned(),
        entity: None,
    };
    Failure { class: FailureClass::NotAuthorised, status: None, items: vec![item], after: None }
}

impl TokenSource for BackendTokens {
    fn user_token<'a>(&'a self, run: &'a FlowRun) -> Pending<'a, Token> {
        Box::pin(self.begin(run))
    }

    fn probe(&self) -> Pending<'_, ()> {
        Box::pin(async { self.kiosk.probe().await.map_err(|error| error.failure()) })
    }

    fn confirmed<'a>(&'a self, run: &'a FlowRun, submission_id: &'a str) -> Pending<'a, ()> {
        Box::pin(async {
            let told = self.kiosk.uploaded(run.partner_session_id, submission_id).await;
            told.map_err(|error| error.failure())
        })
    }
}

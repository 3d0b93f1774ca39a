//! OneKYC behind the port of partners that take a capture in steps.
//!
//! What was captured decides the flow: a card is scanned, a face judged, both together verified. Invariant: a queue has
//! nobody who could take a picture again, so what asks for that ends the journey; a token that came with a launch goes to
//! the platform it came from and to no other.

use std::future::ready;
use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;

use super::client::OneKyc;
use super::failure::{Failure, FailureClass};
use super::journey::{Advance, Journey, Pictures, RunIds};
use super::run::FlowRun;
use super::step::StepContext;
use super::token::{Pending, Token, TokenSource};
use super::words::Flow;
use crate::port::Answer;
use crate::rejection::{PermanentReason, Rejection};
use crate::staged::{Stage, StagedGateway, Step};
use crate::submission::{Grant, Submission};

/// Makes random ids; injected.
pub type Ids = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// How long a launch's token is tried: what the contract says of user tokens. The partner has the last word.
const GRANT_LIFE: SignedDuration = SignedDuration::from_hours(24 * 60);

/// The flow that a capture is for.
#[must_use]
pub fn flow_of(submission: &Submission) -> Flow {
    match (&submission.bundle, &submission.selfie) {
        (Some(_), Some(_)) => Flow::StandaloneIdentityVerification,
        (None, Some(_)) => Flow::StandaloneLiveness,
        (Some(_) | None, None) => Flow::KtpScan,
    }
}

/// For counters that run launched flows only: there are no other tokens.
pub struct NoTokens;

impl TokenSource for NoTokens {
    fn user_token<'a>(&'a self, _: &'a FlowRun) -> Pending<'a, Token> {
        Box::pin(ready(Err(Failure::of(FailureClass::NotAuthenticated))))
    }

    fn probe(&self) -> Pending<'_, ()> {
        Box::pin(ready(Ok(())))
    }
}

/// The way of captures to OneKYC out of a queue.
pub struct OneKycQueue {
    client: OneKyc,
    ids: Ids,
}

impl OneKycQueue {
    /// Over a client.
    #[must_use]
    pub fn new(client: OneKyc, ids: Ids) -> Self {
        Self { client, ids }
    }

    fn fresh(&self) -> RunIds {
        RunIds { partner_session: (self.ids)(), sdk_session: (self.ids)() }
    }

    fn first(&self, submission: &Submission) -> Journey {
        let granted_to = submission.grant.as_ref().and_then(|grant| grant.user_id.as_ref());
        let user_id = granted_to.unwrap_or(&submission.customer_id);
        let journey = Journey::planned(flow_of(submission), user_id, self.fresh());
        let journey = match &submission.contact {
            Some(contact) => journey.with_contact(contact.clone()),
            None => journey,
        };
        match &submission.grant {
            Some(grant) => journey.granted(grant.correlation_id, self.token_of(grant)),
            None => journey,
        }
    }

    fn token_of(&self, grant: &Grant) -> Token {
        let now = (self.client.clock)();
        Token { value: grant.token.clone(), expires_at: now.checked_add(GRANT_LIFE).unwrap_or(now) }
    }

    async fn advance(&self, submission: &Submission, stage: &[u8]) -> Result<Step, Rejection> {
        let unreadable = || Failure::of(FailureClass::Unsendable).rejection();
        let journey = Journey::from_bytes(stage).ok_or_else(unreadable)?;
        let card = submission.bundle.as_ref().and_then(|bundle| bundle.document().frames.first());
        let selfie = submission.selfie.as_ref();
        let pictures = Pictures {
            card: card.map(bundle::JpegFrame::as_bytes),
            selfie: selfie.map(|selfie| selfie.best.as_bytes()),
            additional_selfie: selfie
                .and_then(|selfie| selfie.additional.as_ref())
                .map(|more| more.as_bytes()),
        };
        let context = StepContext { pictures, recaptures_left: 0, fresh: self.fresh() };
        let granting = match &submission.grant {
            Some(grant) if grant.base_url != self.client.config.base => {
                Some(self.client.at(grant.base_url.clone()).map_err(|_| unreadable())?)
            }
            Some(_) | None => None,
        };
        let client = granting.as_ref().unwrap_or(&self.client);
        let refused = |failure: Failure| rejection(&failure, submission);
        match client.step(&journey, context).await.map_err(refused)? {
            Advance::Next(journey) => Ok(Step::Next(stage_of(&journey))),
            Advance::Later { journey, after } => Ok(Step::Later { stage: stage_of(&journey), after }),
            Advance::Recapture(_) => Err(Failure::of(FailureClass::PictureRefused).rejection()),
            Advance::Done(ending) => Ok(Step::Done(Box::new(ending.receipt()))),
        }
    }
}

/// A launch's token that is not taken says nothing about this counter: its capture ends, others go on.
fn rejection(failure: &Failure, submission: &Submission) -> Rejection {
    match (failure.rejection(), &submission.grant) {
        (Rejection::Blocked { detail, .. }, Some(_)) => {
            Rejection::Permanent { reason: PermanentReason::TokenSpent, detail }
        }
        (rejection, _) => rejection,
    }
}

fn stage_of(journey: &Journey) -> Stage {
    Stage { code: journey.stage.code(), bytes: journey.to_bytes() }
}

impl StagedGateway for OneKycQueue {
    fn probe(&self) -> Answer<'_, ()> {
        Box::pin(async { self.client.tokens.probe().await.map_err(|failure| failure.rejection()) })
    }

    fn plan(&self, submission: &Submission) -> Stage {
        stage_of(&self.first(submission))
    }

    fn step<'a>(&'a self, submission: &'a Submission, stage: &'a [u8]) -> Answer<'a, Step> {
        Box::pin(self.advance(submission, stage))
    }
}

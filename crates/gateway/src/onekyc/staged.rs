//! OneKYC behind the port of partners that take a capture in steps.
//!
//! Invariant: a queue has nobody who could take a picture again, so what asks for that ends the journey.

use std::sync::Arc;

use uuid::Uuid;

use super::client::OneKyc;
use super::failure::{Failure, FailureClass};
use super::journey::{Advance, Journey, Pictures, RunIds};
use super::step::StepContext;
use super::words::Flow;
use crate::port::Answer;
use crate::rejection::Rejection;
use crate::staged::{Stage, StagedGateway, Step};
use crate::submission::Submission;

/// Makes random ids; injected.
pub type Ids = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// A card's way to OneKYC out of a queue.
pub struct KtpScanQueue {
    client: OneKyc,
    ids: Ids,
}

impl KtpScanQueue {
    /// Over a client.
    #[must_use]
    pub fn new(client: OneKyc, ids: Ids) -> Self {
        Self { client, ids }
    }

    fn fresh(&self) -> RunIds {
        RunIds { partner_session: (self.ids)(), sdk_session: (self.ids)() }
    }

    async fn advance(&self, submission: &Submission, stage: &[u8]) -> Result<Step, Rejection> {
        let unreadable = || Failure::of(FailureClass::Unsendable).rejection();
        let journey = Journey::from_bytes(stage).ok_or_else(unreadable)?;
        let card = submission.bundle.document().frames.first().map(bundle::JpegFrame::as_bytes);
        let pictures = Pictures { card, ..Pictures::default() };
        let context = StepContext { pictures, recaptures_left: 0, fresh: self.fresh() };
        match self.client.step(&journey, context).await.map_err(|failure| failure.rejection())? {
            Advance::Next(journey) => Ok(Step::Next(stage_of(&journey))),
            Advance::Later { journey, after } => Ok(Step::Later { stage: stage_of(&journey), after }),
            Advance::Recapture(_) => Err(Failure::of(FailureClass::PictureRefused).rejection()),
            Advance::Done(ending) => Ok(Step::Done(Box::new(ending.receipt()))),
        }
    }
}

fn stage_of(journey: &Journey) -> Stage {
    Stage { code: journey.stage.code(), bytes: journey.to_bytes() }
}

impl StagedGateway for KtpScanQueue {
    fn probe(&self) -> Answer<'_, ()> {
        Box::pin(async { self.client.tokens.probe().await.map_err(|failure| failure.rejection()) })
    }

    fn plan(&self, submission: &Submission) -> Stage {
        stage_of(&Journey::planned(Flow::KtpScan, &submission.customer_id, self.fresh()))
    }

    fn step<'a>(&'a self, submission: &'a Submission, stage: &'a [u8]) -> Answer<'a, Step> {
        Box::pin(self.advance(submission, stage))
    }
}

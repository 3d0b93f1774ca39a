//! One item's way to a partner that takes it in steps.
//!
//! Invariants: the first stage, with all its names, is on disk before the first call, and each further one before the
//! step that starts from it; so a crash anywhere continues, and nothing is submitted twice.
//! Lacks on purpose: waiting. An item that is being processed goes back into the line.

use std::sync::Arc;

use gateway::{Receipt, Stage, StagedGateway, Step, Submission};
use outbox::{Item, ItemId, NewStage, Reason};
use zeroize::Zeroizing;

use crate::delivery::Done;
use crate::policy;
use crate::progress::Progress;
use crate::runner::{Call, Listener, Runner, SyncError};

/// Code of items that the partner is working on.
pub const PROCESSING: &str = "processing";
/// The stage of an item whose steps are over and whose other partner is still to be asked; its bytes are the receipt.
const STEPS_DONE: &str = "onekyc_done";

/// What the steps came to.
pub(crate) enum Steps {
    /// The item left our hands, for now or for good.
    Over(Done),
    /// The other partner's turn.
    Next,
}

impl Runner {
    /// Goes on from where the item is.
    pub(crate) async fn take_steps(
        &self,
        item: &Item,
        partner: &Arc<dyn StagedGateway>,
        submission: &Submission,
        listener: Listener<'_>,
    ) -> Result<Steps, SyncError> {
        let id = item.id;
        if item.stage_code.as_deref() == Some(STEPS_DONE) {
            return self.after_steps(item, listener).await;
        }
        let mut bytes = match self.with_outbox(move |outbox| outbox.stage(id)).await? {
            Some(bytes) => bytes,
            None => self.keep(id, partner.plan(submission)).await?,
        };
        listener(Progress::Sending { id, attempt: item.attempts + 1 });
        loop {
            let result = partner.step(submission, &bytes).await;
            self.learn(Call::Capture, &result, listener);
            match result {
                Ok(Step::Next(stage)) => {
                    listener(Progress::Stage { id, code: stage.code });
                    bytes = self.keep(id, stage).await?;
                }
                Ok(Step::Later { stage, after }) => {
                    listener(Progress::Stage { id, code: stage.code });
                    self.keep(id, stage).await?;
                    let until = policy::later(self.now(), after);
                    let reason = Reason::code(PROCESSING);
                    return Ok(Steps::Over(self.postpone(item, until, reason, false, listener).await?));
                }
                Ok(Step::Done(receipt)) => return self.steps_done(item, *receipt, listener).await,
                Err(rejection) => return Ok(Steps::Over(self.defer(item, &rejection, listener).await?)),
            }
        }
    }

    async fn keep(&self, id: ItemId, stage: Stage) -> Result<Zeroizing<Vec<u8>>, SyncError> {
        let Stage { code, bytes } = stage;
        let now = self.now();
        let lease_until = policy::later(now, self.params.lease_for);
        self.with_outbox(move |outbox| {
            outbox.set_stage(id, &NewStage { code, bytes: &bytes, lease_until }, now)?;
            Ok(bytes)
        })
        .await
    }

    async fn steps_done(
        &self,
        item: &Item,
        receipt: Receipt,
        listener: Listener<'_>,
    ) -> Result<Steps, SyncError> {
        if !self.route.goes_on() {
            return Ok(Steps::Over(self.store(item, receipt, listener).await?));
        }
        let bytes = Zeroizing::new(serde_json::to_vec(&receipt).map_err(SyncError::Receipt)?);
        listener(Progress::Stage { id: item.id, code: STEPS_DONE });
        self.keep(item.id, Stage { code: STEPS_DONE, bytes }).await?;
        Ok(Steps::Next)
    }

    /// The steps were over before. If the other partner is configured no longer, that is the end.
    async fn after_steps(&self, item: &Item, listener: Listener<'_>) -> Result<Steps, SyncError> {
        match self.first_receipt(item.id).await? {
            Some(receipt) if !self.route.goes_on() => {
                Ok(Steps::Over(self.store(item, receipt, listener).await?))
            }
            Some(_) | None => Ok(Steps::Next),
        }
    }

    async fn first_receipt(&self, id: ItemId) -> Result<Option<Receipt>, SyncError> {
        let bytes = self.with_outbox(move |outbox| outbox.stage(id)).await?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(SyncError::Receipt)).transpose()
    }

    /// Puts the first partner's verdict beside the second's.
    pub(crate) async fn beside(&self, item: &Item, receipt: &mut Receipt) -> Result<(), SyncError> {
        if !self.route.goes_on() {
            return Ok(());
        }
        if let Some(first) = self.first_receipt(item.id).await? {
            receipt.onekyc = first.onekyc;
        }
        Ok(())
    }
}

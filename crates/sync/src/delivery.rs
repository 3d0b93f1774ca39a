//! One item's way to the partner: look for a lost answer, send, and settle what came of it.
//!
//! Invariants: an item with sends in doubt is looked for first; a partner's record settles one
//! item only; flash evidence is left out only when its challenge cannot be used any more, and
//! receipt and audit say so.

use std::time::Duration;

use gateway::{
    Answer, FlashDropped, LossReason, PermanentReason, Receipt, ReceiptOrigin, Rejection, Submission,
};
use jiff::Timestamp;
use outbox::{Delivery, Item, ItemId, OutboxError, Reason, SendMark};

use crate::policy::{self, Decision, ItemFacts};
use crate::progress::Progress;
use crate::runner::{Call, Listener, Runner, SyncError};
use crate::staged::Steps;

/// Between two looks at how much has left: a bar that is told of five times a second moves smoothly.
const UPLOAD_LOOK: Duration = Duration::from_millis(200);

/// How an item left our hands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Done {
    Delivered { recovered: bool },
    Postponed,
    Parked,
}

/// A document on its way out.
struct Outgoing {
    submission: Submission,
    flash_dropped: Option<FlashDropped>,
}

/// What a send came to.
enum Sent {
    Receipt(Receipt),
    ChallengeSpent(Rejection),
    Rejected(Rejection),
}

impl Runner {
    pub(crate) async fn deliver_one(
        &self,
        mut item: Item,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let mut submission = match self.load(item.id).await? {
            Ok(submission) => submission,
            Err(reason) => return self.park(&item, reason, listener).await,
        };
        if let Some(partner) = self.route.staged()
            && let Steps::Over(done) = self.take_steps(&item, &partner, &submission, listener).await?
        {
            return Ok(done);
        }
        if let Err(rejection) = self.introduce(&mut item, &mut submission, listener).await? {
            return self.defer(&item, &rejection, listener).await;
        }
        match item.sending {
            Some(sending) => match self.find_record(item.id, &submission, sending.since, listener).await? {
                Ok(Some(receipt)) => return self.store(&item, receipt, None, listener).await,
                Ok(None) => {}
                Err(rejection) => return self.defer(&item, &rejection, listener).await,
            },
            None => {
                if let Err(rejection) = self.disown_earlier_records(&item, &submission, listener).await? {
                    return self.defer(&item, &rejection, listener).await;
                }
            }
        }
        self.send(&item, submission, listener).await
    }

    /// Sends the capture as it was signed, or without its flash evidence if the challenge ran out.
    async fn send(
        &self,
        item: &Item,
        submission: Submission,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let outgoing = if submission.is_expired(self.gateway.now()) {
            match self.drop_flash(item, &submission, FlashDropped::Expired).await? {
                Ok(outgoing) => outgoing,
                Err(reason) => return self.park(item, reason, listener).await,
            }
        } else {
            Outgoing { submission, flash_dropped: None }
        };
        let guarded = outgoing.submission.challenge.is_some();
        let now = self.now();
        let has_waited = item.next_attempt_at <= now
            && item.reason.as_ref().is_some_and(|reason| reason.code == policy::SETTLING);
        let wait = item
            .sending
            .and_then(|sending| policy::may_repeat_from(&sending, guarded, has_waited, now, &self.params));
        if let Some(until) = wait.filter(|until| *until > self.now()) {
            return self.postpone(item, until, Reason::code(policy::SETTLING), false, listener).await;
        }
        match self.transmit(item, &outgoing, 1, listener).await? {
            Sent::Receipt(receipt) => self.store(item, receipt, outgoing.flash_dropped, listener).await,
            Sent::ChallengeSpent(rejection) => self.after_spent(item, &outgoing, &rejection, listener).await,
            Sent::Rejected(rejection @ Rejection::Permanent { reason: PermanentReason::TooLarge, .. }) => {
                self.after_too_large(item, &outgoing, &rejection, listener).await
            }
            Sent::Rejected(rejection) => self.settle(item, &outgoing, &rejection, listener).await,
        }
    }

    /// The partner, or something before it, takes less than the contract says: once more with the best frame alone.
    async fn after_too_large(
        &self,
        item: &Item,
        outgoing: &Outgoing,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let Some(submission) = self.best_frame_alone(&outgoing.submission) else {
            return self.settle(item, outgoing, rejection, listener).await;
        };
        let (id, now) = (item.id, self.now());
        self.with_outbox(move |outbox| outbox.note(id, "frames_dropped_too_large", now)).await?;
        let smaller = Outgoing { submission, flash_dropped: outgoing.flash_dropped };
        match self.transmit(item, &smaller, 2, listener).await? {
            Sent::Receipt(receipt) => self.store(item, receipt, smaller.flash_dropped, listener).await,
            Sent::ChallengeSpent(rejection) => self.after_spent(item, &smaller, &rejection, listener).await,
            Sent::Rejected(rejection) => self.settle(item, &smaller, &rejection, listener).await,
        }
    }

    fn best_frame_alone(&self, submission: &Submission) -> Option<Submission> {
        let signer = self.signer.as_ref()?;
        submission.with_best_frame_alone(signer.profile, &signer.secret).ok().flatten()
    }

    /// The partner calls the challenge spent. If it was spent by us, the record is there. If not,
    /// the capture goes once more without flash evidence.
    async fn after_spent(
        &self,
        item: &Item,
        outgoing: &Outgoing,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let since = self.first_sent(item.id).await?;
        match self.find_record(item.id, &outgoing.submission, since, listener).await? {
            Ok(Some(receipt)) => return self.store(item, receipt, outgoing.flash_dropped, listener).await,
            Ok(None) => {}
            Err(rejection) => return self.defer(item, &rejection, listener).await,
        }
        let expired = outgoing.submission.is_expired(self.gateway.now());
        let asked_before = item.reason.as_ref().is_some_and(|reason| reason.code == policy::CHALLENGE_SPENT);
        if !expired && !asked_before {
            // Spent, though nobody else had it: more likely the record is about to appear.
            return self.defer(item, rejection, listener).await;
        }
        let dropped = match self.drop_flash(item, &outgoing.submission, FlashDropped::Refused).await? {
            Ok(dropped) => dropped,
            Err(reason) => return self.park(item, reason, listener).await,
        };
        match self.transmit(item, &dropped, 2, listener).await? {
            Sent::Receipt(receipt) => self.store(item, receipt, dropped.flash_dropped, listener).await,
            Sent::ChallengeSpent(rejection) => self.park(item, policy::reason_of(&rejection), listener).await,
            Sent::Rejected(rejection) => self.settle(item, &dropped, &rejection, listener).await,
        }
    }

    /// One request, with everything that must be on disk before it leaves.
    async fn transmit(
        &self,
        item: &Item,
        outgoing: &Outgoing,
        nth: u32,
        listener: Listener<'_>,
    ) -> Result<Sent, SyncError> {
        let (id, now) = (item.id, self.now());
        let mark = SendMark {
            guarded: outgoing.submission.challenge.is_some(),
            partner_now: self.gateway.now(),
            lease_until: policy::later(now, self.params.lease_for),
        };
        self.with_outbox(move |outbox| outbox.mark_sending(id, &mark, now)).await?;
        listener(Progress::Sending { id, attempt: item.attempts + nth });
        let result = self.watch_upload(id, self.gateway.submit(&outgoing.submission), listener).await;
        self.learn(Call::Capture, &result, listener);
        match result {
            Ok(receipt) if !self.may_settle(id, &receipt.verification_id).await? => {
                // Somebody else's answer, repeated by something in between.
                let reason = LossReason::UnreadableAnswer;
                Ok(Sent::Rejected(Rejection::NeedsRecovery { reason, after: None }))
            }
            Ok(receipt) => Ok(Sent::Receipt(receipt)),
            Err(rejection @ Rejection::ChallengeSpent { .. }) => Ok(Sent::ChallengeSpent(rejection)),
            Err(
                rejection @ (Rejection::Retryable { .. }
                | Rejection::NeedsRecovery { .. }
                | Rejection::Blocked { .. }
                | Rejection::Permanent { .. }),
            ) => Ok(Sent::Rejected(rejection)),
        }
    }

    /// Waits for an answer and tells meanwhile how much has left.
    async fn watch_upload(
        &self,
        id: ItemId,
        mut answer: Answer<'_, Receipt>,
        listener: Listener<'_>,
    ) -> Result<Receipt, Rejection> {
        let mut told = None;
        loop {
            tokio::select! {
                answer = &mut answer => return answer,
                () = tokio::time::sleep(UPLOAD_LOOK) => {}
            }
            let upload = self.gateway.uploading();
            if let Some(upload) = upload.filter(|_| upload != told) {
                listener(Progress::Uploading { id, upload });
            }
            told = upload;
        }
    }

    /// What to do after a send that brought no receipt.
    async fn settle(
        &self,
        item: &Item,
        outgoing: &Outgoing,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        if let Rejection::NeedsRecovery { .. } = rejection {
            let since = self.first_sent(item.id).await?;
            if let Ok(Some(receipt)) =
                self.find_record(item.id, &outgoing.submission, since, listener).await?
            {
                return self.store(item, receipt, outgoing.flash_dropped, listener).await;
            }
        }
        let facts = self.facts(item).await?;
        match policy::after_rejection(rejection, facts, self.now(), self.random(), &self.params) {
            Decision::Park(reason) if policy::was_certainly_refused(rejection) => {
                self.park_refused(item, reason, listener).await
            }
            Decision::Park(reason) => self.park(item, reason, listener).await,
            Decision::Retry { at, reason, failed } => {
                let (id, now) = (item.id, self.now());
                let code = reason.code.clone();
                self.with_outbox(move |outbox| outbox.retry_at(id, at, &reason, failed, now)).await?;
                listener(Progress::Postponed { id, code, until: at });
                Ok(Done::Postponed)
            }
            Decision::Defer { at, reason, failed } => self.postpone(item, at, reason, failed, listener).await,
        }
    }

    /// A call other than sending failed; nothing new is known about the item.
    pub(crate) async fn defer(
        &self,
        item: &Item,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let facts = self.facts(item).await?;
        match policy::after_rejection(rejection, facts, self.now(), self.random(), &self.params) {
            Decision::Park(reason) => self.park(item, reason, listener).await,
            Decision::Retry { at, reason, failed } | Decision::Defer { at, reason, failed } => {
                self.postpone(item, at, reason, failed, listener).await
            }
        }
    }

    pub(crate) async fn postpone(
        &self,
        item: &Item,
        until: Timestamp,
        reason: Reason,
        failed: bool,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let (id, now) = (item.id, self.now());
        let code = reason.code.clone();
        self.with_outbox(move |outbox| outbox.defer(id, until, &reason, failed, now)).await?;
        listener(Progress::Postponed { id, code, until });
        Ok(Done::Postponed)
    }

    /// Parks an item whose latest send certainly had no effect: requeued, it is sent as if for the first time.
    async fn park_refused(
        &self,
        item: &Item,
        reason: Reason,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let (id, now) = (item.id, self.now());
        let code = reason.code.clone();
        self.with_outbox(move |outbox| outbox.park_refused(id, &reason, now)).await?;
        listener(Progress::Parked { id, code });
        Ok(Done::Parked)
    }

    async fn park(&self, item: &Item, reason: Reason, listener: Listener<'_>) -> Result<Done, SyncError> {
        let (id, now) = (item.id, self.now());
        let code = reason.code.clone();
        self.with_outbox(move |outbox| outbox.park(id, &reason, now)).await?;
        listener(Progress::Parked { id, code });
        Ok(Done::Parked)
    }

    /// Stores the receipt and destroys the capture.
    pub(crate) async fn store(
        &self,
        item: &Item,
        mut receipt: Receipt,
        flash_dropped: Option<FlashDropped>,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        receipt.flash_dropped = flash_dropped;
        self.beside(item, &mut receipt).await?;
        let receipt_json = serde_json::to_string(&receipt).map_err(SyncError::Receipt)?;
        let recovered = receipt.origin == ReceiptOrigin::Recovered;
        let (id, now, reference) = (item.id, self.now(), receipt.verification_id.clone());
        let stored = self
            .with_outbox(move |outbox| {
                let code = if recovered { "recovered" } else { "answered" };
                outbox.delivered(
                    id,
                    &Delivery { receipt_json: &receipt_json, reference: &reference, code },
                    now,
                )
            })
            .await;
        if let Err(SyncError::Outbox(OutboxError::AlreadyClaimed(_))) = stored {
            // Claimed by another process since we looked: the answer was not ours.
            let reason = LossReason::UnreadableAnswer;
            let lost = Rejection::NeedsRecovery { reason, after: None };
            return self.defer(item, &lost, listener).await;
        }
        stored?;
        listener(Progress::Delivered {
            id,
            verification_id: receipt.verification_id,
            tier: receipt.assurance_tier,
            recovered,
            without_flash: flash_dropped.is_some(),
        });
        Ok(Done::Delivered { recovered })
    }

    /// The capture, or why it cannot be sent.
    async fn load(&self, id: ItemId) -> Result<Result<Submission, Reason>, SyncError> {
        let payload = self.with_outbox(move |outbox| match outbox.payload(id) {
            Ok(payload) => Ok(Ok(payload)),
            Err(error @ (OutboxError::Sealed { .. } | OutboxError::PayloadGone(_))) => {
                Ok(Err(Reason::new("unreadable_capture", error.to_string())))
            }
            Err(error) => Err(error),
        });
        Ok(payload.await?.and_then(|bytes| {
            Submission::from_bytes(&bytes)
                .map_err(|error| Reason::new("unreadable_capture", error.to_string()))
        }))
    }

    /// The capture without flash evidence, signed by the device, and noted in the audit chain.
    async fn drop_flash(
        &self,
        item: &Item,
        submission: &Submission,
        why: FlashDropped,
    ) -> Result<Result<Outgoing, Reason>, SyncError> {
        let Some(signer) = &self.signer else {
            let detail = "the flash challenge is spent and this device has no secret of its own to sign with";
            return Ok(Err(Reason::new("no_device_secret", detail)));
        };
        let submission = match submission.without_flash(signer.profile, &signer.secret) {
            Ok(submission) => submission,
            Err(error) => return Ok(Err(Reason::new("unreadable_capture", error.to_string()))),
        };
        let (id, now) = (item.id, self.now());
        let code = match why {
            FlashDropped::Expired => "flash_dropped_expired",
            FlashDropped::Refused => "flash_dropped_refused",
        };
        self.with_outbox(move |outbox| outbox.note(id, code, now)).await?;
        Ok(Ok(Outgoing { submission, flash_dropped: Some(why) }))
    }

    /// The oldest record since `since` that can be this item's.
    async fn find_record(
        &self,
        id: ItemId,
        submission: &Submission,
        since: Timestamp,
        listener: Listener<'_>,
    ) -> Result<Result<Option<Receipt>, Rejection>, SyncError> {
        let result = self.gateway.recover(submission, since).await;
        self.learn(Call::Question, &result, listener);
        let candidates = match result {
            Ok(candidates) => candidates,
            Err(rejection) => return Ok(Err(rejection)),
        };
        for candidate in candidates {
            if self.may_settle(id, &candidate.verification_id).await? {
                return Ok(Ok(Some(candidate)));
            }
        }
        Ok(Ok(None))
    }

    /// Before the first send of a customer's second or later capture: records already there are
    /// not this one's, however close in time. Dates alone cannot tell, they have whole seconds.
    async fn disown_earlier_records(
        &self,
        item: &Item,
        submission: &Submission,
        listener: Listener<'_>,
    ) -> Result<Result<(), Rejection>, SyncError> {
        let id = item.id;
        if !self.with_outbox(move |outbox| outbox.customer_was_sent_before(id)).await? {
            return Ok(Ok(()));
        }
        let result = self.gateway.recover(submission, Timestamp::MIN).await;
        self.learn(Call::Question, &result, listener);
        let earlier = match result {
            Ok(earlier) => earlier,
            Err(rejection) => return Ok(Err(rejection)),
        };
        self.with_outbox(move |outbox| {
            outbox.disown(id, earlier.iter().map(|receipt| receipt.verification_id.as_str()))
        })
        .await?;
        Ok(Ok(()))
    }

    async fn may_settle(&self, id: ItemId, reference: &str) -> Result<bool, SyncError> {
        let reference = reference.to_owned();
        self.with_outbox(move |outbox| outbox.may_settle(id, &reference)).await
    }

    /// When the first send still in doubt began, by the partner's clock.
    async fn first_sent(&self, id: ItemId) -> Result<Timestamp, SyncError> {
        let item = self.with_outbox(move |outbox| outbox.show(id)).await?;
        Ok(item.sending.map_or_else(|| self.gateway.now(), |sending| sending.since))
    }

    async fn facts(&self, item: &Item) -> Result<ItemFacts, SyncError> {
        let others_pass = match item.failing_since {
            Some(since) => self.with_outbox(move |outbox| outbox.delivered_since(since)).await?,
            None => false,
        };
        Ok(ItemFacts { failures: item.failures, others_pass })
    }
}

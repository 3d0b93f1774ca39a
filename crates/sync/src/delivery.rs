//! One part's way to the partner: look for a lost answer, send, and find out what came of it.
//!
//! Invariants: a part with sends in doubt is looked for first; a partner's record settles one
//! item only; flash evidence is left out only when its challenge cannot be used any more, and
//! receipt and audit say so. Lacks on purpose: the order of parts, and what their receipts come to.

use std::borrow::Cow;
use std::time::Duration;

use gateway::{Answer, FlashDropped, LossReason, Part, PermanentReason, Rejection, Submission};
use jiff::Timestamp;
use outbox::{Item, ItemId, Reason, SendMark};

use crate::parts::{Fate, Said, Taken};
use crate::policy::{self, Decision, ItemFacts};
use crate::progress::Progress;
use crate::runner::{Call, Listener, Runner, SyncError};

/// Between two looks at how much has left: a bar that is told of five times a second moves smoothly.
const UPLOAD_LOOK: Duration = Duration::from_millis(200);

/// How an item left our hands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Done {
    Delivered { recovered: bool },
    Postponed,
    Parked,
}

/// A signed part on its way out.
struct Outgoing<'a> {
    part: Part,
    submission: Cow<'a, Submission>,
    flash_dropped: Option<FlashDropped>,
}

impl Outgoing<'_> {
    fn taken(&self, said: Said) -> Fate {
        Fate::Taken(Taken { said, flash_dropped: self.flash_dropped })
    }
}

/// What a send came to.
enum Sent {
    Taken(Said),
    ChallengeSpent(Rejection),
    Rejected(Rejection),
}

impl Runner {
    /// Looks for a part that may have arrived, else sends it.
    pub(crate) async fn deliver_part(
        &self,
        item: &Item,
        part: Part,
        submission: &Submission,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        match item.sending {
            Some(sending) => {
                match self.find_record(item.id, part, submission, sending.since, listener).await? {
                    Ok(Some(said)) => return Ok(Fate::Taken(Taken { said, flash_dropped: None })),
                    Ok(None) => {}
                    Err(rejection) => return self.put_off(item, &rejection, listener).await,
                }
            }
            None => {
                let disowned = self.disown_earlier_records(item, part, submission, listener).await?;
                if let Err(rejection) = disowned {
                    return self.put_off(item, &rejection, listener).await;
                }
            }
        }
        self.send(item, part, submission, listener).await
    }

    /// Sends the part as it was signed, or without its flash evidence if the challenge ran out.
    async fn send(
        &self,
        item: &Item,
        part: Part,
        submission: &Submission,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        let outgoing = if submission.is_expired(part, self.gateway.now()) {
            match self.drop_flash(item, part, submission, FlashDropped::Expired).await? {
                Ok(outgoing) => outgoing,
                Err(reason) => return Ok(Fate::Left(self.park(item, reason, listener).await?)),
            }
        } else {
            Outgoing { part, submission: Cow::Borrowed(submission), flash_dropped: None }
        };
        let guarded = outgoing.submission.challenge_of(part).is_some();
        let now = self.now();
        let has_waited = item.next_attempt_at <= now
            && item.reason.as_ref().is_some_and(|reason| reason.code == policy::SETTLING);
        let wait = item
            .sending
            .and_then(|sending| policy::may_repeat_from(&sending, guarded, has_waited, now, &self.params));
        if let Some(until) = wait.filter(|until| *until > self.now()) {
            let reason = Reason::code(policy::SETTLING);
            return Ok(Fate::Left(self.postpone(item, until, reason, false, listener).await?));
        }
        match self.transmit(item, &outgoing, 1, listener).await? {
            Sent::Taken(said) => Ok(outgoing.taken(said)),
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
        outgoing: &Outgoing<'_>,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        let Some(submission) = self.best_frame_alone(outgoing) else {
            return self.settle(item, outgoing, rejection, listener).await;
        };
        let (id, now) = (item.id, self.now());
        let code = match outgoing.part {
            Part::Card => "frames_dropped_too_large",
            Part::Face => "face_frames_dropped_too_large",
        };
        self.with_outbox(move |outbox| outbox.note(id, code, now)).await?;
        let Outgoing { part, flash_dropped, .. } = *outgoing;
        let smaller = Outgoing { part, submission: Cow::Owned(submission), flash_dropped };
        match self.transmit(item, &smaller, 2, listener).await? {
            Sent::Taken(said) => Ok(smaller.taken(said)),
            Sent::ChallengeSpent(rejection) => self.after_spent(item, &smaller, &rejection, listener).await,
            Sent::Rejected(rejection) => self.settle(item, &smaller, &rejection, listener).await,
        }
    }

    fn best_frame_alone(&self, outgoing: &Outgoing<'_>) -> Option<Submission> {
        let signer = self.signer.as_ref()?;
        let smaller =
            outgoing.submission.with_best_frame_alone(outgoing.part, signer.profile, &signer.secret);
        smaller.ok().flatten()
    }

    /// The partner calls the challenge spent. If it was spent by us, the record is there. If not,
    /// the part goes once more without flash evidence.
    async fn after_spent(
        &self,
        item: &Item,
        outgoing: &Outgoing<'_>,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        let (part, since) = (outgoing.part, self.first_sent(item.id).await?);
        match self.find_record(item.id, part, &outgoing.submission, since, listener).await? {
            Ok(Some(said)) => return Ok(outgoing.taken(said)),
            Ok(None) => {}
            Err(rejection) => return self.put_off(item, &rejection, listener).await,
        }
        let expired = outgoing.submission.is_expired(part, self.gateway.now());
        let asked_before = item.reason.as_ref().is_some_and(|reason| reason.code == policy::CHALLENGE_SPENT);
        if !expired && !asked_before {
            // Spent, though nobody else had it: more likely the record is about to appear.
            return self.put_off(item, rejection, listener).await;
        }
        let dropped = match self.drop_flash(item, part, &outgoing.submission, FlashDropped::Refused).await? {
            Ok(dropped) => dropped,
            Err(reason) => return Ok(Fate::Left(self.park(item, reason, listener).await?)),
        };
        match self.transmit(item, &dropped, 2, listener).await? {
            Sent::Taken(said) => Ok(dropped.taken(said)),
            Sent::ChallengeSpent(rejection) => {
                Ok(Fate::Left(self.park(item, policy::reason_of(&rejection), listener).await?))
            }
            Sent::Rejected(rejection) => self.settle(item, &dropped, &rejection, listener).await,
        }
    }

    /// One request, with everything that must be on disk before it leaves.
    async fn transmit(
        &self,
        item: &Item,
        outgoing: &Outgoing<'_>,
        nth: u32,
        listener: Listener<'_>,
    ) -> Result<Sent, SyncError> {
        let (id, now) = (item.id, self.now());
        let mark = SendMark {
            guarded: outgoing.submission.challenge_of(outgoing.part).is_some(),
            partner_now: self.gateway.now(),
            lease_until: policy::later(now, self.params.lease_for),
        };
        self.with_outbox(move |outbox| outbox.mark_sending(id, &mark, now)).await?;
        listener(Progress::Sending { id, attempt: item.attempts + nth });
        let answer = self.hand_in(outgoing.part, &outgoing.submission);
        let result = self.watch_upload(id, answer, listener).await;
        self.learn(Call::Capture, &result, listener);
        match result {
            Ok(said) if !self.may_settle(id, said.verification_id()).await? => {
                // Somebody else's answer, repeated by something in between.
                let reason = LossReason::UnreadableAnswer;
                Ok(Sent::Rejected(Rejection::NeedsRecovery { reason, after: None }))
            }
            Ok(said) => Ok(Sent::Taken(said)),
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
        mut answer: Answer<'_, Said>,
        listener: Listener<'_>,
    ) -> Result<Said, Rejection> {
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
        outgoing: &Outgoing<'_>,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        if let Rejection::NeedsRecovery { .. } = rejection {
            let (part, since) = (outgoing.part, self.first_sent(item.id).await?);
            if let Ok(Some(said)) =
                self.find_record(item.id, part, &outgoing.submission, since, listener).await?
            {
                return Ok(outgoing.taken(said));
            }
        }
        let facts = self.facts(item).await?;
        let done = match policy::after_rejection(rejection, facts, self.now(), self.random(), &self.params) {
            Decision::Park(reason) if policy::was_certainly_refused(rejection) => {
                self.park_refused(item, reason, listener).await?
            }
            Decision::Park(reason) => self.park(item, reason, listener).await?,
            Decision::Retry { at, reason, failed } => {
                let (id, now) = (item.id, self.now());
                let code = reason.code.clone();
                self.with_outbox(move |outbox| outbox.retry_at(id, at, &reason, failed, now)).await?;
                listener(Progress::Postponed { id, code, until: at });
                Done::Postponed
            }
            Decision::Defer { at, reason, failed } => {
                self.postpone(item, at, reason, failed, listener).await?
            }
        };
        Ok(Fate::Left(done))
    }

    /// As [`Self::defer`], for a part.
    async fn put_off(
        &self,
        item: &Item,
        rejection: &Rejection,
        listener: Listener<'_>,
    ) -> Result<Fate, SyncError> {
        Ok(Fate::Left(self.defer(item, rejection, listener).await?))
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

    pub(crate) async fn park(
        &self,
        item: &Item,
        reason: Reason,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let (id, now) = (item.id, self.now());
        let code = reason.code.clone();
        self.with_outbox(move |outbox| outbox.park(id, &reason, now)).await?;
        listener(Progress::Parked { id, code });
        Ok(Done::Parked)
    }

    /// The part without flash evidence, signed by the device, and noted in the audit chain.
    async fn drop_flash(
        &self,
        item: &Item,
        part: Part,
        submission: &Submission,
        why: FlashDropped,
    ) -> Result<Result<Outgoing<'static>, Reason>, SyncError> {
        let Some(signer) = &self.signer else {
            let detail = "the flash challenge is spent and this device has no secret of its own to sign with";
            return Ok(Err(Reason::new("no_device_secret", detail)));
        };
        let submission = match submission.without_flash(part, signer.profile, &signer.secret) {
            Ok(submission) => submission,
            Err(error) => return Ok(Err(Reason::new("unreadable_capture", error.to_string()))),
        };
        let (id, now) = (item.id, self.now());
        let code = match (part, why) {
            (Part::Card, FlashDropped::Expired) => "flash_dropped_expired",
            (Part::Card, FlashDropped::Refused) => "flash_dropped_refused",
            (Part::Face, FlashDropped::Expired) => "face_flash_dropped_expired",
            (Part::Face, FlashDropped::Refused) => "face_flash_dropped_refused",
        };
        self.with_outbox(move |outbox| outbox.note(id, code, now)).await?;
        Ok(Ok(Outgoing { part, submission: Cow::Owned(submission), flash_dropped: Some(why) }))
    }

    /// The oldest record since `since` that can be this item's.
    async fn find_record(
        &self,
        id: ItemId,
        part: Part,
        submission: &Submission,
        since: Timestamp,
        listener: Listener<'_>,
    ) -> Result<Result<Option<Said>, Rejection>, SyncError> {
        let result = self.records(part, submission, since).await;
        self.learn(Call::Question, &result, listener);
        let candidates = match result {
            Ok(candidates) => candidates,
            Err(rejection) => return Ok(Err(rejection)),
        };
        for candidate in candidates {
            if self.may_settle(id, candidate.verification_id()).await? {
                return Ok(Ok(Some(candidate)));
            }
        }
        Ok(Ok(None))
    }

    /// Before a part of a customer's second or later capture is first sent: records already there are
    /// not this one's, however close in time. Dates alone cannot tell, they have whole seconds.
    async fn disown_earlier_records(
        &self,
        item: &Item,
        part: Part,
        submission: &Submission,
        listener: Listener<'_>,
    ) -> Result<Result<(), Rejection>, SyncError> {
        let id = item.id;
        if !self.with_outbox(move |outbox| outbox.customer_was_sent_before(id)).await? {
            return Ok(Ok(()));
        }
        let result = self.records(part, submission, Timestamp::MIN).await;
        self.learn(Call::Question, &result, listener);
        let earlier = match result {
            Ok(earlier) => earlier,
            Err(rejection) => return Ok(Err(rejection)),
        };
        self.with_outbox(move |outbox| outbox.disown(id, earlier.iter().map(Said::verification_id))).await?;
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

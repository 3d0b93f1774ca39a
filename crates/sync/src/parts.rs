//! An item's way to the partner, part by part: the card, then the face that was captured with it.
//!
//! Invariants: the card's receipt is on disk before the face is first sent, and survives whatever becomes of the face; each
//! part settles once. What tells that the card is taken is that the item has a receipt while it is still in the line.
//! Lacks on purpose: faces without a card, which this partner's flow does not know.

use gateway::{
    Answer, FaceReceipt, FlashDropped, LossReason, Part, Receipt, ReceiptOrigin, Rejection, Submission,
};
use jiff::Timestamp;
use outbox::{Delivery, Item, ItemId, OutboxError, Reason};

use crate::delivery::Done;
use crate::policy;
use crate::progress::Progress;
use crate::runner::{Listener, Runner, SyncError};
use crate::staged::Steps;

/// Where an item is whose card is taken and whose face is to follow.
pub const CARD_TAKEN: &str = "card_taken";

/// What the partner says about a part.
pub(crate) enum Said {
    Card(Box<Receipt>),
    Face(Box<FaceReceipt>),
}

impl Said {
    /// The partner's name for its record.
    pub(crate) fn verification_id(&self) -> &str {
        match self {
            Self::Card(receipt) => &receipt.verification_id,
            Self::Face(receipt) => &receipt.verification_id,
        }
    }

    fn origin(&self) -> ReceiptOrigin {
        match self {
            Self::Card(receipt) => receipt.origin,
            Self::Face(receipt) => receipt.origin,
        }
    }
}

/// A part that the partner has.
pub(crate) struct Taken {
    pub(crate) said: Said,
    pub(crate) flash_dropped: Option<FlashDropped>,
}

/// What became of a part.
pub(crate) enum Fate {
    Taken(Taken),
    /// The item left our hands.
    Left(Done),
}

/// What became of a receipt.
enum Kept {
    /// It was the last one.
    Whole(Done),
    /// The face is next; the item as it is now.
    FaceNext(Box<Item>),
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
        let mut part = if item.receipt_json.is_some() { Part::Face } else { Part::Card };
        if part == Part::Card
            && let Some(partner) = self.route.staged()
            && let Steps::Over(done) = self.take_steps(&item, &partner, &submission, listener).await?
        {
            return Ok(done);
        }
        if let Err(rejection) = self.introduce(&mut item, &mut submission, listener).await? {
            return self.defer(&item, &rejection, listener).await;
        }
        loop {
            let taken = match self.deliver_part(&item, part, &submission, listener).await? {
                Fate::Taken(taken) => taken,
                Fate::Left(done) => return Ok(done),
            };
            match self.keep_receipt(&item, &submission, taken, listener).await? {
                Kept::Whole(done) => return Ok(done),
                Kept::FaceNext(now) => (item, part) = (*now, Part::Face),
            }
        }
    }

    /// Hands a part in.
    pub(crate) fn hand_in<'a>(&'a self, part: Part, submission: &'a Submission) -> Answer<'a, Said> {
        match part {
            Part::Card => {
                Box::pin(async move { Ok(Said::Card(Box::new(self.gateway.submit(submission).await?))) })
            }
            Part::Face => {
                Box::pin(async move { Ok(Said::Face(Box::new(self.gateway.submit_face(submission).await?))) })
            }
        }
    }

    /// The partner's records that a part with a lost answer may have left.
    pub(crate) async fn records(
        &self,
        part: Part,
        submission: &Submission,
        since: Timestamp,
    ) -> Result<Vec<Said>, Rejection> {
        Ok(match part {
            Part::Card => {
                let found = self.gateway.recover(submission, since).await?;
                found.into_iter().map(|receipt| Said::Card(Box::new(receipt))).collect()
            }
            Part::Face => {
                let found = self.gateway.recover_face(submission, since).await?;
                found.into_iter().map(|receipt| Said::Face(Box::new(receipt))).collect()
            }
        })
    }

    async fn keep_receipt(
        &self,
        item: &Item,
        submission: &Submission,
        taken: Taken,
        listener: Listener<'_>,
    ) -> Result<Kept, SyncError> {
        let Taken { said, flash_dropped } = taken;
        let (reference, origin) = (said.verification_id().to_owned(), said.origin());
        let receipt = match said {
            Said::Card(mut card) => {
                card.flash_dropped = flash_dropped;
                if submission.face.is_some() {
                    return self.keep_cards(item, *card, listener).await;
                }
                *card
            }
            Said::Face(mut face) => {
                face.flash_dropped = flash_dropped;
                let card = item.receipt_json.as_deref().unwrap_or_default();
                let card: Receipt = serde_json::from_str(card).map_err(SyncError::Receipt)?;
                Receipt { face: Some(*face), ..card }
            }
        };
        Ok(Kept::Whole(self.store_as(item, receipt, reference, origin, listener).await?))
    }

    /// Writes the card's receipt down; its face is next.
    async fn keep_cards(
        &self,
        item: &Item,
        mut receipt: Receipt,
        listener: Listener<'_>,
    ) -> Result<Kept, SyncError> {
        self.beside(item, &mut receipt).await?;
        let receipt_json = serde_json::to_string(&receipt).map_err(SyncError::Receipt)?;
        let (id, now, origin) = (item.id, self.now(), receipt.origin);
        let lease_until = policy::later(now, self.params.lease_for);
        let kept = self
            .with_outbox(move |outbox| {
                let reference = &receipt.verification_id;
                let delivery = Delivery { receipt_json: &receipt_json, reference, code: code(origin) };
                outbox.part_delivered(id, &delivery, lease_until, now)?;
                outbox.show(id)
            })
            .await;
        if let Err(SyncError::Outbox(OutboxError::AlreadyClaimed(_))) = kept {
            return Ok(Kept::Whole(self.not_ours(item, listener).await?));
        }
        listener(Progress::Stage { id, code: CARD_TAKEN });
        Ok(Kept::FaceNext(Box::new(kept?)))
    }

    /// Stores the receipt of a capture in one part and destroys the capture.
    pub(crate) async fn store(
        &self,
        item: &Item,
        receipt: Receipt,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        let (reference, origin) = (receipt.verification_id.clone(), receipt.origin);
        self.store_as(item, receipt, reference, origin, listener).await
    }

    /// As [`Self::store`]; `reference` and `origin` are those of the part that came last.
    async fn store_as(
        &self,
        item: &Item,
        mut receipt: Receipt,
        reference: String,
        origin: ReceiptOrigin,
        listener: Listener<'_>,
    ) -> Result<Done, SyncError> {
        self.beside(item, &mut receipt).await?;
        let receipt_json = serde_json::to_string(&receipt).map_err(SyncError::Receipt)?;
        let (id, now) = (item.id, self.now());
        let stored = self
            .with_outbox(move |outbox| {
                let delivery =
                    Delivery { receipt_json: &receipt_json, reference: &reference, code: code(origin) };
                outbox.delivered(id, &delivery, now)
            })
            .await;
        if let Err(SyncError::Outbox(OutboxError::AlreadyClaimed(_))) = stored {
            return self.not_ours(item, listener).await;
        }
        stored?;
        let face = receipt.face;
        let recovered = [Some(receipt.origin), face.as_ref().map(|face| face.origin)]
            .contains(&Some(ReceiptOrigin::Recovered));
        let face_dropped = face.as_ref().and_then(|face| face.flash_dropped);
        listener(Progress::Delivered {
            id,
            verification_id: receipt.verification_id,
            tier: receipt.assurance_tier,
            face_tier: face.and_then(|face| face.assurance_tier),
            recovered,
            without_flash: receipt.flash_dropped.or(face_dropped).is_some(),
        });
        Ok(Done::Delivered { recovered })
    }

    /// Claimed by another process since we looked: the answer was not ours.
    async fn not_ours(&self, item: &Item, listener: Listener<'_>) -> Result<Done, SyncError> {
        let reason = LossReason::UnreadableAnswer;
        self.defer(item, &Rejection::NeedsRecovery { reason, after: None }, listener).await
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
}

/// The word of the audit chain for how a receipt came.
fn code(origin: ReceiptOrigin) -> &'static str {
    match origin {
        ReceiptOrigin::Recovered => "recovered",
        ReceiptOrigin::Answered => "answered",
    }
}

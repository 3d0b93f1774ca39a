//! Signing and storing a capture.
//!
//! Invariant: the visit hears "stored" only when the bundle is on disk, encrypted; what cannot be kept is told with a
//! word that leads to advice.

use bundle::{FlashEvidence, FlashSample};
use engine::{
    CaptureError, CaptureRequest, CaptureTools, CardToQueue, Companions, FaceToQueue, Provider, SecretName,
    compose,
};
use frame::Frame;
use gateway::FlashChallenge;
use jiff::Timestamp;
use outbox::{ItemId, OutboxError, Record};
use serde_json::json;
use zeroize::Zeroizing;

use super::delivery::{Delivery, Waiting};
use super::{Tools, outcome};
use crate::controller::{Consent, Correction, FaceOrder, Gestures, SubmitOrder, VisitEvent};
use crate::view::{FlashOutcome, SubmitStage};

/// Signs, stores, and hands over to the sending task.
pub(super) fn submit(tools: &Tools, order: &SubmitOrder, customer: Option<String>, delivery: &Delivery) {
    match keep(tools, order, customer) {
        Ok(item) => {
            tools.tell_visit(order.visit, VisitEvent::Stored(item.to_string()));
            delivery.deliver(item, Waiting::of(order));
        }
        Err(word) => {
            let view = outcome::failed(word, order.flash);
            tools.tell_visit(order.visit, VisitEvent::Submitted(Box::new(view)));
        }
    }
}

/// Answers with the queue's name for it, or with a word for what is in the way.
fn keep(tools: &Tools, order: &SubmitOrder, customer: Option<String>) -> Result<ItemId, &'static str> {
    let installation = tools.desk.installation().map_err(|error| told(&error, "settings"))?;
    let outbox = tools.desk.queue(&installation).map_err(|error| told(&error, "queue"))?;
    let device_secret = installation
        .secrets()
        .find_optional(SecretName::DeviceSecret)
        .map_err(|error| told(&error, "no_device_secret"))?;
    let reader = tools.reader.get().map_err(|error| told(&error, "models"))?;
    let capture_tools = CaptureTools {
        reader: &reader,
        outbox: &outbox,
        gateway: None,
        device_secret: device_secret.as_ref(),
        config: &installation.config,
    };
    let id = compose::new_id();
    let customer_id = customer.unwrap_or_else(|| gateway::local_customer_id(id));
    let (consent, corrections) = (consent(order), corrections(order));
    let pictures = order.selfie.as_ref().map(|taken| taken.selfie.frames()).unwrap_or_default();
    let route = Route::of(order, installation.config.gateway.provider);
    let companions = Companions {
        selfie: order.selfie.as_ref().filter(|_| route.takes_pictures).map(|taken| &taken.selfie),
        face: if route.takes_documents { face(order, &pictures) } else { None },
        contact: None,
        grant: order.grant.clone(),
    };
    let request = CaptureRequest {
        customer_id: &customer_id,
        id,
        captured_at: captured_at(order),
        today: compose::today(),
        frame_limit: 0,
        record: Record {
            consent: Some(&consent),
            corrections: corrections.as_ref().map(|text| text.as_str()),
            signs: None,
        },
    };
    tools.tell_visit(order.visit, VisitEvent::Submitting(SubmitStage::Storing));
    let queued = match &order.taken {
        Some(taken) => {
            let card =
                CardToQueue { scan: &taken.card.scan, values: &order.values, frames: &taken.card.frames };
            let challenge = order.challenge.clone();
            let evidence = claimed(challenge.as_ref(), order.flash, &order.samples);
            engine::queue_card(&capture_tools, &request, &card, challenge, evidence, companions)
                .map(|(item, _frames)| item)
        }
        None => engine::queue_selfie(&capture_tools, &request, companions),
    };
    queued.map_err(|error| told(&error, word(&error)))
}

/// In which form a face leaves: each partner takes one.
struct Route {
    takes_pictures: bool,
    takes_documents: bool,
}

impl Route {
    /// Launched flows are OneKYC's, whoever else is configured; a signed face follows a card.
    fn of(order: &SubmitOrder, provider: Provider) -> Self {
        let is_launched = order.grant.is_some();
        Self {
            takes_pictures: is_launched || provider != Provider::IdentityPlatform,
            takes_documents: !is_launched && provider != Provider::Onekyc && order.taken.is_some(),
        }
    }
}

/// The face with what speaks for its life. Light is claimed only if it was played, as for the card.
fn face<'a>(order: &SubmitOrder, frames: &'a [Frame]) -> Option<FaceToQueue<'a>> {
    let (taken, face) = (order.selfie.as_ref()?, order.face.as_ref()?);
    let mut queued = taken.selfie.to_queue(frames, taken.captured_at, face.challenge.clone());
    queued.evidence = queued.evidence.filter(|_| face.flash == FlashOutcome::Played);
    Some(queued)
}

fn captured_at(order: &SubmitOrder) -> Timestamp {
    let card = order.taken.as_ref().map(|taken| taken.captured_at);
    let face = order.selfie.as_ref().map(|taken| taken.captured_at);
    card.or(face).unwrap_or_else(compose::now)
}

/// What was agreed to, when, in front of which window; and what staff allowed for the face.
fn consent(order: &SubmitOrder) -> String {
    let Consent { text_version, at, mode } = &order.consent;
    let mut consent = json!({ "textVersion": text_version, "agreedAt": at, "mode": mode });
    if let Some(FaceOrder { gestures: Gestures::Waived { at }, failed_tries, .. }) = &order.face {
        let by = json!({ "account": whoami::username().ok(), "mode": mode });
        consent["withoutGestures"] = json!({ "at": at, "by": by, "failedTries": failed_tries });
    }
    consent.to_string()
}

/// What a person changed, oldest first, and who: the account that is signed in on this computer, as banks sign their
/// staff in. `None` for the account where the system does not tell it.
fn corrections(order: &SubmitOrder) -> Option<Zeroizing<String>> {
    let by = json!({ "account": whoami::username().ok(), "mode": order.consent.mode });
    let line = |change: &Correction| {
        let Correction { field, before, after, at } = change;
        json!({ "field": field.key(), "before": before, "after": after, "at": at, "by": by })
    };
    let lines: Vec<_> = order.corrections.iter().map(line).collect();
    (!lines.is_empty()).then(|| Zeroizing::new(serde_json::Value::from(lines).to_string()))
}

/// Flash evidence is claimed only for light that was seen, under a challenge that still holds.
fn claimed(
    challenge: Option<&FlashChallenge>,
    flash: FlashOutcome,
    samples: &[FlashSample],
) -> Option<FlashEvidence> {
    let is_seen = flash == FlashOutcome::Played && !samples.is_empty();
    challenge
        .filter(|_| is_seen)
        .map(|challenge| FlashEvidence { nonce: challenge.nonce.clone(), samples: samples.to_vec() })
}

fn told(error: &dyn std::fmt::Display, word: &'static str) -> &'static str {
    tracing::warn!(%error, word, "the capture was not kept");
    word
}

fn word(error: &CaptureError) -> &'static str {
    match error {
        CaptureError::Outbox(OutboxError::DiskFull) => "disk_full",
        CaptureError::Outbox(_) => "queue",
        CaptureError::NoSigningSecret => "no_device_secret",
        CaptureError::Take(_)
        | CaptureError::Challenge(_)
        | CaptureError::Bundle(_)
        | CaptureError::Submission(_) => "unsendable",
    }
}

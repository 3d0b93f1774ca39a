//! The queue as its screen shows it, and what a person may do with an item.
//!
//! Invariant: ids, times, codes and verdicts; destroying a capture asks for the PIN and keeps who wished it and why.

use std::path::PathBuf;

use engine::{DataDir, Installation, ItemDetailView, ItemView, compose};
use gateway::Standing;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use outbox::{ItemId, Outbox};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::PinAnswer;

use super::delivery::{self, Delivery};
use super::{Tools, settings};
use crate::controller::{DiscardOrder, Event, QueueNews};
use crate::view::{HistoryView, ItemState, QueueItemDetailView, QueueItemView};

/// A bundle of five frames at our quality, sealed: about so much.
const CAPTURE_BYTES: u64 = 4_000_000;

/// Looks at the queue, with this item's history.
pub(super) fn look(tools: &Tools, open: Option<&str>) {
    let Ok(installation) = tools.desk.installation() else { return };
    let news = match tools.desk.existing_queue(&installation) {
        Ok(Some(outbox)) => seen(&outbox, open),
        Ok(None) => QueueNews::default(),
        Err((problem, _detail)) => QueueNews { problem: Some(problem), ..QueueNews::default() },
    };
    let free_bytes = installation.dir.free_bytes();
    let captures_left = free_bytes.map(|free| u32::try_from(free / CAPTURE_BYTES).unwrap_or(u32::MAX));
    tools.tell(Event::Queue(Box::new(QueueNews { free_bytes, captures_left, ..news })));
}

fn seen(outbox: &Outbox, open: Option<&str>) -> QueueNews {
    let view = match engine::QueueView::of(outbox, None) {
        Ok(view) => view,
        Err(error) => {
            let (problem, _detail) = crate::desk::of_asking(error);
            return QueueNews { problem: Some(problem), ..QueueNews::default() };
        }
    };
    let today = compose::today();
    let of_today: Vec<&ItemView> = view.items.iter().filter(|item| is_of(item, today)).collect();
    let count = |items: usize| u32::try_from(items).unwrap_or(u32::MAX);
    let engine::CountsView { waiting, sending, delivered, parked } = view.counts;
    QueueNews {
        counts: Some(crate::view::CountsView { waiting, sending, delivered, parked }),
        captured_today: count(of_today.len()),
        delivered_today: count(of_today.iter().filter(|item| item.state == "delivered").count()),
        items: in_order(&view.items),
        open: open.and_then(|id| detail(outbox, id)),
        ..QueueNews::default()
    }
}

fn is_of(item: &ItemView, today: Date) -> bool {
    let at: Option<Timestamp> = item.captured_at.parse().ok();
    at.is_some_and(|at| at.to_zoned(TimeZone::system()).date() == today)
}

/// Those that need a person first, then newest first.
fn in_order(items: &[ItemView]) -> Vec<QueueItemView> {
    let mut views: Vec<QueueItemView> = items.iter().rev().map(item_view).collect();
    views.sort_by_key(|item| item.state != ItemState::NeedsYou);
    views
}

fn item_view(item: &ItemView) -> QueueItemView {
    let verdict = item.receipt.as_ref().and_then(|receipt| receipt.get("verdict")?.as_str());
    let state = match item.state {
        "waiting" => ItemState::Waiting,
        "sending" => ItemState::Sending,
        "delivered" if item.standing == Some(Standing::Review.as_str()) => ItemState::InReview,
        "parked" if item.has_capture => ItemState::NeedsYou,
        _over => ItemState::Done,
    };
    QueueItemView {
        id: item.id.clone(),
        // A local id tells nobody anything.
        customer_id: Some(&item.customer_id)
            .filter(|id| !gateway::is_local_customer(id))
            .cloned()
            .unwrap_or_default(),
        state,
        captured_at: item.captured_at.clone(),
        next_attempt_at: item.next_attempt_at.clone(),
        attempts: item.attempts,
        reason: item.reason.clone(),
        verdict: verdict.map(|word| if word == "requires_review" { "review" } else { word }.to_owned()),
    }
}

fn detail(outbox: &Outbox, id: &str) -> Option<QueueItemDetailView> {
    let found = ItemDetailView::of(outbox, item_id(id)?).ok()?;
    let history = found.audit.iter().map(|line| HistoryView {
        at: line.at.clone(),
        event: line.event.clone(),
        reason: (!line.code.is_empty()).then(|| line.code.clone()),
    });
    Some(QueueItemDetailView {
        tier: found.item.tier.clone(),
        face_tier: found.item.face_tier.clone(),
        remark: found.reason_detail,
        history: history.collect(),
        can_retry: found.item.has_capture && found.item.state != "delivered",
        can_discard: found.item.has_capture && matches!(found.item.state, "waiting" | "parked"),
        item: item_view(&found.item),
    })
}

fn item_id(id: &str) -> Option<ItemId> {
    Uuid::try_parse(id).ok().map(ItemId)
}

/// Installation, queue and item, where all three are there.
fn at_hand(
    tools: &Tools,
    id: &str,
) -> Option<(std::sync::Arc<Installation>, std::sync::Arc<Outbox>, ItemId)> {
    let installation = tools.desk.installation().ok()?;
    let outbox = tools.desk.existing_queue(&installation).ok()??;
    Some((installation, outbox, item_id(id)?))
}

/// Puts an item back into the line and sends it.
pub(super) fn retry(tools: &Tools, id: &str, delivery: &Delivery) {
    let Some((_, outbox, item)) = at_hand(tools, id) else { return };
    if let Err(error) = delivery::requeue(&outbox, item) {
        tracing::warn!(%error, "the item was not put back into the line");
    }
    look(tools, Some(id));
    delivery.send_now();
}

/// Destroys an item's capture, if the PIN is right.
pub(super) fn discard(tools: &Tools, order: &DiscardOrder) {
    let Some((installation, outbox, item)) = at_hand(tools, &order.id) else { return };
    match settings::try_pin(&installation, &order.pin) {
        Ok(PinAnswer::Right) => {
            if let Err(error) = outbox.discard(item, &order.reason, compose::now()) {
                tracing::warn!(%error, "the capture was not destroyed");
            }
        }
        Ok(PinAnswer::Wrong { .. } | PinAnswer::Locked { .. }) | Err(_) => {
            tools.tell(Event::Pin(crate::controller::PinNews::Wrong { locked_s: 0 }));
        }
    }
    look(tools, Some(&order.id));
}

/// Writes an item's history, receipt, consent, corrections and signs of tampering to a file for this user alone.
pub(super) fn export(tools: &Tools, id: &str) {
    let written = at_hand(tools, id).and_then(|(installation, outbox, item)| {
        let found = ItemDetailView::of(&outbox, item).ok()?;
        let kept = outbox.show(item).ok()?;
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let (consent, corrections) = (json(kept.consent_json), json(kept.corrections_json));
        let signs = json(kept.signs_json);
        let whole = json!({ "item": found, "consent": consent, "corrections": corrections, "signs": signs });
        write(&installation.dir, &format!("loket-{item}.json"), &serde_json::to_string_pretty(&whole).ok()?)
    });
    tools.tell(Event::ItemWritten(written.map(|path| path.display().to_string())));
}

/// Writes a text into the exports folder; where is the answer.
pub(super) fn write(dir: &DataDir, name: &str, text: &str) -> Option<PathBuf> {
    dir.export(name, text).inspect_err(|error| tracing::warn!(%error, "the export was not written")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, state: &'static str, has_capture: bool, verdict: Option<&str>) -> ItemView {
        let is_reviewed = verdict == Some("requires_review");
        ItemView {
            id: id.to_owned(),
            customer_id: "cus_0001".to_owned(),
            state,
            captured_at: "2026-09-01T03:00:00Z".to_owned(),
            attempts: 1,
            next_attempt_at: None,
            reason: None,
            delivered_at: None,
            receipt: verdict.map(|word| serde_json::json!({ "verdict": word })),
            standing: verdict.map(|_| if is_reviewed { "review" } else { "accepted" }),
            tier: None,
            face_tier: None,
            has_capture,
        }
    }

    #[test]
    fn what_needs_a_person_comes_first_then_the_newest() {
        let items = [
            item("a", "delivered", false, Some("passed")),
            item("b", "parked", true, None),
            item("c", "parked", false, None),
            item("d", "delivered", false, Some("requires_review")),
            item("e", "waiting", true, None),
        ];
        let shown: Vec<(String, ItemState)> =
            in_order(&items).into_iter().map(|view| (view.id, view.state)).collect();
        let expected = [
            ("b", ItemState::NeedsYou),
            ("e", ItemState::Waiting),
            ("d", ItemState::InReview),
            ("c", ItemState::Done),
            ("a", ItemState::Done),
        ];
        assert_eq!(shown, expected.map(|(id, state)| (id.to_owned(), state)));
    }
}

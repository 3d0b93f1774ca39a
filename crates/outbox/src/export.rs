//! The queue as JSON lines, for records kept elsewhere: items with their receipts, then the
//! audit chain.
//!
//! Invariant: captures are never part of an export. Customers' ids, receipts, consent, corrections and signs of
//! tampering are, in the clear, because that is what an export is for; the caller decides where it goes.

use std::io;

use serde::Serialize;

use crate::database::Outbox;
use crate::error::OutboxError;
use crate::item::Item;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Line<'a> {
    Item {
        id: String,
        customer_id: &'a str,
        state: &'static str,
        captured_at: String,
        accepted_at: String,
        attempts: u32,
        delivered_at: Option<String>,
        reason: Option<&'a str>,
        reason_detail: Option<&'a str>,
        receipt: Option<serde_json::Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        consent: Option<serde_json::Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        corrections: Option<serde_json::Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        signs: Option<serde_json::Value>,
    },
    Audit {
        seq: i64,
        at: String,
        item_id: &'a str,
        event: &'a str,
        code: &'a str,
        hash: &'a str,
    },
}

impl<'a> Line<'a> {
    fn of(item: &'a Item) -> Self {
        let detail = item.reason.as_ref().map(|reason| reason.detail.as_str());
        Self::Item {
            id: item.id.to_string(),
            customer_id: &item.customer_id,
            state: item.state.as_str(),
            captured_at: item.captured_at.to_string(),
            accepted_at: item.accepted_at.to_string(),
            attempts: item.attempts,
            delivered_at: item.delivered_at.map(|at| at.to_string()),
            reason: item.reason.as_ref().map(|reason| reason.code.as_str()),
            reason_detail: detail.filter(|detail| !detail.is_empty()),
            receipt: item.receipt_json.as_deref().map(value),
            consent: item.consent_json.as_deref().map(value),
            corrections: item.corrections_json.as_deref().map(value),
            signs: item.signs_json.as_deref().map(value),
        }
    }
}

/// The text as JSON, or as a string where it is none.
fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.to_owned()))
}

impl Outbox {
    /// Writes every item and every audit line, one JSON object a line.
    pub fn export(&self, out: &mut impl io::Write) -> Result<(), OutboxError> {
        for item in self.list(None)? {
            write_line(out, &Line::of(&item))?;
        }
        for entry in self.audit(None)? {
            let line = Line::Audit {
                seq: entry.seq,
                at: entry.at.to_string(),
                item_id: &entry.item_id,
                event: &entry.event,
                code: &entry.code,
                hash: &entry.hash,
            };
            write_line(out, &line)?;
        }
        Ok(())
    }
}

fn write_line(out: &mut impl io::Write, line: &Line<'_>) -> Result<(), OutboxError> {
    serde_json::to_writer(&mut *out, line)
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .map_err(|error| OutboxError::Storage(format!("the export could not be written: {error}")))
}

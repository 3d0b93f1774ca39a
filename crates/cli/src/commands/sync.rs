//! `sync`: send what waits.
//!
//! Invariant: an interruption lets the item in hand finish. With `--json`, one object a line and event.

use engine::{Installation, compose};
use serde_json::{Value, json};
use sync::{LinkState, PassSummary, Progress, Stop, stop_signal};

use super::runtime;
use crate::args::SyncArgs;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// One pass, or passes until interrupted.
pub fn run(installation: &Installation, args: &SyncArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let Some(outbox) = installation.existing_queue()? else {
        terminal.tell("antrean kosong", "the queue is empty");
        return Ok(Exit::Done);
    };
    engine::purge(&outbox, &installation.config.retention, compose::now())?;
    let runner = engine::runner(installation, outbox)?;
    let listener = |progress: Progress| tell(&progress, terminal);
    runtime()?.block_on(async {
        let stop = interrupted()?;
        if args.watch {
            runner.watch(&listener, &stop).await?;
            return Ok(Exit::Done);
        }
        Ok(exit(&runner.once(&listener, &stop).await?))
    })
}

fn interrupted() -> anyhow::Result<Stop> {
    let (stopper, stop) = stop_signal();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopper.stop();
        }
    });
    Ok(stop)
}

/// How a pass that came to this ends.
fn exit(summary: &PassSummary) -> Exit {
    match summary.link {
        LinkState::Blocked(_) => Exit::Refused,
        LinkState::Offline | LinkState::Online | LinkState::Unknown => {
            if summary.parked > 0 {
                Exit::Refused
            } else if summary.counts.pending() > 0 {
                Exit::TryLater
            } else {
                Exit::Done
            }
        }
    }
}

fn tell(progress: &Progress, terminal: &Terminal) {
    if terminal.json {
        terminal.raw(&event(progress).to_string());
        return;
    }
    match progress {
        Progress::Started(_)
        | Progress::Sending { .. }
        | Progress::Uploading { .. }
        | Progress::Stage { .. } => {}
        Progress::Link(state) => tell_link(*state, terminal),
        Progress::Delivered { id, verification_id, tier, face_tier, recovered, without_flash } => {
            let tier = tier.as_ref().map_or("-", |tier| tier.as_str());
            let face = face_tier.as_ref().map(|tier| format!(" + {}", tier.as_str())).unwrap_or_default();
            let found =
                if *recovered { terminal.lang.pick(", ditemukan kembali", ", found again") } else { "" };
            let dark =
                if *without_flash { terminal.lang.pick(", tanpa cahaya", ", without flash") } else { "" };
            terminal.tell(
                format!("{id}: diterima sebagai {verification_id}, tingkat {tier}{face}{found}{dark}"),
                format!("{id}: accepted as {verification_id}, tier {tier}{face}{found}{dark}"),
            );
        }
        Progress::Postponed { id, code, until } => terminal.tell(
            format!("{id}: ditunda sampai {until} ({code})"),
            format!("{id}: postponed until {until} ({code})"),
        ),
        Progress::Parked { id, code } => {
            terminal.tell(format!("{id}: disisihkan ({code})"), format!("{id}: parked ({code})"));
        }
        Progress::Finished(summary) => terminal.tell(
            format!("{} terkirim, {} masih menunggu", summary.delivered, summary.counts.pending()),
            format!("{} delivered, {} still waiting", summary.delivered, summary.counts.pending()),
        ),
    }
}

fn tell_link(state: LinkState, terminal: &Terminal) {
    match state {
        LinkState::Unknown => {}
        LinkState::Online => terminal.note("gateway menjawab", "the gateway answers"),
        LinkState::Offline => terminal.note("gateway tidak terjangkau", "the gateway cannot be reached"),
        LinkState::Blocked(reason) => terminal.note(
            format!("gateway menolak perangkat ini ({})", reason.code()),
            format!("the gateway refuses this device ({})", reason.code()),
        ),
    }
}

fn link_word(state: LinkState) -> &'static str {
    match state {
        LinkState::Unknown => "unknown",
        LinkState::Online => "online",
        LinkState::Offline => "offline",
        LinkState::Blocked(reason) => reason.code(),
    }
}

fn event(progress: &Progress) -> Value {
    match progress {
        Progress::Started(counts) => json!({"event": "started", "pending": counts.pending()}),
        Progress::Link(state) => json!({"event": "link", "state": link_word(*state)}),
        Progress::Sending { id, attempt } => {
            json!({"event": "sending", "id": id.to_string(), "attempt": attempt})
        }
        Progress::Uploading { id, upload } => json!({
            "event": "uploading", "id": id.to_string(),
            "sentBytes": upload.sent_bytes, "totalBytes": upload.total_bytes,
        }),
        Progress::Stage { id, code } => json!({"event": "stage", "id": id.to_string(), "code": code}),
        Progress::Delivered { id, verification_id, tier, face_tier, recovered, without_flash } => json!({
            "event": "delivered", "id": id.to_string(), "verificationId": verification_id,
            "tier": tier.as_ref().map(|tier| tier.as_str()),
            "faceTier": face_tier.as_ref().map(|tier| tier.as_str()),
            "recovered": recovered, "withoutFlash": without_flash,
        }),
        Progress::Postponed { id, code, until } => {
            json!({"event": "postponed", "id": id.to_string(), "code": code, "until": until.to_string()})
        }
        Progress::Parked { id, code } => json!({"event": "parked", "id": id.to_string(), "code": code}),
        Progress::Finished(summary) => json!({
            "event": "finished", "delivered": summary.delivered, "recovered": summary.recovered,
            "postponed": summary.postponed, "parked": summary.parked, "pending": summary.counts.pending(),
            "link": link_word(summary.link), "nextDue": summary.next_due.map(|at| at.to_string()),
        }),
    }
}

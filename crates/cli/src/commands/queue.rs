//! `queue`: look at the encrypted queue, mend it, write it out.
//!
//! Invariant: looking at a queue that was never made makes none, and no key either.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use engine::{Installation, ItemDetailView, ItemView, QueueView, compose};
use outbox::{ItemId, Outbox, OutboxError, State};
use uuid::Uuid;

use crate::args::{QueueCommand, StateArg};
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Runs one of the queue commands.
pub fn run(installation: &Installation, command: &QueueCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    let outbox = installation.existing_queue()?;
    match command {
        QueueCommand::List { state } => list(outbox.as_deref(), state.map(State::from), terminal),
        QueueCommand::Show { id } => show(&*need(outbox, *id)?, *id, terminal),
        QueueCommand::Retry { ids } => each(outbox, ids, terminal, |outbox, id| {
            outbox.requeue(id, compose::now())?;
            Ok(("kembali ke antrean", "back in the line"))
        }),
        QueueCommand::Discard { ids, yes: true } => each(outbox, ids, terminal, |outbox, id| {
            outbox.discard(id, "", compose::now())?;
            Ok(("tangkapan dimusnahkan", "capture destroyed"))
        }),
        QueueCommand::Discard { yes: false, .. } => {
            terminal.note(
                "tangkapan yang dimusnahkan tidak dapat dikembalikan; ulangi dengan --yes",
                "a destroyed capture cannot be brought back; repeat with --yes",
            );
            Ok(Exit::Usage)
        }
        QueueCommand::Export { out } => export(outbox.as_deref(), out.as_deref(), terminal),
    }
}

impl From<StateArg> for State {
    fn from(arg: StateArg) -> Self {
        match arg {
            StateArg::Waiting => Self::Waiting,
            StateArg::Sending => Self::Sending,
            StateArg::Delivered => Self::Delivered,
            StateArg::Parked => Self::Parked,
        }
    }
}

fn need(outbox: Option<Arc<Outbox>>, id: Uuid) -> Result<Arc<Outbox>, OutboxError> {
    outbox.ok_or(OutboxError::NotFound(ItemId(id)))
}

fn list(outbox: Option<&Outbox>, state: Option<State>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let view = outbox.map(|outbox| QueueView::of(outbox, state)).transpose()?.unwrap_or_default();
    let counts = view.counts;
    terminal.tell(
        format!(
            "{} menunggu, {} sedang dikirim, {} terkirim, {} disisihkan",
            counts.waiting, counts.sending, counts.delivered, counts.parked
        ),
        format!(
            "{} waiting, {} sending, {} delivered, {} parked",
            counts.waiting, counts.sending, counts.delivered, counts.parked
        ),
    );
    for item in &view.items {
        terminal.say(line(item));
    }
    terminal.emit(&view)?;
    Ok(Exit::Done)
}

/// One item in one line: what it is, where it stands, what came of it.
fn line(item: &ItemView) -> String {
    let said = |key: &str| {
        item.receipt
            .as_ref()
            .and_then(|receipt| receipt.get(key)?.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let reason = item.reason.clone().unwrap_or_default();
    let face = item.face_tier.as_ref().map(|tier| format!("+ {tier}")).unwrap_or_default();
    let review = item.standing.filter(|standing| *standing == "review").unwrap_or_default();
    let ends =
        [said("verificationId"), said("assuranceTier"), face, said("verdict"), review.to_owned(), reason];
    let end = ends.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{}  {:<9}  {}  {}", item.id, item.state, item.customer_id, end.trim()).trim_end().to_owned()
}

fn show(outbox: &Outbox, id: Uuid, terminal: &Terminal) -> anyhow::Result<Exit> {
    let view = ItemDetailView::of(outbox, ItemId(id))?;
    terminal.say(line(&view.item));
    if let Some(detail) = &view.reason_detail {
        terminal.say(format!("  {detail}"));
    }
    for entry in &view.audit {
        terminal.say(format!("  {}  {} {}", entry.at, entry.event, entry.code));
    }
    if let Some(receipt) = &view.item.receipt {
        terminal.say(serde_json::to_string_pretty(receipt)?);
    }
    terminal.emit(&view)?;
    Ok(Exit::Done)
}

fn each(
    outbox: Option<Arc<Outbox>>,
    ids: &[Uuid],
    terminal: &Terminal,
    act: impl Fn(&Outbox, ItemId) -> Result<(&'static str, &'static str), OutboxError>,
) -> anyhow::Result<Exit> {
    for id in ids {
        let outbox = need(outbox.clone(), *id)?;
        let (indonesian, english) = act(&outbox, ItemId(*id))?;
        terminal.tell(format!("{id}: {indonesian}"), format!("{id}: {english}"));
    }
    terminal.emit(&serde_json::json!({"ids": ids}))?;
    Ok(Exit::Done)
}

fn export(outbox: Option<&Outbox>, to: Option<&Path>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut lines = Vec::new();
    if let Some(outbox) = outbox {
        outbox.export(&mut lines)?;
    }
    match to {
        Some(path) => {
            write_private(path, &lines).with_context(|| format!("cannot write {}", path.display()))?;
            let path = path.display();
            terminal.tell(format!("ditulis ke {path}"), format!("written to {path}"));
        }
        None if lines.is_empty() => {}
        None => terminal.raw(&String::from_utf8_lossy(&lines)),
    }
    Ok(Exit::Done)
}

/// Customers' ids are in it: for this user alone, and never over an older export.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

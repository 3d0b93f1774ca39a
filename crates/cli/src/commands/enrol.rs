//! `enrol`: this machine becomes one of the partner's kiosks.
//!
//! Invariant: the key is made here, stored, and never printed; the code is spent by the first use.

use engine::{EnrolRequest, Installation, KeyPlace};

use super::runtime;
use crate::args::EnrolArgs;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Presents the code.
pub fn run(mut installation: Installation, args: &EnrolArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let place = if args.file { KeyPlace::File } else { KeyPlace::Keyring };
    let request = EnrolRequest { backend: &args.backend, code: &args.code, place, replace: args.replace };
    let kiosk = runtime()?.block_on(engine::enrol(&mut installation, &request))?;
    let (id, label) = (kiosk.kiosk_id, &kiosk.label);
    terminal.tell(format!("terdaftar sebagai \"{label}\" ({id})"), format!("enrolled as \"{label}\" ({id})"));
    terminal.emit(&serde_json::json!({"kioskId": id, "label": label}))?;
    Ok(Exit::Done)
}

//! Diagnostics in the settings, and the support bundle.
//!
//! Invariant: neither holds a customer, a value, a picture or a secret: parts, health, the system's words, counts and
//! the audit chain's head.

use engine::compose;
use engine::doctor::{
    self, BackendState, DoctorParams, Finding, FolderState, GatewayState, Health, QueueTrouble,
};
use serde_json::json;

use super::{Tools, queue};
use crate::controller::Event;
use crate::view::{DiagnosticHealth, DiagnosticPart, DiagnosticView};

/// Runs the diagnostics.
pub(super) fn diagnose(tools: &Tools) {
    tools.tell(Event::Diagnosed(examine(tools)));
}

fn examine(tools: &Tools) -> Vec<DiagnosticView> {
    match tools.desk.installation() {
        Ok(installation) => {
            tools.runtime.block_on(doctor::examine(&installation)).iter().map(diagnostic).collect()
        }
        Err(error) => vec![DiagnosticView {
            part: DiagnosticPart::Folder,
            health: DiagnosticHealth::Bad,
            detail: error.to_string(),
        }],
    }
}

/// Writes the support bundle.
pub(super) fn export(tools: &Tools) {
    tools.tell(Event::SupportWritten(written(tools)));
}

fn written(tools: &Tools) -> Option<String> {
    let installation = tools.desk.installation().ok()?;
    let outbox = tools.desk.existing_queue(&installation).ok().flatten();
    let counts = outbox.as_ref().and_then(|outbox| outbox.counts().ok()).map(engine::CountsView::from);
    let audit = outbox.as_ref().map(|outbox| match outbox.verify_audit() {
        Ok(report) => json!({ "entries": report.entries, "head": report.head }),
        Err(error) => json!({ "error": error.to_string() }),
    });
    let bundle = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": { "os": std::env::consts::OS, "arch": std::env::consts::ARCH },
        "writtenAt": compose::now().to_string(),
        "findings": examine(tools),
        "counts": counts,
        "audit": audit,
        "mode": installation.config.app.mode,
    });
    let name = format!("loket-support-{}.json", compose::now().as_second());
    let path = queue::write(&installation.dir, &name, &serde_json::to_string_pretty(&bundle).ok()?)?;
    Some(path.display().to_string())
}

fn diagnostic(finding: &Finding) -> DiagnosticView {
    let health = match finding.health(&DoctorParams::default()) {
        Health::Good => DiagnosticHealth::Good,
        Health::Poor => DiagnosticHealth::Poor,
        Health::Bad => DiagnosticHealth::Bad,
    };
    let (part, detail) = match finding {
        Finding::Folder(state) => (DiagnosticPart::Folder, folder(state)),
        Finding::Disk(free) => {
            (DiagnosticPart::Disk, told(free, |bytes| format!("{} MB", bytes / 1_000_000)))
        }
        Finding::Models(loaded) => (DiagnosticPart::Models, told(loaded, |ms| format!("{ms} ms"))),
        Finding::Queue(opened) => (DiagnosticPart::Queue, opened_queue(opened)),
        Finding::Audit(verified) => {
            (DiagnosticPart::Queue, told(verified, |lines| format!("audit: {lines}")))
        }
        Finding::Secret(name, found) => {
            (DiagnosticPart::Secrets, format!("{}: {}", name.word(), told(found, |_| "ok".to_owned())))
        }
        Finding::Gateway(state) => (DiagnosticPart::Gateway, gateway(state)),
        Finding::Backend(state) => (DiagnosticPart::Gateway, format!("backend: {}", backend(state))),
        Finding::Cameras(found) => (DiagnosticPart::Camera, told(found, |devices| names(devices))),
    };
    DiagnosticView { part, health, detail }
}

fn told<T, E: std::fmt::Display>(result: &Result<T, E>, shown: impl FnOnce(&T) -> String) -> String {
    result.as_ref().map_or_else(ToString::to_string, shown)
}

fn folder(state: &FolderState) -> String {
    match state {
        FolderState::Private => "ok".to_owned(),
        FolderState::OpenToOthers(bits) => format!("open to others: {bits:03o}"),
        FolderState::NotWritable(error) => error.to_string(),
    }
}

fn opened_queue(opened: &Result<Option<engine::CountsView>, QueueTrouble>) -> String {
    match opened {
        Ok(Some(counts)) => {
            format!("{} + {} + {} + {}", counts.waiting, counts.sending, counts.delivered, counts.parked)
        }
        Ok(None) => "-".to_owned(),
        Err(QueueTrouble::Open(error)) => error.to_string(),
        Err(QueueTrouble::Use(error)) => error.to_string(),
    }
}

fn gateway(state: &GatewayState) -> String {
    match state {
        GatewayState::NotSet(error) => error.to_string(),
        GatewayState::Reached { took_ms, skew_s } => format!("{took_ms} ms, clock {skew_s:+} s"),
        GatewayState::Refused(rejection) | GatewayState::Unreachable(rejection) => {
            rejection.code().to_owned()
        }
    }
}

fn backend(state: &BackendState) -> String {
    match state {
        BackendState::NotSet(error) => error.to_string(),
        BackendState::Reached { took_ms } => format!("{took_ms} ms"),
        BackendState::Refused(rejection) | BackendState::Unreachable(rejection) => {
            rejection.code().to_owned()
        }
    }
}

fn names(devices: &[camera::Device]) -> String {
    let names: Vec<&str> = devices.iter().map(|device| device.name.as_str()).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

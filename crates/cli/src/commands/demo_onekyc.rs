//! `demo --provider onekyc`: a card scan from recorded frames to OneKYC's stand-in, which is a process of its own.
//!
//! Invariant: the two processes share a loopback socket, and credentials in files of this user; nothing else. The stand-in
//! reads the uploaded picture itself. It ends well only if the scan was approved.
//! Deliberately lacks the partner's server: this side starts its flows directly, which only a local stand-in allows.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use camera::Recording;
use engine::{
    CaptureRequest, CaptureTools, Captured, Companions, DataDir, Installation, ItemView, Provider,
    SecretName, compose,
};
use gateway::Receipt;
use gateway::onekyc::ExitReason;
use inference::ModelSource;
use outbox::{ItemId, Outbox, Record, State};
use sync::{Progress, stop_signal};
use vault::KEY_FILE_VARIABLE;
use vision::Reader;

use super::{demo, runtime};
use crate::args::FlowArg;
use crate::exit::Exit;
use crate::reading_view;
use crate::terminal::Terminal;

/// Our name of the customer.
const CUSTOMER: &str = "demo-customer";
/// A scan takes seconds; something is wrong after this.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the demo.
pub fn run(
    data_dir: Option<PathBuf>,
    flow: FlowArg,
    recording: Recording,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    match flow {
        FlowArg::KtpScan => {}
    }
    let dir = DataDir::choose_for_demo(data_dir, compose::environment)?.path().to_owned();
    let key_file = match compose::environment(KEY_FILE_VARIABLE).filter(|value| !value.is_empty()) {
        Some(named) => PathBuf::from(named),
        None => dir.with_extension("key"),
    };
    demo::make_key(&key_file)?;
    let partner = StandIn::start(&dir, &key_file)?;
    terminal.tell(
        format!("1. OneKYC tiruan berjalan sebagai proses {} di {}", partner.child.id(), partner.base_url),
        format!("1. OneKYC's stand-in runs as process {} at {}", partner.child.id(), partner.base_url),
    );
    let environment = move |name: &str| match name {
        KEY_FILE_VARIABLE => Some(key_file.clone().into_os_string()),
        other => compose::environment(other),
    };
    let mut installation = Installation::open_with(Some(dir), environment)?;
    installation.config.gateway.provider = Provider::Onekyc;
    runtime()?.block_on(scan(&installation, recording, terminal))
}

async fn scan(
    installation: &Installation,
    recording: Recording,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let outbox = installation.queue()?;
    let reader = Reader::load(&ModelSource::from_env())?;
    let (device_secret, _) = installation.secrets().find(SecretName::DeviceSecret)?;
    let frame_limit = recording.len();
    let mut frames = recording;
    let tools = CaptureTools {
        reader: &reader,
        outbox: &outbox,
        gateway: None,
        device_secret: Some(&device_secret),
        config: &installation.config,
    };
    let request = CaptureRequest {
        customer_id: CUSTOMER,
        id: compose::new_id(),
        captured_at: compose::now(),
        today: compose::today(),
        frame_limit,
        record: Record::default(),
    };
    let Captured::Queued { item, scan, .. } =
        engine::capture(&tools, &mut frames, &request, Companions::default()).await?
    else {
        bail!("no KTP was found in the recording");
    };
    terminal.tell("2. kartu dibaca dan disimpan terenkripsi", "2. card read and kept encrypted");
    reading_view::print(terminal, &scan);
    deliver(installation, &outbox, item, terminal).await?;
    judge(&outbox, item, terminal)
}

/// Passes over the queue until the item is settled, telling each step as it is written down.
async fn deliver(
    installation: &Installation,
    outbox: &Arc<Outbox>,
    item: ItemId,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let runner = engine::runner(installation, Arc::clone(outbox))?;
    let (_stopper, stop) = stop_signal();
    let tell = |progress: Progress| {
        if let Progress::Stage { code, .. } = progress {
            terminal.tell(format!("   langkah: {code}"), format!("   step: {code}"));
        }
    };
    let until = compose::now() + PATIENCE;
    loop {
        let summary = runner.once(&tell, &stop).await?;
        let state = outbox.show(item)?.state;
        if matches!(state, State::Delivered | State::Parked) {
            return Ok(());
        }
        let now = compose::now();
        if now > until {
            bail!("the stand-in did not decide within {} s", PATIENCE.as_secs());
        }
        let due = summary.next_due.unwrap_or(now);
        let wait = Duration::try_from(due.duration_since(now)).unwrap_or_default();
        tokio::time::sleep(wait.max(Duration::from_millis(50))).await;
    }
}

/// Tells what the partner said; anything but an approval is a failure of the demo.
fn judge(outbox: &Outbox, item: ItemId, terminal: &Terminal) -> anyhow::Result<Exit> {
    let item = outbox.show(item)?;
    let Some(text) = &item.receipt_json else {
        let reason = item.reason.map(|reason| reason.code).unwrap_or_default();
        bail!("the partner gave no result: {} {reason}", item.state.as_str());
    };
    let receipt: Receipt = serde_json::from_str(text)?;
    let ending = receipt.onekyc.context("OneKYC's receipt says how the run ended")?;
    let result = ending.result.as_ref().map_or("-", |result| result.as_str());
    let reason = ending.reason.as_ref().map_or("-", |reason| reason.as_str());
    let (status, id) = (ending.status.as_str(), &ending.submission_id);
    terminal.tell(
        format!("3. mitra menjawab: {status} {result}, alasan {reason}, pengajuan {id}"),
        format!("3. the partner answers: {status} {result}, reason {reason}, submission {id}"),
    );
    terminal.tell("4. tanda terima:", "4. receipt:");
    terminal.say(format!("   {text}"));
    let accepted = ending.exit == ExitReason::Success;
    terminal.emit(&serde_json::json!({
        "accepted": accepted, "submissionId": id, "correlationId": ending.partner_session_id,
        "status": status, "result": result, "reasonCode": reason, "item": ItemView::from(item),
    }))?;
    if accepted {
        terminal.tell("diterima", "accepted");
        return Ok(Exit::Done);
    }
    terminal.note("tidak diterima", "not accepted");
    Ok(Exit::Refused)
}

/// The stand-in's process; ends with this value.
struct StandIn {
    child: Child,
    base_url: String,
}

impl StandIn {
    /// Starts it and waits until it answers.
    fn start(dir: &Path, key_file: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--json", "--data-dir"])
            .arg(dir)
            .args(["simulate", "--memory", "--write-config", "--bind", "127.0.0.1:0"])
            .env(KEY_FILE_VARIABLE, key_file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the stand-in")?;
        let stdout = child.stdout.take().context("its output was asked for")?;
        let mut stand_in = Self { child, base_url: String::new() };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let said: serde_json::Value =
            serde_json::from_str(&line).context("the stand-in ended before it answered")?;
        let base_url = said["onekycBaseUrl"].as_str().context("the stand-in says where it is")?;
        base_url.clone_into(&mut stand_in.base_url);
        Ok(stand_in)
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // Ended already, if at all.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

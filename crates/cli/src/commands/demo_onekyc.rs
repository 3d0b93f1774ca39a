//! `demo --provider onekyc`: a flow from recorded frames, over the partner's backend, to OneKYC's stand-in, and its result
//! back from the backend. Three processes: this one is the kiosk.
//!
//! Invariant: they share loopback sockets alone; the kiosk has a one-time code and what it makes of it, no credential of the
//! platform's. The stand-in reads the uploaded picture itself. It ends well only if the backend told of an approval.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use camera::{Recording, RecordingParams};
use engine::live::{TakenSelfie, take_selfie};
use engine::{
    CaptureRequest, CaptureTools, Captured, Companions, DataDir, EnrolRequest, Installation, ItemView,
    KeyPlace, Provider, compose,
};
use gateway::Receipt;
use gateway::onekyc::{ContactKind, Ending, ExitReason, SubmissionResult, SubmissionStatus, VerifiedContact};
use inference::ModelSource;
use kiosk::ResultContent;
use liveness::FaceReader;
use outbox::{ItemId, Outbox, Record, State};
use sync::{Progress, stop_signal};
use uuid::Uuid;
use vault::KEY_FILE_VARIABLE;
use vision::Reader;

use super::demo_partner::{LOOK_EVERY, Partner};
use super::{demo, runtime};
use crate::args::{DemoArgs, FlowArg};
use crate::exit::Exit;
use crate::reading_view;
use crate::terminal::Terminal;

/// Our name of the customer.
const CUSTOMER: &str = "demo-customer";
/// Never given out.
const CONTACT: &str = "6280000000000";
/// The selfie that comes with the sources: its first frames show one person, five times a second.
const SELFIE: &str = "tests/data/selfie";
const SELFIE_FRAMES: usize = 8;
const SELFIE_INTERVAL_MS: u64 = 200;
/// A scan takes seconds; something is wrong after this.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one question for results may wait at the backend.
const RESULT_WAIT_S: u32 = 20;

/// Runs the demo.
pub fn run(
    data_dir: Option<PathBuf>,
    args: &DemoArgs,
    recording: Recording,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let dir = DataDir::choose_for_demo(data_dir, compose::environment)?.path().to_owned();
    let key_file = match compose::environment(KEY_FILE_VARIABLE).filter(|value| !value.is_empty()) {
        Some(named) => PathBuf::from(named),
        None => dir.with_extension("key"),
    };
    demo::make_key(&key_file)?;
    let partner = Partner::start(&dir.join("partner"), args.backend.as_deref())?;
    let [platform, backend] = partner.processes();
    terminal.tell(
        format!(
            "1. OneKYC tiruan adalah proses {platform}, backend mitra proses {backend} di {}",
            partner.backend_url
        ),
        format!(
            "1. OneKYC's stand-in is process {platform}, the partner's backend process {backend} at {}",
            partner.backend_url
        ),
    );
    let environment = move |name: &str| match name {
        KEY_FILE_VARIABLE => Some(key_file.clone().into_os_string()),
        other => compose::environment(other),
    };
    let installation = Installation::open_with(Some(dir), environment)?;
    let selfie = match args.flow {
        FlowArg::KtpScan => None,
        FlowArg::SelfieLiveness | FlowArg::IdentityVerification => {
            Some(selfie(&demo::chosen(args.selfie.as_deref(), SELFIE, "--selfie")?)?)
        }
    };
    let demo = Demo { installation, partner, terminal, has_callbacks: !args.no_callbacks };
    runtime()?.block_on(demo.play(args.flow, recording, selfie.as_ref()))
}

/// The best pictures of a recording.
fn selfie(folder: &Path) -> anyhow::Result<TakenSelfie> {
    let params = RecordingParams { spacing_ms: SELFIE_INTERVAL_MS, ..RecordingParams::default() };
    let mut frames = Recording::open(folder, params)?;
    let reader = Arc::new(FaceReader::load(&ModelSource::from_env())?);
    take_selfie(&mut frames, &reader, SELFIE_FRAMES)?.context("no face was found in the recording")
}

/// The kiosk, and who it talks to.
struct Demo<'a> {
    installation: Installation,
    partner: Partner,
    terminal: &'a Terminal,
    has_callbacks: bool,
}

impl Demo<'_> {
    async fn play(
        mut self,
        flow: FlowArg,
        recording: Recording,
        selfie: Option<&TakenSelfie>,
    ) -> anyhow::Result<Exit> {
        if self.has_callbacks {
            let (path, method) = match flow {
                FlowArg::KtpScan | FlowArg::SelfieLiveness => ("/coe/submissions-callback", "POST"),
                FlowArg::IdentityVerification => ("/esign/submissions-callback", "PATCH"),
            };
            self.partner.call_back(path, method).await?;
        }
        self.enrol().await?;
        let outbox = self.installation.queue()?;
        let item = match flow {
            FlowArg::KtpScan | FlowArg::IdentityVerification => self.scan(&outbox, recording, selfie).await?,
            FlowArg::SelfieLiveness => self.look(&outbox, selfie)?,
        };
        deliver(&self.installation, &outbox, item, self.terminal).await?;
        let ending = ending(&outbox, item)?;
        let told = self.told(ending.partner_session_id).await?;
        let callbacks = self.callbacks().await?;
        conclude(&outbox, item, &ending, &told, callbacks, self.terminal)
    }

    /// The kiosk makes its key and presents the code.
    async fn enrol(&mut self) -> anyhow::Result<()> {
        let partner = &self.partner;
        // An earlier demo's backend is gone.
        let request = EnrolRequest {
            backend: &partner.backend_url,
            code: &partner.code,
            place: KeyPlace::File,
            replace: true,
        };
        let kiosk = engine::enrol(&mut self.installation, &request).await?.kiosk_id;
        self.installation.config.gateway.provider = Provider::Onekyc;
        self.terminal.tell(
            format!("2. kios mendaftar dengan kode sekali pakai sebagai {kiosk}"),
            format!("2. the kiosk enrolled with a one-time code as {kiosk}"),
        );
        Ok(())
    }

    /// Reads the card and queues it; with a selfie, both together, for a customer who can be reached.
    async fn scan(
        &self,
        outbox: &Outbox,
        recording: Recording,
        selfie: Option<&TakenSelfie>,
    ) -> anyhow::Result<ItemId> {
        let reader = Reader::load(&ModelSource::from_env())?;
        let request = request(recording.len());
        let mut frames = recording;
        let contact = selfie.map(|_| VerifiedContact {
            kind: ContactKind::Phone,
            value: CONTACT.to_owned().into(),
            verification_reference_id: "otp-0001".to_owned(),
        });
        let companions = Companions { selfie, contact, ..Companions::default() };
        let tools = self.tools(&reader, outbox);
        let captured = engine::capture(&tools, &mut frames, &request, companions).await?;
        let Captured::Queued { item, scan, .. } = captured else {
            bail!("no KTP was found in the recording");
        };
        self.terminal.tell("3. kartu dibaca dan disimpan terenkripsi", "3. card read and kept encrypted");
        reading_view::print(self.terminal, &scan);
        Ok(item)
    }

    /// Queues a selfie alone.
    fn look(&self, outbox: &Outbox, selfie: Option<&TakenSelfie>) -> anyhow::Result<ItemId> {
        let reader = Reader::load(&ModelSource::from_env())?;
        let companions = Companions { selfie, ..Companions::default() };
        let item = engine::queue_selfie(&self.tools(&reader, outbox), &request(1), companions)?;
        self.terminal.tell("3. swafoto disimpan terenkripsi", "3. selfie kept encrypted");
        Ok(item)
    }

    fn tools<'a>(&'a self, reader: &'a Reader, outbox: &'a Outbox) -> CaptureTools<'a> {
        CaptureTools { reader, outbox, gateway: None, device_secret: None, config: &self.installation.config }
    }

    /// The result of a flow, as the backend hands it over; waits for it.
    async fn told(&self, correlation_id: Uuid) -> anyhow::Result<Told> {
        let kiosk = self.installation.kiosk()?;
        let (mut after, until) = (0, compose::now() + PATIENCE);
        while compose::now() < until {
            for item in kiosk.results(after, RESULT_WAIT_S).await?.results {
                after = item.seq;
                if let ResultContent::Submission { correlation_id: of, submission_id, status, result, .. } =
                    item.content
                    && of == correlation_id
                    && status.is_final()
                {
                    return Ok(Told { seq: item.seq, submission_id, status, result });
                }
            }
        }
        bail!("the backend told of no result within {} s", PATIENCE.as_secs())
    }

    /// How many callbacks the backend took; with callbacks on, there is one.
    async fn callbacks(&self) -> anyhow::Result<usize> {
        let until = compose::now() + PATIENCE;
        loop {
            let taken = self.partner.callbacks_taken().await?;
            if taken > 0 || !self.has_callbacks {
                return Ok(taken);
            }
            if compose::now() > until {
                bail!("no callback reached the backend");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn request(frame_limit: usize) -> CaptureRequest<'static> {
    CaptureRequest {
        customer_id: CUSTOMER,
        id: compose::new_id(),
        captured_at: compose::now(),
        today: compose::today(),
        frame_limit,
        record: Record::default(),
    }
}

/// What the backend told.
struct Told {
    seq: i64,
    submission_id: String,
    status: SubmissionStatus,
    result: Option<SubmissionResult>,
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
        tokio::time::sleep(wait.max(LOOK_EVERY)).await;
    }
}

/// How the run ended, by the queue's own receipt.
fn ending(outbox: &Outbox, item: ItemId) -> anyhow::Result<Ending> {
    let item = outbox.show(item)?;
    let Some(text) = &item.receipt_json else {
        let reason = item.reason.map(|reason| reason.code).unwrap_or_default();
        bail!("the partner gave no result: {} {reason}", item.state.as_str());
    };
    let receipt: Receipt = serde_json::from_str(text)?;
    receipt.onekyc.context("OneKYC's receipt says how the run ended")
}

/// Tells what platform and backend said; anything but an approval from both is a failure of the demo.
fn conclude(
    outbox: &Outbox,
    item: ItemId,
    ending: &Ending,
    told: &Told,
    callbacks: usize,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let item = outbox.show(item)?;
    let result = ending.result.as_ref().map_or("-", |result| result.as_str());
    let reason = ending.reason.as_ref().map_or("-", |reason| reason.as_str());
    let (status, id) = (ending.status.as_str(), &ending.submission_id);
    terminal.tell(
        format!("4. OneKYC menjawab kios: {status} {result}, alasan {reason}, pengajuan {id}"),
        format!("4. OneKYC answers the kiosk: {status} {result}, reason {reason}, submission {id}"),
    );
    terminal.say(format!("   {}", item.receipt_json.as_deref().unwrap_or_default()));
    let backends = told.result.as_ref().map_or("-", |result| result.as_str());
    let (seq, word) = (told.seq, told.status.as_str());
    terminal.tell(
        format!("5. backend mitra menerima: {word} {backends} (hasil {seq}, {callbacks} panggilan balik)"),
        format!("5. the partner's backend received: {word} {backends} (result {seq}, {callbacks} callbacks)"),
    );
    let is_same = told.submission_id == *id && told.result == ending.result;
    let accepted = ending.exit == ExitReason::Success && is_same;
    terminal.emit(&serde_json::json!({
        "accepted": accepted, "submissionId": id, "correlationId": ending.partner_session_id,
        "status": status, "result": result, "reasonCode": reason, "item": ItemView::from(item),
        "backend": {"seq": seq, "submissionId": told.submission_id, "status": word, "result": backends,
            "callbacks": callbacks},
    }))?;
    if accepted {
        terminal.tell("diterima", "accepted");
        return Ok(Exit::Done);
    }
    terminal.note("tidak diterima", "not accepted");
    Ok(Exit::Refused)
}

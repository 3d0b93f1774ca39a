//! `demo`: the whole job once, with a synthetic card and a stand-in partner inside this process.
//!
//! Invariant: everything after the recorded frames is real: reading, light, signature, encrypted queue, HTTP,
//! the partner's own judgement. It ends well only if the partner accepted the capture with its highest tier.
//! Nothing of it touches a real installation unless a data folder is named.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use camera::{LitRecording, LitRecordingParams, Recording, RecordingParams};
use engine::{
    CaptureRequest, CaptureTools, Captured, Companions, DataDir, Installation, ItemView, Scan, SecretName,
    compose,
};
use gateway::{AssuranceTier, FusedCheck, Gateway as _, NewCustomer, Receipt, Verdict};
use inference::ModelSource;
use outbox::{ItemId, Outbox, Record};
use simulator::{Running, SimulatorConfig};
use sync::stop_signal;
use vault::{KEY_FILE_VARIABLE, KeyFileError, MasterKey};
use vision::Reader;

use super::capture::flash_sentence;
use super::{demo_face, demo_onekyc, runtime};
use crate::args::{DemoArgs, ProviderArg};
use crate::exit::Exit;
use crate::reading_view::{self, ReadingView};
use crate::terminal::Terminal;

/// The recording that comes with the software, below the repository's root or the working folder.
const CAPTURE: &str = "assets/demo-capture";

/// Runs the demo.
pub fn run(data_dir: Option<PathBuf>, args: &DemoArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    if !args.headless {
        terminal.note(
            "loketctl tidak punya jendela; demo dijalankan di terminal (--headless)",
            "loketctl has no window; the demo runs in the terminal (--headless)",
        );
    }
    let recording = Recording::open(&recording_dir(args)?, RecordingParams::default())?;
    match args.provider {
        ProviderArg::IdentityPlatform => {}
        ProviderArg::Onekyc => return demo_onekyc::run(data_dir, args, recording, terminal),
    }
    runtime()?.block_on(async {
        let device_secret = simulator::generate_secret();
        let config =
            SimulatorConfig { device_secrets: vec![device_secret.clone()], ..SimulatorConfig::default() };
        let partner = simulator::start(config).await?;
        let demo = Demo::prepare(data_dir, &partner, device_secret, terminal)?;
        let exit = demo.play(recording, args).await?;
        partner.shutdown().await?;
        Ok(exit)
    })
}

fn recording_dir(args: &DemoArgs) -> anyhow::Result<PathBuf> {
    chosen(args.capture.as_deref(), CAPTURE, "--capture")
}

/// The folder that an option names, or the one below the working folder or the repository's root.
pub fn chosen(named: Option<&Path>, usual: &str, option: &str) -> anyhow::Result<PathBuf> {
    if let Some(dir) = named {
        return Ok(dir.to_owned());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let places = [PathBuf::from(usual), root.join(usual)];
    let found = places.into_iter().find(|dir| dir.is_dir());
    found.with_context(|| format!("{usual} is not here; name a recording with {option}"))
}

struct Demo<'a> {
    installation: Installation,
    terminal: &'a Terminal,
}

impl<'a> Demo<'a> {
    /// An installation that speaks to this partner. Its queue's key lies in a file beside the data folder,
    /// unless the environment names one: a demo must run where there is no keyring.
    fn prepare(
        data_dir: Option<PathBuf>,
        partner: &Running,
        device_secret: String,
        terminal: &'a Terminal,
    ) -> anyhow::Result<Self> {
        let dir = DataDir::choose_for_demo(data_dir, compose::environment)?.path().to_owned();
        let key_file = match compose::environment(KEY_FILE_VARIABLE).filter(|value| !value.is_empty()) {
            Some(named) => PathBuf::from(named),
            None => dir.with_extension("key"),
        };
        make_key(&key_file)?;
        let (base_url, api_key) = (partner.base_url.clone(), partner.api_key.clone());
        let environment = move |name: &str| -> Option<OsString> {
            match name {
                KEY_FILE_VARIABLE => Some(key_file.clone().into_os_string()),
                engine::GATEWAY_URL_VARIABLE => Some(base_url.clone().into()),
                name if name == SecretName::ApiKey.variable() => Some(api_key.clone().into()),
                name if name == SecretName::DeviceSecret.variable() => Some(device_secret.clone().into()),
                other => compose::environment(other),
            }
        };
        let mut installation = Installation::open_with(Some(dir), environment)?;
        // The folder remembers the partner that was shown before.
        installation.config.gateway.provider = engine::Provider::IdentityPlatform;
        Ok(Self { installation, terminal })
    }

    async fn play(&self, recording: Recording, args: &DemoArgs) -> anyhow::Result<Exit> {
        let terminal = self.terminal;
        let installation = &self.installation;
        let gateway = installation.gateway()?;
        let customer = NewCustomer { full_name: "PELANGGAN CONTOH".to_owned(), ..NewCustomer::default() };
        let customer_id = gateway.create_customer(&customer).await?;
        terminal.tell(
            format!("1. pelanggan {customer_id} dibuat di mitra tiruan"),
            format!("1. customer {customer_id} made at the stand-in partner"),
        );
        let seated = demo_face::seat(&*gateway, &customer_id, &installation.config.capture, args).await?;
        demo_face::tell(&seated, terminal);
        let outbox = installation.queue()?;
        let started = Instant::now();
        let reader = Reader::load(&ModelSource::from_env())?;
        let frame_limit = recording.len();
        let mut scene = LitRecording::new(recording, LitRecordingParams::default());
        let tools = CaptureTools {
            reader: &reader,
            outbox: &outbox,
            gateway: Some(&*gateway),
            device_secret: None,
            config: &installation.config,
        };
        let request = CaptureRequest {
            customer_id: &customer_id,
            id: compose::new_id(),
            captured_at: compose::now(),
            today: compose::today(),
            frame_limit,
            record: Record::default(),
        };
        let face_frames = seated.taken.frames();
        let face = seated.taken.to_queue(&face_frames, seated.captured_at, seated.challenge);
        let companions = Companions { face: Some(face), ..Companions::default() };
        let captured = engine::capture(&tools, &mut scene, &request, companions).await?;
        let Captured::Queued { item, scan, flash, frames } = captured else {
            bail!("no KTP was found in the recording");
        };
        let took_s = started.elapsed().as_secs_f64();
        let flash = flash_sentence(flash, terminal);
        terminal.tell(
            format!("3. kartu dibaca dari {frame_limit} gambar dalam {took_s:.1} detik; {flash}"),
            format!("3. card read from {frame_limit} frames in {took_s:.1} s; {flash}"),
        );
        reading_view::print(terminal, &scan);
        self.tell_queue(&outbox, item, frames)?;
        let (_stopper, stop) = stop_signal();
        engine::runner(installation, outbox.clone())?.once(&|_| {}, &stop).await?;
        self.judge(&outbox, item, &scan, &customer_id)
    }

    fn tell_queue(&self, outbox: &Outbox, item: ItemId, frames: usize) -> anyhow::Result<()> {
        let path = outbox.path().display();
        let key = outbox.key_id();
        self.terminal.tell(
            format!("4. {frames} gambar ditandatangani dan disimpan terenkripsi (kunci {key}) di {path} sebagai {item}"),
            format!("4. {frames} frames signed and kept encrypted (key {key}) in {path} as {item}"),
        );
        Ok(())
    }

    /// Tells what the partner said; anything but its highest tier is a failure of the demo.
    fn judge(&self, outbox: &Outbox, item: ItemId, scan: &Scan, customer_id: &str) -> anyhow::Result<Exit> {
        let terminal = self.terminal;
        let item = outbox.show(item)?;
        let Some(text) = &item.receipt_json else {
            let reason = item.reason.map(|reason| reason.code).unwrap_or_default();
            bail!("the partner gave no receipt: {} {reason}", item.state.as_str());
        };
        let receipt: Receipt = serde_json::from_str(text)?;
        let tier = receipt.assurance_tier.as_ref().map_or("-", AssuranceTier::as_str);
        let verdict = receipt.verdict.as_ref().map_or("-", Verdict::as_str);
        terminal.tell(
            format!("5. mitra menjawab: {verdict}, tingkat {tier}, verifikasi {}", receipt.verification_id),
            format!(
                "5. the partner answers: {verdict}, tier {tier}, verification {}",
                receipt.verification_id
            ),
        );
        for check in [&receipt.anti_spoof, &receipt.tamper].into_iter().flatten() {
            self.tell_voters(check);
        }
        let face = receipt.face.as_ref();
        let face_tier = face.and_then(|face| face.assurance_tier.as_ref());
        terminal.tell(
            format!("   wajah: tingkat {}", face_tier.map_or("-", AssuranceTier::as_str)),
            format!("   face: tier {}", face_tier.map_or("-", AssuranceTier::as_str)),
        );
        face.and_then(|face| face.liveness.as_ref()).into_iter().for_each(|check| self.tell_voters(check));
        terminal.tell("6. tanda terima:", "6. receipt:");
        terminal.say(format!("   {text}"));
        self.tell_where();
        let accepted = receipt.assurance_tier == Some(AssuranceTier::High)
            && receipt.verdict == Some(Verdict::Passed)
            && face_tier == Some(&AssuranceTier::High);
        terminal.emit(&serde_json::json!({
            "accepted": accepted, "customerId": customer_id, "reading": ReadingView::from(scan),
            "item": ItemView::from(item), "queueFile": outbox.path(), "dataDir": self.installation.dir.path(),
        }))?;
        if accepted {
            terminal.tell("diterima, tingkat high", "accepted, tier high");
            return Ok(Exit::Done);
        }
        terminal.note("tidak diterima dengan tingkat high", "not accepted with tier high");
        Ok(Exit::Refused)
    }

    fn tell_voters(&self, check: &FusedCheck) {
        self.terminal.say(format!("   {}", check.fused));
        for voter in &check.voters {
            let mark = if voter.passed { "✓" } else { "✗" };
            let reason = voter.reason.as_deref().unwrap_or_default();
            self.terminal.say(format!("     {mark} {:<18} {reason}", voter.name));
        }
    }

    /// How to look at what is left.
    fn tell_where(&self) {
        let dir = self.installation.dir.path().display();
        let vault::KeySource::KeyFile(key) = self.installation.key_source() else { return };
        let command = format!("LOKET_KEY_FILE={} loketctl --data-dir {dir} queue list", key.display());
        self.terminal.tell(format!("   antrean: {command}"), format!("   the queue: {command}"));
    }
}

pub fn make_key(path: &Path) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    match MasterKey::generate_key_file(path) {
        Ok(_) | Err(KeyFileError::Exists(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

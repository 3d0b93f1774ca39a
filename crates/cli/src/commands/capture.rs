//! `capture`: read a card, sign what was read, queue it.
//!
//! Invariant: "queued" is printed only when the bundle is on disk. Nothing is sent here.

use camera::{FrameSource, LitRecording, LitRecordingParams, Recording, RecordingError, RecordingParams};
use engine::{
    CaptureError, CaptureRequest, CaptureTools, Captured, Companions, FlashState, Installation, SecretName,
    TakeError, compose,
};
use gateway::Gateway;
use inference::ModelSource;
use outbox::Record;
use serde::Serialize;
use vision::Reader;

use super::runtime;
use crate::args::CaptureArgs;
use crate::exit::Exit;
use crate::reading_view::{self, ReadingView};
use crate::terminal::Terminal;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaptureView {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    queued: Option<QueuedView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueuedView {
    id: String,
    frames: usize,
    flash: &'static str,
    reading: ReadingView,
}

/// Captures from a file or folder.
pub fn run(installation: &Installation, args: &CaptureArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut source = open(args)?;
    // The key before the work: nobody should read a card that cannot be kept.
    let outbox = installation.queue()?;
    let device_secret = installation.secrets().find_optional(SecretName::DeviceSecret)?;
    let gateway = match &installation.config.gateway.base_url {
        Some(_) => Some(installation.gateway()?),
        None => None,
    };
    let reader = Reader::load(&ModelSource::from_env())?;
    let tools = CaptureTools {
        reader: &reader,
        outbox: &outbox,
        gateway: gateway.as_deref().map(|gateway| gateway as &dyn Gateway),
        device_secret: device_secret.as_ref(),
        config: &installation.config,
    };
    let request = CaptureRequest {
        customer_id: &args.customer,
        id: compose::new_id(),
        captured_at: compose::now(),
        today: compose::today(),
        frame_limit: source.length,
        record: Record::default(),
    };
    let captured =
        runtime()?.block_on(engine::capture(&tools, &mut *source.frames, &request, Companions::default()))?;
    print(&captured, terminal)
}

struct Source {
    frames: Box<dyn FrameSource + Send>,
    length: usize,
}

fn open(args: &CaptureArgs) -> Result<Source, CaptureError> {
    let failed = |error: RecordingError| CaptureError::Take(TakeError::Source(error.into()));
    let recording = Recording::open(&args.path, RecordingParams::default()).map_err(failed)?;
    let length = recording.len();
    let frames: Box<dyn FrameSource + Send> = if args.simulated_light {
        Box::new(LitRecording::new(recording, LitRecordingParams::default()))
    } else {
        Box::new(recording)
    };
    Ok(Source { frames, length })
}

fn print(captured: &Captured, terminal: &Terminal) -> anyhow::Result<Exit> {
    match captured {
        Captured::NotACard(outcome) => {
            terminal.say(reading_view::sentence(*outcome, terminal.lang));
            terminal.emit(&CaptureView { outcome: reading_view::word(*outcome), queued: None })?;
            Ok(reading_view::exit(*outcome))
        }
        Captured::Queued { item, scan, flash, frames } => {
            let outcome = scan.outcome();
            terminal.say(reading_view::sentence(outcome, terminal.lang));
            reading_view::print(terminal, scan);
            let told = flash_sentence(*flash, terminal);
            terminal.tell(
                format!("masuk antrean sebagai {item} ({frames} gambar; {told})"),
                format!("queued as {item} ({frames} frames; {told})"),
            );
            terminal.emit(&CaptureView {
                outcome: reading_view::word(outcome),
                queued: Some(QueuedView {
                    id: item.to_string(),
                    frames: *frames,
                    flash: flash_word(*flash),
                    reading: ReadingView::from(&**scan),
                }),
            })?;
            Ok(reading_view::exit(outcome))
        }
    }
}

fn flash_word(flash: FlashState) -> &'static str {
    match flash {
        FlashState::Played { .. } => "played",
        FlashState::SourceCannotBeLit => "source-cannot-be-lit",
        FlashState::Offline => "offline",
        FlashState::NoGateway => "no-gateway",
    }
}

/// What became of the flash challenge, in words.
pub fn flash_sentence(flash: FlashState, terminal: &Terminal) -> String {
    let lang = terminal.lang;
    match flash {
        FlashState::Played { samples, steps } => lang.pick(
            format!("tantangan cahaya dijawab, {samples} dari {steps} warna terlihat"),
            format!("flash challenge answered, {samples} of {steps} colours seen"),
        ),
        FlashState::SourceCannotBeLit => {
            lang.pick("tanpa cahaya: berkas tidak dapat disinari", "no flash: files cannot be lit").to_owned()
        }
        FlashState::Offline => lang
            .pick("tanpa cahaya: gateway tidak terjangkau", "no flash: the gateway cannot be reached")
            .to_owned(),
        FlashState::NoGateway => {
            lang.pick("tanpa cahaya: gateway belum diatur", "no flash: no gateway is set").to_owned()
        }
    }
}

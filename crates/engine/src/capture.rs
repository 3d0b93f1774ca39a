//! One capture: frames in, a signed bundle in the queue out.
//!
//! Invariant: when [`capture`] says "queued", the bundle is on disk, encrypted; a challenge is asked for only
//! if it can be answered or its secret is needed to sign, and flash evidence is claimed only for light that
//! was seen. Deliberately absent: sending.

use std::collections::BTreeMap;

use bundle::{BundleError, CaptureDocument, FlashEvidence, JpegFrame, SigningProfile};
use camera::{FrameSource, SourceError};
use frame::Frame;
use gateway::onekyc::VerifiedContact;
use gateway::{
    ChallengePurpose, ChallengeRequest, ChallengeSecret, FlashChallenge, Gateway, Grant, Rejection, Selfie,
    Submission,
};
use jiff::Timestamp;
use jiff::civil::Date;
use ktp::{Field, Fields};
use outbox::{ItemId, NewItem, Outbox, OutboxError, Record};
use secrecy::SecretString;
use uuid::Uuid;
use vision::Reader;

use crate::compose;
use crate::config::{CaptureConfig, Config};
use crate::face::FaceToQueue;
use crate::flash::{self, FlashParams};
use crate::live::TakenSelfie;
use crate::onekyc_config::Provider;
use crate::picture;
use crate::scan::{Outcome, Scan};
use crate::signs;
use crate::take::{TakeError, TakeParams, take};

/// What a capture is made with.
pub struct CaptureTools<'a> {
    /// Reads the card.
    pub reader: &'a Reader,
    /// Keeps the bundle.
    pub outbox: &'a Outbox,
    /// Gives challenges; `None` where no gateway is set.
    pub gateway: Option<&'a dyn Gateway>,
    /// Signs what no challenge signs.
    pub device_secret: Option<&'a SecretString>,
    /// Limits and names.
    pub config: &'a Config,
}

/// Whose card, when, under which name.
pub struct CaptureRequest<'a> {
    /// The partner's id of the customer.
    pub customer_id: &'a str,
    /// Our name for the capture.
    pub id: Uuid,
    /// When the first frame was taken.
    pub captured_at: Timestamp,
    /// The day the card is judged on.
    pub today: Date,
    /// At most this many frames are looked at before the flash.
    pub frame_limit: usize,
    /// Consent and corrections, kept beside the bundle. A card's signs of tampering are added.
    pub record: Record<'a>,
}

/// What became of the flash challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashState {
    /// Played; so many of its colours were seen.
    Played {
        /// Colours with a sample.
        samples: usize,
        /// Colours asked for.
        steps: usize,
    },
    /// Files and folders cannot show the screen's light.
    SourceCannotBeLit,
    /// The gateway could not be reached.
    Offline,
    /// No gateway is set.
    NoGateway,
}

/// What came of a capture.
pub enum Captured {
    /// The bundle is in the queue.
    Queued {
        /// The queue's name for it.
        item: ItemId,
        /// What was read.
        scan: Box<Scan>,
        /// Whether the bundle carries flash evidence.
        flash: FlashState,
        /// Frames in the bundle.
        frames: usize,
    },
    /// No KTP was seen; nothing was queued.
    NotACard(Outcome),
}

/// Why a capture failed. Nothing was queued.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// No frames, or none readable.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// The gateway refuses to give a challenge.
    #[error("the gateway gives no challenge: {0}")]
    Challenge(Rejection),
    /// Offline, and no device secret is set.
    #[error(
        "nothing to sign with: the gateway could not be asked for a challenge and no device secret is set"
    )]
    NoSigningSecret,
    /// The document breaks a limit.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The submission could not be written down.
    #[error(transparent)]
    Submission(#[from] gateway::SubmissionError),
    /// The queue did not take it.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl From<SourceError> for CaptureError {
    fn from(error: SourceError) -> Self {
        Self::Take(error.into())
    }
}

/// Takes the card from the source, answers a challenge with it where that is possible, signs and queues.
pub async fn capture(
    tools: &CaptureTools<'_>,
    source: &mut (dyn FrameSource + Send),
    request: &CaptureRequest<'_>,
    companions: Companions<'_>,
) -> Result<Captured, CaptureError> {
    let params = TakeParams { enough: tools.config.capture.max_frames, ..TakeParams::default() };
    let taken = take(source, tools.reader, request.frame_limit, request.today, params)?;
    let outcome = taken.scan.outcome();
    match outcome {
        Outcome::NoCard | Outcome::OtherDocument => return Ok(Captured::NotACard(outcome)),
        Outcome::Read | Outcome::NeedsReview => {}
    }
    let can_be_lit = source.show(None);
    let (challenge, mut flash) = ask(tools, request, can_be_lit).await?;
    let mut evidence = None;
    if let (Some(challenge), true) = (&challenge, can_be_lit) {
        let samples = flash::play(source, challenge, FlashParams::default())?;
        flash = FlashState::Played { samples: samples.len(), steps: challenge.steps.len() };
        evidence = (!samples.is_empty()).then(|| FlashEvidence { nonce: challenge.nonce.clone(), samples });
    }
    let values = taken.scan.reading.fields();
    let card = CardToQueue { scan: &taken.scan, values: &values, frames: &taken.frames };
    let (item, frames) = queue_card(tools, request, &card, challenge, evidence, companions)?;
    Ok(Captured::Queued { item, scan: Box::new(taken.scan), flash, frames })
}

/// A card that was taken, with the values to be sent: those read, or what a person made of them.
pub struct CardToQueue<'a> {
    /// What was read; gives the confidences.
    pub scan: &'a Scan,
    /// The values to be sent. One that differs from what was read was looked at by a person and counts as certain.
    pub values: &'a Fields,
    /// The frames, best first.
    pub frames: &'a [Frame],
}

/// What goes with a card, or stands alone.
#[derive(Default)]
pub struct Companions<'a> {
    /// A face, for partners that take pictures.
    pub selfie: Option<&'a TakenSelfie>,
    /// A living face, for partners that take signed documents. It follows a card; nobody takes one alone.
    pub face: Option<FaceToQueue<'a>>,
    /// Where the customer can be reached, if the flow asks for that.
    pub contact: Option<VerifiedContact>,
    /// Set if the flow was launched by the partner's front end.
    pub grant: Option<Grant>,
}

/// Signs a card and queues it; answers with the queue's name for it and the number of frames in the bundle. When this
/// returns, the bundle is on disk, encrypted.
pub fn queue_card(
    tools: &CaptureTools<'_>,
    request: &CaptureRequest<'_>,
    card: &CardToQueue<'_>,
    challenge: Option<FlashChallenge>,
    evidence: Option<FlashEvidence>,
    companions: Companions<'_>,
) -> Result<(ItemId, usize), CaptureError> {
    let document = document(tools.config, request, card, evidence)?;
    let frames = document.frames.len();
    let signs = signs::json(&card.scan.votes);
    let record = Record { signs: signs.as_deref(), ..request.record };
    let card = sign(tools, request, document, challenge)?;
    let submission = accompanied(card, tools, companions)?;
    Ok((queue(tools.outbox, request, &record, &submission)?, frames))
}

/// Queues a face without a card. When this returns, it is on disk, encrypted.
pub fn queue_selfie(
    tools: &CaptureTools<'_>,
    request: &CaptureRequest<'_>,
    companions: Companions<'_>,
) -> Result<ItemId, CaptureError> {
    let nothing = Submission::of_nobody(request.id, request.customer_id);
    let submission = accompanied(nothing, tools, companions)?;
    queue(tools.outbox, request, &request.record, &submission)
}

fn accompanied(
    submission: Submission,
    tools: &CaptureTools<'_>,
    companions: Companions<'_>,
) -> Result<Submission, CaptureError> {
    let Companions { selfie, face, contact, grant } = companions;
    let config = &tools.config.capture;
    let fresh = |frame: &Frame| jpegs(std::slice::from_ref(frame), config).map(|mut jpegs| jpegs.remove(0));
    let pictures = |taken: &TakenSelfie| -> Result<Selfie, BundleError> {
        let additional = taken.additional.as_ref().map(fresh).transpose()?;
        Ok(Selfie { best: fresh(&taken.best)?, additional })
    };
    let selfie = selfie.map(pictures).transpose()?;
    let (face, face_challenge) = match face {
        Some(face) => {
            let (face, challenge) = face.sign(tools.config, tools.device_secret)?;
            (Some(face), challenge)
        }
        None => (None, None),
    };
    Ok(Submission { selfie, face, face_challenge, contact, grant, ..submission })
}

/// Asks the partner for a challenge; `None` where it cannot be reached or is too busy.
pub(crate) async fn ask_for(
    gateway: &dyn Gateway,
    purpose: ChallengePurpose,
    customer_id: &str,
    config: &CaptureConfig,
) -> Result<Option<FlashChallenge>, Rejection> {
    let request =
        ChallengeRequest { purpose, steps: config.challenge_steps, ttl_ms: config.challenge_ttl_ms };
    match gateway.challenge(customer_id, request).await {
        Ok(challenge) => Ok(Some(challenge)),
        Err(Rejection::Retryable { reason, .. }) => {
            tracing::info!(reason = reason.code(), "no flash challenge");
            Ok(None)
        }
        Err(
            rejection @ (Rejection::NeedsRecovery { .. }
            | Rejection::ChallengeSpent { .. }
            | Rejection::Blocked { .. }
            | Rejection::Permanent { .. }),
        ) => Err(rejection),
    }
}

/// Asks for a challenge if it can be answered, or if nothing else is there to sign with.
async fn ask(
    tools: &CaptureTools<'_>,
    request: &CaptureRequest<'_>,
    can_be_lit: bool,
) -> Result<(Option<FlashChallenge>, FlashState), CaptureError> {
    let without = if can_be_lit { FlashState::NoGateway } else { FlashState::SourceCannotBeLit };
    let Some(gateway) = tools.gateway.filter(|_| can_be_lit || tools.device_secret.is_none()) else {
        return Ok((None, without));
    };
    let asked = ask_for(gateway, ChallengePurpose::Card, request.customer_id, &tools.config.capture).await;
    match asked.map_err(CaptureError::Challenge)? {
        Some(challenge) => Ok((Some(challenge), without)),
        None => Ok((None, if can_be_lit { FlashState::Offline } else { without })),
    }
}

fn document(
    config: &Config,
    request: &CaptureRequest<'_>,
    card: &CardToQueue<'_>,
    flash: Option<FlashEvidence>,
) -> Result<CaptureDocument, CaptureError> {
    let mut document = CaptureDocument {
        sdk_version: config.gateway.sdk_version.clone(),
        platform: config.gateway.platform.clone(),
        frames: jpegs(card.frames, &config.capture)?,
        captured_at: request.captured_at,
        flash,
        ocr_fields: BTreeMap::new(),
        ocr_confidence: BTreeMap::new(),
    };
    let read = &card.scan.reading.fields;
    let sure = |field: Field, value: &str| match read.get(&field) {
        Some(reading) if reading.value.as_deref() == Some(value) => (field, reading.confidence),
        Some(_) | None => (field, 1.0),
    };
    let confidence: BTreeMap<Field, f32> =
        card.values.iter().map(|(field, value)| sure(field, value)).collect();
    document.set_ocr(card.values, &confidence);
    Ok(document)
}

/// Fresh JPEGs that fit the bundle alone and together.
pub(crate) fn jpegs(frames: &[Frame], config: &CaptureConfig) -> Result<Vec<JpegFrame>, BundleError> {
    let count = frames.len().min(config.max_frames).max(1);
    // Base64 makes four characters of three bytes.
    let share_bytes = (bundle::MAX_BASE64_BYTES / 4 * 3 / count).saturating_sub(3);
    let max_bytes = config.max_frame_bytes.min(share_bytes);
    let fresh = |(index, frame): (usize, &Frame)| {
        let small = picture::shrink(frame.clone(), config.max_edge_px);
        let jpeg = picture::jpeg_within(&small, config.jpeg_quality, max_bytes);
        JpegFrame::try_from(jpeg).map_err(|source| BundleError::Frame { index, source })
    };
    frames.iter().take(count).enumerate().map(fresh).collect()
}

fn sign(
    tools: &CaptureTools<'_>,
    request: &CaptureRequest<'_>,
    document: CaptureDocument,
    challenge: Option<FlashChallenge>,
) -> Result<Submission, CaptureError> {
    let secret = signing_secret(tools.config, tools.device_secret, challenge.as_ref())?;
    let bundle = document.sign(profile(tools.config), &secret)?;
    Ok(Submission::of_card(request.id, request.customer_id, bundle, challenge.map(secret_of)))
}

/// The challenge's secret, or the device's own.
pub(crate) fn signing_secret(
    config: &Config,
    device_secret: Option<&SecretString>,
    challenge: Option<&FlashChallenge>,
) -> Result<SecretString, CaptureError> {
    match (challenge, device_secret, config.gateway.provider) {
        (Some(challenge), _, _) => Ok(challenge.hmac_secret.clone()),
        (None, Some(secret), _) => Ok(secret.clone()),
        // OneKYC takes pictures and no document: nobody else ever sees this signature.
        (None, None, Provider::Onekyc) => Ok(compose::random_id().to_string().into()),
        (None, None, Provider::IdentityPlatform | Provider::Both) => Err(CaptureError::NoSigningSecret),
    }
}

/// What is kept of a challenge beside what it signed.
pub(crate) fn secret_of(challenge: FlashChallenge) -> ChallengeSecret {
    ChallengeSecret { hmac_secret: challenge.hmac_secret, expires_at: challenge.expires_at }
}

/// The profile the settings name.
pub(crate) fn profile(config: &Config) -> SigningProfile {
    config.gateway.signing_profile.parse().expect("the settings were checked when they were read")
}

fn queue(
    outbox: &Outbox,
    request: &CaptureRequest<'_>,
    record: &Record<'_>,
    submission: &Submission,
) -> Result<ItemId, CaptureError> {
    let payload = submission.to_bytes()?;
    let item = NewItem {
        idempotency_id: request.id,
        customer_id: request.customer_id,
        captured_at: request.captured_at,
        payload: &payload,
    };
    Ok(outbox.accept_with(&item, record, request.captured_at)?)
}

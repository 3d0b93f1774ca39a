//! A queue, a runner and things to put between them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bundle::{FlashEvidence, FlashSample, JpegFrame, SigningProfile};
use gateway::identity_platform::{Endpoint, IdentityPlatform, IdentityPlatformConfig, RateLimits};
use gateway::{
    Answer, ChallengeRequest, ChallengeSecret, CustomerTier, FaceReceipt, FlashChallenge, Gateway,
    NewCustomer, Receipt, ReceiptOrigin, Rejection, Submission, VerificationStatus,
};
use jiff::Timestamp;
use outbox::{ItemId, NewItem, Outbox};
use simulator::{Running, Settings, SimulatorConfig};
use sync::{DeviceSigner, PassSummary, Progress, Runner, SyncParams, stop_signal};
use tempfile::TempDir;
use testkit::ManualClock;
use uuid::Uuid;
use vault::MasterKey;

pub fn open_queue() -> (TempDir, Arc<Outbox>) {
    let dir = tempfile::tempdir().unwrap();
    let key = Arc::new(MasterKey::generate().unwrap());
    let outbox = Outbox::open(dir.path().join("queue.db"), key).unwrap();
    (dir, Arc::new(outbox))
}

pub fn enqueue(outbox: &Outbox, submission: &Submission, now: Timestamp) -> ItemId {
    let payload = submission.to_bytes().unwrap();
    let new = NewItem {
        idempotency_id: submission.id,
        customer_id: &submission.customer_id,
        captured_at: now,
        payload: &payload,
    };
    outbox.accept(&new, now).unwrap()
}

/// Signed by the device, without a challenge.
pub fn plain(customer: &str, seed: u64) -> Submission {
    let bundle = testkit::signed_bundle(seed, "2026-09-01T03:00:00Z".parse().unwrap());
    Submission::of_card(Uuid::new_v4(), customer, bundle, None)
}

/// As [`plain`], with more pictures.
pub fn plain_with_frames(customer: &str, seed: u64, frames: u64) -> Submission {
    let mut document = plain(customer, seed).bundle.unwrap().into_document();
    let picture = |more| JpegFrame::try_from(testkit::jpeg(1000 * seed + more)).unwrap();
    document.frames.extend((1..frames).map(picture));
    let bundle = document.sign(SigningProfile::default(), &testkit::DEVICE_SECRET.into()).unwrap();
    Submission::of_card(Uuid::new_v4(), customer, bundle, None)
}

/// Answers a challenge by reflecting exactly its colours.
pub fn flashed(customer: &str, seed: u64, challenge: &FlashChallenge) -> Submission {
    let mut document = testkit::document(seed, Timestamp::now(), None);
    let mut shown_ms = 0;
    let mut samples = Vec::new();
    for (colour, hold_ms) in &challenge.steps {
        let [mean_r, mean_g, mean_b] = colour.0;
        samples.push(FlashSample { t_ms: shown_ms + hold_ms * 7 / 10, mean_r, mean_g, mean_b });
        shown_ms += hold_ms;
    }
    document.flash = Some(FlashEvidence { nonce: challenge.nonce.clone(), samples });
    let bundle = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    let secret =
        ChallengeSecret { hmac_secret: challenge.hmac_secret.clone(), expires_at: challenge.expires_at };
    Submission::of_card(Uuid::new_v4(), customer, bundle, Some(secret))
}

/// As [`plain`], with a face to follow, signed by the device too.
pub fn plain_with_face(customer: &str, seed: u64) -> Submission {
    let face = testkit::signed_face(seed, "2026-09-01T03:00:00Z".parse().unwrap());
    Submission { face: Some(face), ..plain(customer, seed) }
}

/// As [`plain`], with a face that is signed by a challenge of its own.
pub fn with_flashed_face(customer: &str, seed: u64, challenge: &FlashChallenge) -> Submission {
    let document = testkit::face_document(seed, Timestamp::now(), Some(&challenge.nonce));
    let face = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    let hmac_secret = challenge.hmac_secret.clone();
    let face_challenge = Some(ChallengeSecret { hmac_secret, expires_at: challenge.expires_at });
    Submission { face: Some(face), face_challenge, ..plain(customer, seed) }
}

/// A challenge nobody issued; for gateways that do not look.
pub fn invented_challenge(seed: u64, expires_at: Timestamp) -> FlashChallenge {
    FlashChallenge {
        id: "fc_1".into(),
        nonce: format!("nonce-{seed}"),
        steps: vec![(gateway::Rgb([255, 0, 0]), 300)],
        expires_at,
        hmac_secret: "qe_whsec_CHALLENGE".into(),
    }
}

/// With [`invented_challenge`].
pub fn with_challenge(customer: &str, seed: u64, expires_at: Timestamp) -> Submission {
    flashed(customer, seed, &invented_challenge(seed, expires_at))
}

pub fn signer() -> Option<DeviceSigner> {
    Some(DeviceSigner { profile: SigningProfile::default(), secret: testkit::DEVICE_SECRET.into() })
}

pub fn runner(outbox: &Arc<Outbox>, gateway: Arc<dyn Gateway>, clock: &ManualClock) -> Runner {
    runner_with(outbox, gateway, clock, signer(), SyncParams::default())
}

pub fn runner_with(
    outbox: &Arc<Outbox>,
    gateway: Arc<dyn Gateway>,
    clock: &ManualClock,
    signer: Option<DeviceSigner>,
    params: SyncParams,
) -> Runner {
    let clock = clock.clone();
    Runner::new(Arc::clone(outbox), gateway, signer, params, Arc::new(move || clock.now()), Box::new(|| 0.5))
}

pub async fn pass(runner: &Runner) -> PassSummary {
    let (_stopper, stop) = stop_signal();
    runner.once(&|_| {}, &stop).await.unwrap()
}

/// Runs passes, moving the clock to each next moment, until nothing is left in the line.
pub async fn pass_until_empty(runner: &Runner, clock: &ManualClock) -> u32 {
    let mut delivered = 0;
    for _ in 0..200 {
        let summary = pass(runner).await;
        delivered += summary.delivered;
        let Some(due) = summary.next_due else { return delivered };
        let paused = runner.link().paused_until(clock.now());
        clock.set(due.max(paused.unwrap_or(due)).max(clock.now() + Duration::from_millis(1)));
    }
    panic!("the queue never drains");
}

pub async fn simulator(change: impl FnOnce(&mut SimulatorConfig)) -> Running {
    let mut config = SimulatorConfig {
        device_secrets: vec![testkit::DEVICE_SECRET.to_owned()],
        settings: Settings {
            rate_limits: simulator::RateLimits::unlimited(),
            auto_customers: true,
            ..Settings::default()
        },
        ..SimulatorConfig::default()
    };
    change(&mut config);
    simulator::start(config).await.unwrap()
}

pub fn client(simulator: &Running) -> Arc<IdentityPlatform> {
    let endpoint = Endpoint::parse(&simulator.base_url).unwrap();
    let mut config = IdentityPlatformConfig::new(endpoint, simulator.api_key.as_str().into());
    let most = 1_000_000;
    config.limits = RateLimits {
        challenges_per_minute: most,
        captures_per_minute: most,
        faces_per_minute: most,
        reads_per_minute: most,
        writes_per_minute: most,
    };
    Arc::new(IdentityPlatform::new(config, Arc::new(Timestamp::now)).unwrap())
}

/// What a scripted partner answers to a submission.
pub enum Reply {
    Receipt,
    /// Takes it, and the answer gets lost.
    TakenButLost,
    Refused(Rejection),
}

/// A partner that follows a script, then takes everything; it keeps records like a real one.
pub struct Scripted {
    clock: ManualClock,
    replies: Mutex<VecDeque<Reply>>,
    pub probe: Mutex<Option<Rejection>>,
    pub reads: Mutex<VecDeque<Rejection>>,
    pub records: Mutex<Vec<(Submission, Timestamp)>>,
    /// Everything that came in, taken or not.
    pub received: Mutex<Vec<Submission>>,
    /// The same for faces.
    pub face_replies: Mutex<VecDeque<Reply>>,
    pub face_records: Mutex<Vec<(Submission, Timestamp)>>,
    pub faces_received: Mutex<Vec<Submission>>,
}

impl Scripted {
    pub fn new(clock: &ManualClock, replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self {
            clock: clock.clone(),
            replies: Mutex::new(replies.into_iter().collect()),
            probe: Mutex::default(),
            reads: Mutex::default(),
            records: Mutex::default(),
            received: Mutex::default(),
            face_replies: Mutex::default(),
            face_records: Mutex::default(),
            faces_received: Mutex::default(),
        })
    }

    pub fn taken(&self) -> usize {
        self.records.lock().unwrap().len()
    }

    fn record(&self, submission: &Submission) -> String {
        let mut records = self.records.lock().unwrap();
        records.push((submission.clone(), self.clock.now()));
        format!("ver_{}", records.len())
    }

    fn receipt(id: String, origin: ReceiptOrigin) -> Receipt {
        Receipt {
            verification_id: id,
            status: VerificationStatus::Verified,
            score: None,
            verdict: None,
            assurance_tier: None,
            anti_spoof: None,
            tamper: None,
            kyc_level: None,
            bundle_id: None,
            face_enrolment_id: None,
            created_at: None,
            origin,
            flash_dropped: None,
            face: None,
            onekyc: None,
        }
    }

    fn face_receipt(id: String, origin: ReceiptOrigin) -> FaceReceipt {
        FaceReceipt {
            verification_id: id,
            status: VerificationStatus::Verified,
            score: None,
            allow: (origin == ReceiptOrigin::Answered).then_some(true),
            liveness: None,
            assurance_tier: None,
            match_verdict: None,
            created_at: None,
            origin,
            flash_dropped: None,
        }
    }

    fn record_face(&self, submission: &Submission) -> String {
        let mut records = self.face_records.lock().unwrap();
        records.push((submission.clone(), self.clock.now()));
        format!("ver_f{}", records.len())
    }

    fn reply_to_face(&self, submission: &Submission) -> Result<FaceReceipt, Rejection> {
        self.faces_received.lock().unwrap().push(submission.clone());
        let reply = self.face_replies.lock().unwrap().pop_front().unwrap_or(Reply::Receipt);
        match reply {
            Reply::Receipt => Ok(Self::face_receipt(self.record_face(submission), ReceiptOrigin::Answered)),
            Reply::TakenButLost => {
                self.record_face(submission);
                Err(Rejection::NeedsRecovery { reason: gateway::LossReason::Interrupted, after: None })
            }
            Reply::Refused(rejection) => Err(rejection),
        }
    }

    fn reply(&self, submission: &Submission) -> Result<Receipt, Rejection> {
        self.received.lock().unwrap().push(submission.clone());
        let reply = self.replies.lock().unwrap().pop_front().unwrap_or(Reply::Receipt);
        match reply {
            Reply::Receipt => Ok(Self::receipt(self.record(submission), ReceiptOrigin::Answered)),
            Reply::TakenButLost => {
                self.record(submission);
                Err(Rejection::NeedsRecovery { reason: gateway::LossReason::Interrupted, after: None })
            }
            Reply::Refused(rejection) => Err(rejection),
        }
    }
}

impl Gateway for Scripted {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    fn probe(&self) -> Answer<'_, ()> {
        Box::pin(async { self.probe.lock().unwrap().clone().map_or(Ok(()), Err) })
    }
    fn challenge<'a>(&'a self, _: &'a str, _: ChallengeRequest) -> Answer<'a, FlashChallenge> {
        unreachable!("runners ask for no challenge")
    }
    fn submit<'a>(&'a self, submission: &'a Submission) -> Answer<'a, Receipt> {
        Box::pin(async move { self.reply(submission) })
    }
    fn recover<'a>(&'a self, submission: &'a Submission, since: Timestamp) -> Answer<'a, Vec<Receipt>> {
        Box::pin(async move {
            if let Some(rejection) = self.reads.lock().unwrap().pop_front() {
                return Err(rejection);
            }
            let records = self.records.lock().unwrap();
            let ids = (1..)
                .zip(records.iter())
                .filter(|(_, (taken, at))| taken.customer_id == submission.customer_id && *at >= since);
            Ok(ids.map(|(n, _)| Self::receipt(format!("ver_{n}"), ReceiptOrigin::Recovered)).collect())
        })
    }
    fn submit_face<'a>(&'a self, submission: &'a Submission) -> Answer<'a, FaceReceipt> {
        Box::pin(async move { self.reply_to_face(submission) })
    }
    fn recover_face<'a>(
        &'a self,
        submission: &'a Submission,
        since: Timestamp,
    ) -> Answer<'a, Vec<FaceReceipt>> {
        Box::pin(async move {
            if let Some(rejection) = self.reads.lock().unwrap().pop_front() {
                return Err(rejection);
            }
            let records = self.face_records.lock().unwrap();
            let ids = (1..)
                .zip(records.iter())
                .filter(|(_, (taken, at))| taken.customer_id == submission.customer_id && *at >= since);
            Ok(ids.map(|(n, _)| Self::face_receipt(format!("ver_f{n}"), ReceiptOrigin::Recovered)).collect())
        })
    }
    fn customer_tier<'a>(&'a self, _: &'a str) -> Answer<'a, CustomerTier> {
        unreachable!("runners read tiers by recover alone")
    }
    fn create_customer<'a>(&'a self, _: &'a NewCustomer) -> Answer<'a, String> {
        unreachable!("runners make no customers")
    }
}

/// Collects progress.
#[derive(Default)]
pub struct Heard(pub Mutex<Vec<Progress>>);

impl Heard {
    pub fn listener(&self) -> impl Fn(Progress) + Send + Sync {
        |progress| self.0.lock().unwrap().push(progress)
    }
}

//! The process that is killed: accepts captures and sends them, as the product does.
//! Invariant: an acceptance is written to the ledger (and synced) only after the queue took it, and an event is
//! printed only after what it tells is true. Deliberately lacks any care for being killed.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bundle::{SignedFace, SigningProfile};
use gateway::identity_platform::{Endpoint, IdentityPlatform, IdentityPlatformConfig, RateLimits};
use gateway::onekyc::{Direct, DirectConfig, OneKyc, OneKycConfig, OneKycQueue, RetryParams};
use gateway::{ChallengePurpose, ChallengeRequest, ChallengeSecret, Clock, FlashChallenge, Submission};
use jiff::{SignedDuration, Timestamp};
use outbox::{ItemId, NewItem, Outbox};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use secrecy::SecretString;
use sync::{DeviceSigner, Progress, Route, Runner, SyncParams};
use uuid::Uuid;

pub const TEST_NAME: &str = "kill::worker::process";
pub const FOLDER: &str = "LOKET_KILL_FOLDER";
pub const BASE_URL: &str = "LOKET_KILL_BASE_URL";
pub const API_KEY: &str = "LOKET_KILL_API_KEY";
pub const SHARE: &str = "LOKET_KILL_SHARE";
/// Set for the partner that takes captures in steps: token address, client id, pass key and onboarding partner.
pub const ONEKYC: &str = "LOKET_KILL_ONEKYC";

const FIRST_CAPTURE: &str = "2026-09-01T03:00:00Z";

pub fn key_file(folder: &Path) -> PathBuf {
    folder.join("master.key")
}

pub fn queue_file(folder: &Path) -> PathBuf {
    folder.join("queue.sqlite")
}

pub fn customers_file(folder: &Path) -> PathBuf {
    folder.join("customers.txt")
}

fn ledger_file(folder: &Path) -> PathBuf {
    folder.join("ledger.txt")
}

/// Everything any worker reported as accepted. A line that a kill cut short was never reported.
pub fn ledger(folder: &Path) -> Vec<ItemId> {
    let text = std::fs::read_to_string(ledger_file(folder)).unwrap();
    text.lines().filter_map(|line| line.parse().ok()).map(ItemId).collect()
}

/// What a worker prints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    Accepted,
    Sending,
    /// A step of a capture is written down.
    Stage,
    Settled,
}

impl Event {
    const ALL: [(Self, &str); 4] = [
        (Self::Accepted, "@accepted"),
        (Self::Sending, "@sending"),
        (Self::Stage, "@stage"),
        (Self::Settled, "@settled"),
    ];

    pub fn parse(line: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, word)| line.ends_with(word)).map(|(event, _)| event)
    }

    fn print(self) {
        let word = Self::ALL.into_iter().find(|(event, _)| *event == self).map_or("", |(_, word)| word);
        let mut out = std::io::stdout().lock();
        // Nobody listens any more: about to be killed.
        _ = writeln!(out, "{word}").and_then(|()| out.flush());
    }
}

/// Not a test of its own: what the killed processes run. Without its environment there is nothing to do.
#[test]
fn process() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(Worker::from_environment(PathBuf::from(folder)).run());
}

struct Worker {
    folder: PathBuf,
    outbox: Arc<Outbox>,
    route: Route,
    customers: Vec<String>,
    mine: Vec<u64>,
    accepts: usize,
}

impl Worker {
    fn from_environment(folder: PathBuf) -> Arc<Self> {
        let variable = |name| std::env::var(name).unwrap();
        let share: Vec<u64> = variable(SHARE).split(' ').map(|number| number.parse().unwrap()).collect();
        let [nth, of, accepts, captures] = share[..] else { panic!("four numbers are needed") };
        let endpoint = Endpoint::parse(&variable(BASE_URL)).unwrap();
        let route = match std::env::var(ONEKYC) {
            Ok(account) => Route::Staged(Arc::new(onekyc(endpoint, &account))),
            Err(_) => Route::Whole(Arc::new(identity_platform(endpoint, variable(API_KEY)))),
        };
        let customers = std::fs::read_to_string(customers_file(&folder)).unwrap();
        Arc::new(Self {
            outbox: super::bench::open(&folder),
            route,
            customers: customers.lines().map(str::to_owned).collect(),
            mine: (nth..captures).step_by(of as usize).collect(),
            accepts: accepts as usize,
            folder,
        })
    }

    async fn run(self: Arc<Self>) {
        let mut rng = ChaCha8Rng::from_seed(rand_seed());
        let random = Box::new(move || f64::from(rng.next_u32()) / (f64::from(u32::MAX) + 1.0));
        let signer = DeviceSigner {
            profile: SigningProfile::default(),
            secret: SecretString::from(testkit::DEVICE_SECRET),
        };
        let runner = Runner::along(
            self.route.clone(),
            Arc::clone(&self.outbox),
            Some(signer),
            hasty(),
            clock(),
            random,
        );
        let runner = Arc::new(runner);
        let done_accepting = Arc::new(AtomicBool::new(false));
        let accepting = {
            let (worker, runner, done) =
                (Arc::clone(&self), Arc::clone(&runner), Arc::clone(&done_accepting));
            tokio::spawn(async move {
                worker.accept_share(&runner).await;
                done.store(true, Ordering::SeqCst);
                runner.wake();
            })
        };
        let (stopper, stop) = sync::stop_signal();
        let all_accepted = self.accepts >= self.mine.len();
        let listener = move |progress: Progress| match progress {
            Progress::Sending { .. } => Event::Sending.print(),
            Progress::Delivered { .. } | Progress::Postponed { .. } | Progress::Parked { .. } => {
                Event::Settled.print()
            }
            // Only the last life ends by itself.
            Progress::Finished(summary) => {
                if all_accepted && summary.counts.pending() == 0 && done_accepting.load(Ordering::SeqCst) {
                    stopper.stop();
                }
            }
            Progress::Stage { .. } => Event::Stage.print(),
            Progress::Started(_) | Progress::Link(_) | Progress::Uploading { .. } => {}
        };
        let watching = async { runner.watch(&listener, &stop).await.unwrap() };
        // An acceptance that failed ends the process at once: nothing would be waited for.
        tokio::join!(watching, async { accepting.await.unwrap() });
    }

    async fn accept_share(&self, runner: &Runner) {
        let mut accepted = 0;
        for index in self.mine.iter().copied() {
            let id = ItemId(Uuid::from_u128(u128::from(index) + 1));
            if accepted == self.accepts {
                return;
            }
            if self.outbox.show(id).is_err() {
                self.accept(index, id).await;
                Event::Accepted.print();
                runner.wake();
                accepted += 1;
            }
        }
    }

    async fn accept(&self, index: u64, id: ItemId) {
        let first: Timestamp = FIRST_CAPTURE.parse().unwrap();
        let captured_at = first + SignedDuration::from_secs(index as i64);
        let customer = &self.customers[index as usize % self.customers.len()];
        let submission = self.sign(index, id.0, customer, captured_at).await;
        let payload = submission.to_bytes().unwrap();
        let new = NewItem { idempotency_id: id.0, customer_id: customer, captured_at, payload: &payload };
        self.outbox.accept(&new, Timestamp::now()).unwrap();
        let mut ledger =
            OpenOptions::new().create(true).append(true).open(ledger_file(&self.folder)).unwrap();
        ledger.write_all(format!("{}\n", id.0).as_bytes()).unwrap();
        ledger.sync_data().unwrap();
    }

    /// Four captures in five are lit by a challenge, one of eight of these by one that soon runs out; the rest, and
    /// those for which the partner had no challenge just then, are signed by the device.
    async fn sign(&self, index: u64, id: Uuid, customer: &str, captured_at: Timestamp) -> Submission {
        let ttl_ms = if index.is_multiple_of(8) { 18_000 } else { 300_000 };
        let request = ChallengeRequest { steps: 3, ttl_ms, ..ChallengeRequest::default() };
        let challenge = match &self.route {
            Route::Whole(gateway) if index % 5 != 4 => gateway.challenge(customer, request).await.ok(),
            Route::Whole(_) | Route::Staged(_) | Route::Both(..) => None,
        };
        let nonce = challenge.as_ref().map(|challenge| challenge.nonce.as_str());
        let document = testkit::document(index, captured_at, nonce);
        let secret = challenge.as_ref().map_or_else(
            || SecretString::from(testkit::DEVICE_SECRET),
            |challenge| challenge.hmac_secret.clone(),
        );
        let bundle = document.sign(SigningProfile::default(), &secret).unwrap();
        let challenge = challenge.map(|challenge| ChallengeSecret {
            hmac_secret: challenge.hmac_secret,
            expires_at: challenge.expires_at,
        });
        let card = Submission::of_card(id, customer, bundle, challenge);
        let (face, face_challenge) = match &self.route {
            Route::Whole(gateway) if has_face(index) => {
                let request = ChallengeRequest { purpose: ChallengePurpose::Face, ..request };
                let challenge = gateway.challenge(customer, request).await.ok();
                sign_face(index, captured_at, challenge)
            }
            Route::Whole(_) | Route::Staged(_) | Route::Both(..) => (None, None),
        };
        Submission { face, face_challenge, ..card }
    }
}

/// Every third capture has a face that follows its card.
pub fn has_face(index: u64) -> bool {
    index.is_multiple_of(3)
}

fn sign_face(
    index: u64,
    captured_at: Timestamp,
    challenge: Option<FlashChallenge>,
) -> (Option<SignedFace>, Option<ChallengeSecret>) {
    let nonce = challenge.as_ref().map(|challenge| challenge.nonce.as_str());
    let document = testkit::face_document(index, captured_at, nonce);
    let Some(challenge) = challenge else {
        return (
            Some(document.sign(SigningProfile::default(), &testkit::DEVICE_SECRET.into()).unwrap()),
            None,
        );
    };
    let face = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    let FlashChallenge { hmac_secret, expires_at, .. } = challenge;
    (Some(face), Some(ChallengeSecret { hmac_secret, expires_at }))
}

fn identity_platform(endpoint: Endpoint, api_key: String) -> IdentityPlatform {
    let mut config = IdentityPlatformConfig::new(endpoint, api_key.into());
    let most = 1_000_000;
    config.limits = RateLimits {
        challenges_per_minute: most,
        captures_per_minute: most,
        faces_per_minute: most,
        reads_per_minute: most,
        writes_per_minute: most,
    };
    IdentityPlatform::new(config, clock()).unwrap()
}

fn onekyc(base: Endpoint, account: &str) -> OneKycQueue {
    let account: Vec<&str> = account.split(' ').collect();
    let [token_host, client_id, pass_key, onboarding] = account[..] else { panic!("four words are needed") };
    let token_host = Endpoint::parse(token_host).unwrap();
    let mut config = DirectConfig::new(token_host, base.clone(), client_id.into(), pass_key.into());
    onboarding.clone_into(&mut config.onboarding_partner);
    let retry = RetryParams { first: Duration::from_millis(2), ..RetryParams::default() };
    config.retry = retry;
    let direct = Direct::local_only(config, clock(), Arc::new(|| 0.5)).unwrap();
    let mut config = OneKycConfig::new(base);
    (config.retry, config.upload.retry) = (retry, retry);
    config.poll.first = Duration::from_millis(5);
    config.poll.second = Duration::from_millis(10);
    config.poll.longest = Duration::from_millis(20);
    let client = OneKyc::new(config, Arc::new(direct), clock(), Arc::new(|| 0.5)).unwrap();
    OneKycQueue::new(client, Arc::new(Uuid::new_v4))
}

/// Everything as in the product, but in a hurry; and chance alone never parks a capture.
fn hasty() -> SyncParams {
    SyncParams {
        base_delay: Duration::from_millis(10),
        max_delay: Duration::from_millis(200),
        wedge_after: 10_000,
        settle: Duration::from_secs(5),
        poll: Duration::from_millis(100),
        ..SyncParams::default()
    }
}

fn clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// Every life draws its own waits.
fn rand_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    seed
}

//! The partner, the worker processes, and the count at the end.
//! Invariant: a worker is killed and reaped before its handle is gone. Deliberately lacks any look into a living
//! worker but its printed events.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gateway::{Receipt, ReceiptOrigin};
use outbox::{Counts, Outbox, State};
use simulator::onekyc::Behaviour;
use simulator::{RateLimits, Running, Settings, SimulatorConfig};
use vault::MasterKey;

use super::worker::{self, Event};

/// A life that shows nothing for this long is killed where it stands.
const SILENCE: Duration = Duration::from_secs(5);
/// The last life may take this long.
const FINISH: Duration = Duration::from_secs(240);

/// A partner and a folder for the worker's files.
pub struct Bench {
    pub server: Running,
    /// Serves in the background; dropped after the server.
    _runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
    captures: u64,
    onekyc: bool,
}

/// What `check_exactly_once` saw.
pub struct Outcome {
    pub recovered: usize,
    pub faces_recovered: usize,
}

impl Bench {
    /// A partner that takes captures whole.
    pub fn start(customers: usize, captures: u64) -> Self {
        Self::start_with(customers, captures, false)
    }

    /// A partner that takes captures in steps.
    pub fn start_onekyc(customers: usize, captures: u64) -> Self {
        Self::start_with(customers, captures, true)
    }

    fn start_with(customers: usize, captures: u64, onekyc: bool) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let settings = Settings { rate_limits: RateLimits::unlimited(), ..Settings::default() };
        let config = SimulatorConfig {
            device_secrets: vec![testkit::DEVICE_SECRET.to_owned()],
            settings,
            onekyc: Behaviour { quota_per_user: 1_000, ..Behaviour::default() },
            ..SimulatorConfig::default()
        };
        let server = runtime.block_on(simulator::start(config)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        MasterKey::generate_key_file(worker::key_file(folder.path())).unwrap();
        let ids: Vec<String> =
            (0..customers).map(|nth| server.add_customer(&format!("Contoh {nth}")).unwrap()).collect();
        std::fs::write(worker::customers_file(folder.path()), ids.join("\n")).unwrap();
        Self { server, _runtime: runtime, folder, captures, onekyc }
    }

    /// A worker that accepts at most `accepts` of the captures `nth`, `nth + of`, … and sends what is queued.
    pub fn spawn(&self, nth: u64, of: u64, accepts: u64) -> Worker {
        let mut command = Command::new(std::env::current_exe().unwrap());
        if self.onekyc {
            let (onekyc, account) = (&self.server.onekyc, self.server.onekyc.account());
            let words =
                [&onekyc.token_url, &account.client_id, &account.pass_key, &account.onboarding_partner];
            command.env(worker::ONEKYC, words.map(String::as_str).join(" "));
        }
        let base_url = if self.onekyc { &self.server.onekyc.base_url } else { &self.server.base_url };
        let mut child = command
            .args(["--exact", worker::TEST_NAME, "--nocapture"])
            .env(worker::FOLDER, self.folder.path())
            .env(worker::BASE_URL, base_url)
            .env(worker::API_KEY, &self.server.api_key)
            .env(worker::SHARE, format!("{nth} {of} {accepts} {}", self.captures))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for event in lines.map_while(Result::ok).filter_map(|line| Event::parse(&line)) {
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Worker { child, events, folder: self.folder.path().to_owned() }
    }

    /// The count: partner, queue and ledger agree on every capture.
    pub fn check_exactly_once(&self) -> Outcome {
        let outbox = open(self.folder.path());
        let counts = outbox.counts().unwrap();
        assert_eq!(counts, Counts { delivered: self.captures, ..Counts::default() });
        outbox.check_integrity().unwrap();
        outbox.verify_audit().unwrap();

        let mut held = BTreeMap::new();
        if self.onekyc {
            self.check_onekyc(&outbox);
            return Outcome { recovered: 0, faces_recovered: 0 };
        }
        for row in self.server.captures().unwrap() {
            let key = (row.customer_id.clone(), row.captured_at.clone());
            assert!(held.insert(key, row.verification_id).is_none(), "stored twice: {}", row.captured_at);
        }
        assert_eq!(held.len() as u64, self.captures);

        let mut faces = BTreeMap::new();
        for row in self.server.faces().unwrap() {
            let key = (row.customer_id.clone(), row.captured_at.clone());
            assert!(
                faces.insert(key, row.verification_id).is_none(),
                "face stored twice: {}",
                row.captured_at
            );
        }
        let with_face = (0..self.captures).filter(|index| worker::has_face(*index)).count();
        assert_eq!(faces.len(), with_face);

        let (mut recovered, mut faces_recovered) = (0, 0);
        for item in outbox.list(Some(State::Delivered)).unwrap() {
            assert!(!item.has_payload, "the capture of {} was not destroyed", item.id);
            let receipt: Receipt = serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap();
            let key = (item.customer_id.clone(), format!("{:.3}", item.captured_at));
            assert_eq!(held.get(&key), Some(&receipt.verification_id), "{} has another's receipt", item.id);
            recovered += usize::from(receipt.origin == ReceiptOrigin::Recovered);
            let told = receipt.face.as_ref().map(|face| &face.verification_id);
            assert_eq!(faces.get(&key), told, "{} has another's face", item.id);
            let origin = receipt.face.as_ref().map(|face| face.origin);
            faces_recovered += usize::from(origin == Some(ReceiptOrigin::Recovered));
        }
        for id in worker::ledger(self.folder.path()) {
            assert_eq!(outbox.show(id).unwrap().state, State::Delivered, "{id} was promised and is gone");
        }
        Outcome { recovered, faces_recovered }
    }
}

impl Bench {
    /// Every picture was confirmed once, under the name its receipt has.
    fn check_onekyc(&self, outbox: &Outbox) {
        let confirmed = self.server.onekyc.submissions().into_iter().filter(|row| row.confirmed);
        let mut held = BTreeMap::new();
        for row in confirmed {
            let picture = row.pictures_sha256["KTP"].clone();
            assert!(held.insert(picture, row.submission_id).is_none(), "a picture was submitted twice");
        }
        assert_eq!(held.len() as u64, self.captures);
        let mut told: Vec<String> = Vec::new();
        for item in outbox.list(Some(State::Delivered)).unwrap() {
            assert!(!item.has_payload, "the capture of {} was not destroyed", item.id);
            assert_eq!(item.stage_code, None, "the stage of {} was not destroyed", item.id);
            let receipt: Receipt = serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap();
            assert_eq!(receipt.onekyc.unwrap().submission_id, receipt.verification_id);
            told.push(receipt.verification_id);
        }
        told.sort();
        let mut names: Vec<String> = held.into_values().collect();
        names.sort();
        assert_eq!(told, names);
        for id in worker::ledger(self.folder.path()) {
            assert_eq!(outbox.show(id).unwrap().state, State::Delivered, "{id} was promised and is gone");
        }
    }
}

pub fn open(folder: &Path) -> Arc<Outbox> {
    let key = Arc::new(MasterKey::from_key_file(worker::key_file(folder)).unwrap());
    Arc::new(Outbox::open(worker::queue_file(folder), key).unwrap())
}

/// One life of the worker.
pub struct Worker {
    child: Child,
    events: Receiver<Event>,
    folder: PathBuf,
}

/// How a life ended.
#[derive(Debug)]
pub enum Ended {
    Killed {
        /// A request was under way.
        sending: bool,
    },
    ByItself,
}

impl Worker {
    /// Kills it `later` after its `count`-th event.
    pub fn kill_after(mut self, count: usize, later: Duration) -> Ended {
        let mut last = None;
        for _ in 0..count {
            match self.events.recv_timeout(SILENCE) {
                Ok(event) => last = Some(event),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Ended::ByItself,
            }
        }
        let until = Instant::now() + later;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.events.recv_timeout(left) {
                Ok(event) => last = Some(event),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        last = self.events.try_iter().last().or(last);
        Ended::Killed { sending: matches!(last, Some(Event::Sending | Event::Stage)) }
    }

    /// Waits until it has accepted its share, the queue is empty, and it ended well.
    pub fn finish(mut self) {
        let deadline = Instant::now() + FINISH;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let left: Vec<_> = open(&self.folder).list(None).unwrap();
                    let left: Vec<_> = left.iter().filter(|item| item.state != State::Delivered).collect();
                    panic!("the last life hangs; not delivered: {left:#?}");
                }
            }
        }
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Ended already, most often.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

//! Uploads to addresses that a real S3-compatible server checks: `s3s-fs`, a process of its own.
//!
//! It verifies what S3 verifies of a presigned address: the Signature Version 4 over method, host, path and query, and its
//! expiry. The addresses are signed by `rusty-s3`, so neither end is ours. Lacks on purpose: the vendor's storage host.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use gateway::Endpoint;
use gateway::onekyc::{
    Advance, ExitReason, Failure, FailureClass, Flow, FlowRun, Journey, OneKyc, OneKycConfig, Pending,
    Pictures, PollParams, StepContext, Token, TokenSource, Upload,
};
use jiff::{SignedDuration, Timestamp};
use rusty_s3::actions::{GetObject, PutObject};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::bench::{card, eager, fresh_ids};

/// The version that `cargo xtask setup` installs.
const SERVER: &str = "s3s-fs-0.12.0";
const BUCKET: &str = "uploads";
const SUBMISSION: &str = "5b8c0f5e-0000-4000-8000-0000000000a1";
const MINUTE: Duration = Duration::from_secs(60);

/// A running server, seen through a line that keeps what is sent to it.
struct ObjectStore {
    child: Child,
    root: TempDir,
    address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Drop for ObjectStore {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// `None` where nobody installs the server for us.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("LOKET_S3S_FS").map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let program = named.or_else(|| Some(cache?.join("loket").join(SERVER).join("bin/s3s-fs")))?;
    if program.is_file() {
        return Some(program);
    }
    if cfg!(target_os = "linux") {
        panic!("{} is not here; run: cargo xtask setup", program.display());
    }
    eprintln!("skipped: {} is not here", program.display());
    None
}

impl ObjectStore {
    async fn start() -> Option<Self> {
        let program = program()?;
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(BUCKET)).unwrap();
        let mut child = Command::new(program)
            .args(["--host", "127.0.0.1", "--port", "0", "--access-key", "synthetic", "--secret-key", "key"])
            .arg(root.path())
            .env("RUST_LOG", "info")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let behind = listening(&mut log);
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::default();
        tokio::spawn(keep(listener, behind, Arc::clone(&sent)));
        Some(Self { child, root, address, sent })
    }

    fn bucket(&self) -> (Bucket, Credentials) {
        let endpoint = format!("http://{}", self.address).parse().unwrap();
        let bucket = Bucket::new(endpoint, UrlStyle::Path, BUCKET, "us-east-1").unwrap();
        (bucket, Credentials::new("synthetic", "key"))
    }

    /// An address for a PUT, signed so long ago.
    fn put(&self, key: &str, ago: SignedDuration) -> String {
        let (bucket, credentials) = self.bucket();
        let put = PutObject::new(&bucket, Some(&credentials), key);
        put.sign_with_time(MINUTE, &(Timestamp::now() - ago)).into()
    }

    fn stored(&self, key: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.path().join(BUCKET).join(key)).ok()
    }
}

fn listening(log: &mut impl std::io::BufRead) -> SocketAddr {
    for line in log.lines() {
        let line = line.unwrap();
        if let Some((_, rest)) = line.split_once("running at http://") {
            let address: String =
                rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
            return address.parse().unwrap();
        }
    }
    panic!("the server ended before it listened");
}

async fn keep(listener: TcpListener, behind: SocketAddr, sent: Arc<Mutex<Vec<u8>>>) {
    while let Ok((near, _)) = listener.accept().await {
        let far = TcpStream::connect(behind).await.unwrap();
        let ((mut from_near, mut to_near), (mut from_far, mut to_far)) =
            (near.into_split(), far.into_split());
        let sent = Arc::clone(&sent);
        tokio::spawn(async move {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = from_near.read(&mut buffer).await {
                sent.lock().unwrap().extend(&buffer[..read]);
                if to_far.write_all(&buffer[..read]).await.is_err() {
                    break;
                }
            }
        });
        tokio::spawn(async move { tokio::io::copy(&mut from_far, &mut to_near).await });
    }
}

struct OneToken;

impl TokenSource for OneToken {
    fn user_token<'a>(&'a self, _: &'a FlowRun) -> Pending<'a, Token> {
        let expires_at = Timestamp::now() + SignedDuration::from_hours(1);
        Box::pin(async move { Ok(Token { value: "eyJ.synthetic".into(), expires_at }) })
    }

    fn probe(&self) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn client(base: &str) -> OneKyc {
    let mut config = OneKycConfig::new(Endpoint::parse(base).unwrap());
    (config.retry, config.upload.retry, config.poll) = (eager(), eager(), PollParams::default());
    OneKyc::new(config, Arc::new(OneToken), Arc::new(Timestamp::now), Arc::new(|| 0.0)).unwrap()
}

async fn upload(address: String, picture: &[u8]) -> Result<(), Failure> {
    let expires_at = Timestamp::now() + SignedDuration::from_mins(10);
    let address = SecretString::from(address);
    client("http://127.0.0.1:1").upload(&Upload { address: &address, expires_at, picture }).await
}

#[tokio::test]
async fn what_is_stored_is_what_was_uploaded_and_no_header_of_the_platform_came_along() {
    let Some(store) = ObjectStore::start().await else { return };
    upload(store.put("ktp-1", SignedDuration::ZERO), &card()).await.unwrap();
    assert!(store.stored("ktp-1") == Some(card()), "every byte as it was sent");
    let sent = store.sent.lock().unwrap().clone();
    let head = String::from_utf8_lossy(&sent).split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
    assert!(head.starts_with("put /uploads/ktp-1?"), "{head}");
    assert!(head.contains("content-type: image/jpeg"), "{head}");
    for foreign in ["x-onekyc", "x-partner", "x-sdk", "authorization", "cookie", "referer", "eyj"] {
        assert!(!head.contains(foreign), "{foreign}: {head}");
    }
}

#[tokio::test]
async fn an_address_with_another_signature_method_or_time_stores_nothing() {
    let Some(store) = ObjectStore::start().await else { return };
    let good = store.put("ktp-2", SignedDuration::ZERO);
    let (bucket, credentials) = store.bucket();
    let for_reading = GetObject::new(&bucket, Some(&credentials), "ktp-2").sign(MINUTE).to_string();
    let stranger = Credentials::new("synthetic", "another key");
    let by_stranger = PutObject::new(&bucket, Some(&stranger), "ktp-2").sign(MINUTE).to_string();
    let other_key = good.replace("ktp-2", "ktp-3");
    let lapsed = store.put("ktp-2", SignedDuration::from_secs(61));
    for address in [for_reading, by_stranger, other_key, lapsed] {
        let failure = upload(address, &card()).await.unwrap_err();
        assert_eq!((failure.class, failure.status), (FailureClass::AddressExpired, Some(403)));
    }
    assert!(store.stored("ktp-2").is_none() && store.stored("ktp-3").is_none());
    upload(good, &card()).await.unwrap();
    assert!(store.stored("ktp-2").is_some());
}

/// A platform that hands out these addresses, one after the other, and approves what is confirmed.
struct Platform {
    base: String,
    asked: Arc<Mutex<usize>>,
}

impl Platform {
    async fn start(addresses: Vec<String>) -> Self {
        let asked = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&asked);
        let ticket = async move || {
            let mut asked = counter.lock().unwrap();
            let address = addresses[(*asked).min(addresses.len() - 1)].clone();
            *asked += 1;
            let document =
                json!({"documentUrl": address, "documentReference": "doc-1", "expiryInSeconds": "600"});
            data(json!({"submissionId": SUBMISSION, "status": "INITIATED", "documents": {"KTP": document}}))
        };
        let confirm = async || data(json!({"submissionId": SUBMISSION}));
        let status = async || {
            data(json!({"submissionId": SUBMISSION, "status": "COMPLETED", "submissionType": "KTP_SCAN",
                "createdAt": "2026-09-01T03:00:00Z",
                "verificationResult": {"isApproved": true, "riskLevel": "LOW", "confidence": "93"}}))
        };
        let details =
            async || data(json!({"submissionId": SUBMISSION, "status": "COMPLETED", "result": "VALID"}));
        let router = Router::new()
            .route("/coe/v1/submissions/urls", get(ticket).put(confirm))
            .route("/coe/v1/submissions/{id}/status", get(status))
            .route("/coe/v1/submissions", get(details));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, asked }
    }
}

fn data(data: Value) -> String {
    json!({"success": true, "data": data}).to_string()
}

async fn travel(base: &str) -> Result<ExitReason, Failure> {
    let (client, picture) = (client(base), card());
    let mut journey = Journey::planned(Flow::KtpScan, "u-0001", fresh_ids());
    loop {
        let pictures = Pictures { card: Some(&picture), ..Pictures::default() };
        let context = StepContext { pictures, recaptures_left: 0, fresh: fresh_ids() };
        journey = match client.step(&journey, context).await? {
            Advance::Done(ending) => return Ok(ending.exit),
            Advance::Next(next) | Advance::Later { journey: next, .. } | Advance::Recapture(next) => next,
        };
    }
}

#[tokio::test]
async fn an_address_that_ran_out_is_asked_for_anew_once() {
    let Some(store) = ObjectStore::start().await else { return };
    let lapsed = store.put("ktp-4", SignedDuration::from_secs(61));
    let fresh = store.put("ktp-5", SignedDuration::ZERO);
    let platform = Platform::start(vec![lapsed.clone(), fresh]).await;
    assert_eq!(travel(&platform.base).await.unwrap(), ExitReason::Success);
    assert_eq!(*platform.asked.lock().unwrap(), 2);
    assert!(store.stored("ktp-4").is_none() && store.stored("ktp-5") == Some(card()));

    let platform = Platform::start(vec![lapsed]).await;
    assert_eq!(travel(&platform.base).await.unwrap_err().class, FailureClass::AddressExpired);
    assert_eq!(*platform.asked.lock().unwrap(), 2, "once anew, not for ever");
}

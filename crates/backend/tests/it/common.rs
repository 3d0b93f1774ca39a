//! What the tests share: databases, backends in this process, enrolled kiosks.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use backend::api::{code_digest, new_code};
use backend::app::{App, bind, open_store, serve};
use backend::config::Config;
use backend::flow::FlowKind;
use backend::rehearsal::{Judged, Platform, PlatformConfig, PostgresError, PostgresServer};
use backend::store::{NewCode, Store};
use backend::verdict::{Judgement, Status};
use gateway::Endpoint;
use gateway::onekyc::{ContactKind, VerifiedContact};
use kiosk::{FlowRequest, KioskClient, KioskKey, ResultContent, VerifiedBy};
use reqwest::Client;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub const CALLBACK_KEY: &str = "synthetic-callback-key";
pub const TELLER_KEY: &str = "synthetic-teller-key-of-32-letters";
pub const API_KEY: &str = "synthetic-api-key";
pub const WEBHOOK_SECRET: &str = "whsec_EXAMPLEONLY";

/// An empty database, and the folder of a deployment beside it.
pub struct Database {
    pub folder: TempDir,
    storage: String,
    _server: Option<Arc<PostgresServer>>,
}

/// One server for all tests of this process; it is gone with the last of them.
static SERVER: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());

fn server() -> Option<Arc<PostgresServer>> {
    let mut shared = SERVER.lock().unwrap();
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    match PostgresServer::start(false) {
        Ok(server) => {
            let server = Arc::new(server);
            *shared = Arc::downgrade(&server);
            Some(server)
        }
        Err(PostgresError::Absent) if !cfg!(target_os = "linux") => {
            eprintln!("skipped: {}", PostgresError::Absent);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = format!("[storage.sqlite]\npath = {:?}", folder.path().join("backend.sqlite"));
        Self { folder, storage, _server: None }
    }

    pub async fn postgres() -> Option<Self> {
        let server = tokio::task::spawn_blocking(server).await.unwrap()?;
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("database-url");
        std::fs::write(&url, server.new_database().await.unwrap()).unwrap();
        let storage = format!("[storage.postgres]\nurl = {{ file = {url:?} }}\npool_size = 8");
        Some(Self { folder, storage, _server: Some(server) })
    }

    pub async fn open(&self) -> Store {
        let text = format!("{}\n", self.storage);
        let config: Config = toml::from_str(&text).unwrap();
        open_store(&config.storage).await.unwrap()
    }

    /// The text of a configuration against `platform`; `more` is appended.
    pub fn config(&self, platform: &Platform, listen: SocketAddr, more: &str) -> String {
        let secret = |name: &str, value: &str| {
            let path = self.folder.path().join(name);
            std::fs::write(&path, value).unwrap();
            path
        };
        let (client, pass) = (secret("client", Platform::CLIENT_ID), secret("pass", Platform::PASS_KEY));
        let (callback, api) = (secret("callback", CALLBACK_KEY), secret("api", API_KEY));
        let webhook = secret("webhook", WEBHOOK_SECRET);
        let teller = secret("teller", TELLER_KEY);
        let (storage, base) = (&self.storage, &platform.base_url);
        format!(
            "listen = \"{listen}\"\n{storage}\n[onekyc]\ntoken_host = \"{base}/\"\nbase_url = \"{base}\"\n\
             client_id = {{ file = {client:?} }}\npass_key = {{ file = {pass:?} }}\n\
             [onekyc.onboarding_partner]\nKTP_SCAN = \"T-SDK-COE_KTP_SCAN\"\n\
             STANDALONE_LIVENESS = \"T-SDK-COE_STANDALONE_LIVENESS\"\n\
             STANDALONE_IDENTITY_VERIFICATION = \"T-SDK-STANDALONE_IDENTITY_VERIFICATION\"\n\
             [onekyc.callbacks]\nheaders = {{ X-Callback-Key = {{ file = {callback:?} }} }}\n\
             [identity_platform]\nbase_url = \"{base}/identity\"\napi_key = {{ file = {api:?} }}\n\
             webhook_secret = {{ file = {webhook:?} }}\n\
             [partner_api]\nkeys = {{ teller = {{ file = {teller:?} }} }}\n{more}\n"
        )
    }
}

/// A backend in this process.
pub struct Backend {
    pub base_url: String,
    pub app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Backend {
    pub async fn start(database: &Database, platform: &Platform, more: &str) -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let config: Config = toml::from_str(&database.config(platform, any_port, more)).unwrap();
        let listener = bind(config.listen).await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let app = App::open(config).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(Arc::clone(&app), listener, async { _ = stopped.await }));
        Self { base_url, app, stop: Some(stop), serving }
    }

    pub async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        (&mut self.serving).await.unwrap().unwrap();
    }

    pub async fn kiosk(&self) -> KioskClient {
        enrol(&self.app.store, &self.base_url).await
    }

    /// Sends a callback as the platform would.
    pub async fn callback(&self, submission: &str, judged: &Judged) -> u16 {
        let body = Platform::callback(submission, judged).to_string();
        let request = http().post(format!("{}/coe/submissions-callback", self.base_url));
        request.header("x-callback-key", CALLBACK_KEY).body(body).send().await.unwrap().status().as_u16()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub fn http() -> Client {
    _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(40)).build().unwrap()
}

pub async fn platform() -> Platform {
    Platform::start(PlatformConfig::default()).await.unwrap()
}

pub async fn add_code(store: &Store, label: &str) -> String {
    let code = new_code().unwrap();
    let expires_ms = jiff::Timestamp::now().as_millisecond() + 600_000;
    let digest = code_digest(&code).unwrap();
    store.add_code(&NewCode { digest, label: label.to_owned(), expires_ms }).await.unwrap();
    code
}

pub async fn enrol(store: &Store, base_url: &str) -> KioskClient {
    let code = add_code(store, "counter 1").await;
    let (key, _) = KioskKey::generate().unwrap();
    KioskClient::enrol(http(), &endpoint(base_url), key, &code).await.unwrap().0
}

pub fn endpoint(base_url: &str) -> Endpoint {
    Endpoint::parse(base_url).unwrap()
}

pub fn flow(kind: FlowKind) -> FlowRequest {
    FlowRequest {
        correlation_id: Uuid::new_v4(),
        flow: kind.word().into(),
        user_id: "u-0001".to_owned(),
        locale: None,
        contact: None,
    }
}

/// A contact that was verified before.
pub fn verified(kind: ContactKind, value: &str) -> VerifiedBy {
    let value = value.to_owned().into();
    VerifiedBy::from(&VerifiedContact { kind, value, verification_reference_id: "otp-0001".to_owned() })
}

pub fn judged(session: Uuid, status: Status, judgement: Option<Judgement>) -> Judged {
    Judged { session, status, judgement }
}

pub fn passed(session: Uuid) -> Judged {
    judged(session, Status::Completed, Some(Judgement::Valid))
}

/// Submission, status and result of a result.
pub fn told(content: &ResultContent) -> (String, Status, Option<Judgement>) {
    match content {
        ResultContent::Submission { submission_id, status, result, .. } => {
            let word = |word: &str| word.parse().unwrap();
            (
                submission_id.clone(),
                status.as_str().parse().unwrap(),
                result.as_ref().map(|it| word(it.as_str())),
            )
        }
        ResultContent::Tier { .. } => panic!("a tier where a submission was expected"),
    }
}

pub fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

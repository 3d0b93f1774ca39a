//! A partner's front ends: a program that runs `loket launch`, a page in a browser, a link that the desktop opens; with a
//! stand-in for the partner's server and its platform.
//!
//! Invariant: programs started here end with what started them. What the desktop's browser would open is written to a
//! file instead.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::routing::{get, post};
use gateway::Endpoint;
use gateway::onekyc::{ContactKind, Direct, DirectConfig, Flow, FlowRun, TokenSource as _, VerifiedContact};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::onekyc::{Behaviour, ForcedEnd, SubmissionRow};
use simulator::{Running, SimulatorConfig};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bench::{Bench, PATIENCE, PAUSE, Program, free_port};

/// How a flow is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `loket launch request.json --result result.json`.
    Shell,
    /// A page in a browser, over the loopback WebSocket.
    Page,
    /// `loket://launch?code=…`, opened by the desktop.
    Link,
}

const BROWSERS: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const LAUNCH_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const CODE: &str = "CODE_0123456789-abcdef";
const EXAMPLE: &str = include_str!("../../assets/examples/launch.html");

/// The partner's side.
pub struct FrontEnd {
    simulator: Running,
    folder: TempDir,
    websocket_port: u16,
    page_port: u16,
    page: Arc<Page>,
}

/// What the partner's server gives its page and hears of it.
#[derive(Default)]
struct Page {
    settings: Mutex<Value>,
    told: Mutex<Option<Value>>,
}

/// A flow that was asked for.
pub struct Asked {
    pub correlation_id: Uuid,
    errand: Errand,
}

/// What runs on the partner's side.
enum Errand {
    Shell { launcher: Mutex<Child>, result: PathBuf },
    Node(Mutex<Child>),
    Page { _browser: Program, page: Arc<Page> },
    Link { hand_over: PathBuf, went_to: PathBuf },
}

impl FrontEnd {
    /// A platform, a server of the partner's, and a desktop that knows the scheme.
    pub async fn start() -> Self {
        let forced = ForcedEnd { result: Some("VALID".to_owned()), ..ForcedEnd::default() };
        let onekyc = Behaviour { forced: Some(forced), ..Behaviour::default() };
        let simulator =
            simulator::start(SimulatorConfig { onekyc, ..SimulatorConfig::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        for name in ["hand-overs", "desktop/applications"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        write_program(&folder.path().join("browser"), "#!/bin/sh\necho \"$1\" > \"$0.went-to\"\n");
        register(&folder.path().join("desktop/applications"), &folder.path().join("browser"));
        let page = Arc::new(Page::default());
        let page_port = serve(Arc::clone(&page)).await;
        Self { simulator, folder, websocket_port: free_port(), page_port, page }
    }

    /// The installation's settings.
    pub fn settings(&self) -> String {
        let base_url = &self.simulator.onekyc.base_url;
        format!(
            "[gateway]\nprovider = \"onekyc\"\n[onekyc]\nbase_url = \"{base_url}\"\n\
             [launch]\nwebsocket_port = {}\nallowed_origins = [\"http://127.0.0.1:{}\"]",
            self.websocket_port, self.page_port
        )
    }

    /// The window's environment.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        vec![
            ("LOKET_DEMO_HANDOVERS".to_owned(), path("hand-overs")),
            ("LOKET_LAUNCH_KEY".to_owned(), LAUNCH_KEY.to_owned()),
            ("BROWSER".to_owned(), path("browser")),
            ("XDG_DATA_HOME".to_owned(), path("desktop")),
            ("XDG_CONFIG_HOME".to_owned(), path("desktop/applications")),
        ]
    }

    /// Everything the platform holds.
    pub fn submissions(&self) -> Vec<SubmissionRow> {
        self.simulator.onekyc.submissions()
    }

    /// The platform's tokens end now.
    pub fn expire_tokens(&self) {
        self.simulator.onekyc.expire_tokens();
    }

    /// Starts a card scan.
    pub async fn launch(&self, way: Way, bench: &Bench) -> Asked {
        let (correlation_id, request) = self.request(Flow::KtpScan, "launchKTPScan").await;
        let errand = match way {
            Way::Shell => self.run_launcher(&request, bench),
            Way::Page => self.open_page(request),
            Way::Link => self.open_link(&request, bench),
        };
        Asked { correlation_id, errand }
    }

    /// Starts this flow, by this word, from a shell.
    pub async fn launch_flow(&self, flow: Flow, launch: &str, bench: &Bench) -> Asked {
        let (correlation_id, request) = self.request(flow, launch).await;
        Asked { correlation_id, errand: self.run_launcher(&request, bench) }
    }

    /// Starts a card scan with another address.
    pub async fn launch_to(&self, base_url: &str, bench: &Bench) -> Asked {
        let (correlation_id, mut request) = self.request(Flow::KtpScan, "launchKTPScan").await;
        request["baseUrl"] = base_url.into();
        Asked { correlation_id, errand: self.run_launcher(&request, bench) }
    }

    /// Starts a card scan as the example for teller applications does.
    pub async fn launch_from_node(&self, bench: &Bench) -> Asked {
        let (correlation_id, request) = self.request(Flow::KtpScan, "launchKTPScan").await;
        let file = self.folder.path().join("request.json");
        std::fs::write(&file, request.to_string()).unwrap();
        let mut node = self.program(Path::new("node"), bench);
        node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/examples/launch.mjs")).arg(file);
        node.args([env!("CARGO_BIN_EXE_loket"), "--demo"]).stdout(Stdio::piped());
        Asked { correlation_id, errand: Errand::Node(Mutex::new(node.spawn().unwrap())) }
    }

    /// What the partner's backend does first: a token for one flow.
    async fn request(&self, flow: Flow, launch: &str) -> (Uuid, Value) {
        let onekyc = &self.simulator.onekyc;
        let account = onekyc.account().clone();
        let endpoint = |text: &str| Endpoint::parse(text).unwrap();
        let (id, key) = (account.client_id.into(), account.pass_key.into());
        let mut config = DirectConfig::new(endpoint(&onekyc.token_url), endpoint(&onekyc.base_url), id, key);
        config.onboarding_partner = account.onboarding_partner;
        config.esign_onboarding_partner = account.esign_onboarding_partner;
        let contact = VerifiedContact {
            kind: ContactKind::Phone,
            value: Zeroizing::new("6280000000000".to_owned()),
            verification_reference_id: "otp-0001".to_owned(),
        };
        let contact = (flow == Flow::StandaloneIdentityVerification).then_some(contact);
        let direct = Direct::local_only(config, Arc::new(Timestamp::now), Arc::new(|| 0.0)).unwrap();
        let run = FlowRun {
            flow,
            partner_session_id: Uuid::new_v4(),
            sdk_session_id: Uuid::new_v4(),
            user_id: "u-0001".to_owned(),
            contact,
        };
        let token = direct.user_token(&run).await.unwrap();
        let request = json!({
            "launch": launch,
            "baseUrl": onekyc.base_url,
            "token": token.value.expose_secret(),
            "correlationId": run.partner_session_id,
            "partnerUserId": run.user_id,
            "language": "en",
            "successRedirectionUrl": format!("http://127.0.0.1:{}/done", self.page_port),
            "failureRedirectionUrl": format!("http://127.0.0.1:{}/failed", self.page_port),
        });
        (run.partner_session_id, request)
    }

    fn run_launcher(&self, request: &Value, bench: &Bench) -> Errand {
        let (file, result) =
            (self.folder.path().join("request.json"), self.folder.path().join("result.json"));
        std::fs::write(&file, request.to_string()).unwrap();
        let mut launcher = self.program(Path::new(env!("CARGO_BIN_EXE_loket")), bench);
        launcher.args(["--demo", "launch"]).arg(file).arg("--result").arg(&result).stdout(Stdio::piped());
        Errand::Shell { launcher: Mutex::new(launcher.spawn().unwrap()), result }
    }

    fn open_page(&self, request: Value) -> Errand {
        *self.page.settings.lock().unwrap() =
            json!({ "port": self.websocket_port, "key": LAUNCH_KEY, "request": request });
        let chosen = std::env::var("LOKET_CHROMIUM").ok();
        let place =
            chosen.or_else(|| BROWSERS.map(str::to_owned).into_iter().find(|it| Path::new(it).exists()));
        let place = place.expect("a browser: apt-get install chromium, or name one in LOKET_CHROMIUM");
        let mut browser = Command::new(place);
        browser
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
            .arg("--disable-background-networking")
            .arg(format!("--user-data-dir={}", self.folder.path().join("profile").display()))
            .arg(format!("http://127.0.0.1:{}/launch.html#now", self.page_port))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Errand::Page { _browser: Program(browser.spawn().unwrap()), page: Arc::clone(&self.page) }
    }

    fn open_link(&self, request: &Value, bench: &Bench) -> Errand {
        let hand_over = self.folder.path().join(format!("hand-overs/{CODE}.json"));
        std::fs::write(&hand_over, request.to_string()).unwrap();
        let mut desktop = self.program(Path::new("xdg-open"), bench);
        let opened = desktop.arg(format!("loket://launch?code={CODE}")).status();
        assert!(opened.expect("xdg-open: apt-get install xdg-utils").success());
        Errand::Link { hand_over, went_to: self.went_to() }
    }

    /// A program on the same desktop as the window.
    fn program(&self, program: &Path, bench: &Bench) -> Command {
        let mut command = Command::new(program);
        command.env("LOKET_DATA_DIR", bench.data_dir()).env("DISPLAY", bench.display());
        command.envs(self.environment());
        for name in ["WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "LOKET_GATEWAY_URL"] {
            command.env_remove(name);
        }
        command
    }

    /// Starts the application once more.
    pub fn start_again(&self, bench: &Bench) -> Child {
        let mut second = self.program(Path::new(env!("CARGO_BIN_EXE_loket")), bench);
        second.arg("--demo").spawn().unwrap()
    }

    /// Follows a link that is none of ours.
    pub fn follow_bad_link(&self, bench: &Bench) -> ExitStatus {
        let mut second = self.program(Path::new(env!("CARGO_BIN_EXE_loket")), bench);
        second.args(["--demo", "loket://launch?token=x"]).stderr(Stdio::null()).status().unwrap()
    }

    fn went_to(&self) -> PathBuf {
        self.folder.path().join("browser.went-to")
    }

    /// What the address says that the desktop's browser was sent to.
    pub async fn browser_went_to(&self) -> Value {
        address(&self.went_to()).await
    }
}

impl Asked {
    /// What the front end was told in the end.
    pub async fn told(&self) -> Value {
        match &self.errand {
            Errand::Shell { launcher, result } => told_by_launcher(launcher, result).await,
            Errand::Node(node) => {
                assert!(eventually(|| node.lock().unwrap().try_wait().unwrap()).await.success());
                serde_json::from_str(&output_of(node)).unwrap()
            }
            Errand::Page { page, .. } => eventually(|| page.told.lock().unwrap().clone()).await,
            Errand::Link { went_to, .. } => address(went_to).await,
        }
    }

    /// Waits until the code of a link was redeemed.
    pub async fn is_spent(&self) {
        let Errand::Link { hand_over, .. } = &self.errand else { panic!("only links have codes") };
        eventually(|| (!hand_over.exists()).then_some(())).await;
    }

    /// Whether a class and a word can be heard at all: a browser's address has the status alone.
    pub fn hears_details(&self) -> bool {
        !matches!(self.errand, Errand::Link { .. })
    }
}

/// Standard output, file and exit code of a launcher tell the same.
async fn told_by_launcher(launcher: &Mutex<Child>, result: &Path) -> Value {
    let status = eventually(|| launcher.lock().unwrap().try_wait().unwrap()).await;
    let output = output_of(launcher);
    assert_eq!(std::fs::read_to_string(result).unwrap(), output);
    let told: Value = serde_json::from_str(&output).unwrap();
    let code = match told["status"].as_str() {
        Some("COMPLETED") => 0,
        Some("NOT_COMPLETED") => 3,
        _error => 4,
    };
    assert_eq!(status.code(), Some(code), "{told}");
    told
}

fn output_of(program: &Mutex<Child>) -> String {
    let pipe = program.lock().unwrap().stdout.take().expect("standard output is piped");
    std::io::read_to_string(pipe).unwrap()
}

/// The query of the address in this file.
async fn address(file: &Path) -> Value {
    let text = eventually(|| std::fs::read_to_string(file).ok().filter(|text| text.ends_with('\n'))).await;
    let query = text.trim().split_once('?').expect("a query").1;
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key, value)).collect()
}

async fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "the front end was told nothing");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The partner's server: the page, what it needs, and where it tells what came of it.
async fn serve(page: Arc<Page>) -> u16 {
    let (mine, yours) = (Arc::clone(&page), page);
    let router = Router::new()
        .route("/launch.html", get(|| async { axum::response::Html(EXAMPLE) }))
        .route("/settings.json", get(|| async move { axum::Json(mine.settings.lock().unwrap().clone()) }))
        .route(
            "/result",
            post(|body: String| async move {
                *yours.told.lock().unwrap() = serde_json::from_str(&body).ok();
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

/// The desktop file that packages install, for this build and the demo; and a browser.
fn register(folder: &Path, browser: &Path) {
    let template = include_str!("../../assets/linux/loket.desktop");
    let program = env!("CARGO_BIN_EXE_loket");
    let filled = template.replace("Exec={{exec}} %u", &format!("Exec={program} --demo %u"));
    let filled: Vec<&str> = filled.lines().filter(|line| !line.contains("{{")).collect();
    std::fs::write(folder.join("loket.desktop"), format!("{}\nName=Loket\n", filled.join("\n"))).unwrap();
    let entry = format!("[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\n", browser.display());
    std::fs::write(folder.join("browser.desktop"), entry).unwrap();
    let list = "[Default Applications]\nx-scheme-handler/loket=loket.desktop\n\
        x-scheme-handler/http=browser.desktop\n";
    std::fs::write(folder.join("mimeapps.list"), list).unwrap();
}

fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

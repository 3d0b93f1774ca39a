//! A virtual display, a WebDriver, an installation, and the window in front of them.
//!
//! Invariant: one window at a time, because the machine's cores are what the camera's frame rate is made of; programs
//! that were started are ended with the bench. A machine without the programs fails with their names.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use std::io::Read as _;
use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Capabilities, WebDriver, WebElement};
use tokio::sync::{Mutex, MutexGuard};

/// A loaded machine renders a scene, analyses it and reads several frames of it in this time.
pub const PATIENCE: Duration = Duration::from_secs(90);
pub const PAUSE: Duration = Duration::from_millis(100);

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A program that ends with us.
pub struct Program(pub Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The window and everything it stands on.
pub struct Bench {
    pub driver: WebDriver,
    display: String,
    installation: TempDir,
    _webdriver: Program,
    _display: Program,
    _turn: MutexGuard<'static, ()>,
}

/// What a window is opened with.
pub struct Setup {
    /// Of the display and the window.
    pub size_px: (u32, u32),
    /// What stands in the settings file from `[app]` on.
    pub settings: String,
    /// Beside `--demo`.
    pub arguments: Vec<String>,
    /// Beside what every window has.
    pub environment: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { size_px: (1366, 768), settings: String::new(), arguments: Vec::new(), environment: Vec::new() }
    }
}

fn start(command: &mut Command, package: &str) -> Program {
    match command.spawn() {
        Ok(child) => Program(child),
        Err(error) => panic!("{:?} does not start ({error}); install {package}", command.get_program()),
    }
}

/// A display of our own and its name.
fn display((width_px, height_px): (u32, u32)) -> (Program, String) {
    let mut command = Command::new("Xvfb");
    let screen = format!("{width_px}x{height_px}x24");
    command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]);
    let mut program = start(command.stdout(Stdio::piped()).stderr(Stdio::null()), "xvfb");
    let mut output = program.0.stdout.take().expect("standard output is piped above");
    let (mut number, mut byte) = (String::new(), [0]);
    while output.read_exact(&mut byte).is_ok() && byte[0] != b'\n' {
        number.push(char::from(byte[0]));
    }
    assert!(!number.is_empty(), "Xvfb opens no display");
    (program, format!(":{number}"))
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Bench {
    /// Opens the window on a fresh installation with these lines under `[app]` of its settings.
    pub async fn open(settings: &str) -> Self {
        Self::open_at((1366, 768), settings).await
    }

    /// The same with a window that fills a display of this size, in pixels.
    pub async fn open_at(size_px: (u32, u32), settings: &str) -> Self {
        Self::set_up(Setup { size_px, settings: settings.to_owned(), ..Setup::default() }).await
    }

    /// The same in every detail.
    pub async fn set_up(setup: Setup) -> Self {
        let Setup { size_px, settings, arguments, environment } = setup;
        let turn = ONE_AT_A_TIME.lock().await;
        let installation = tempfile::tempdir().unwrap();
        let data = installation.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("config.toml"), format!("[app]\n{settings}\n")).unwrap();
        let (screen, name) = display(size_px);
        let port = free_port();
        let mut webdriver = Command::new("WebKitWebDriver");
        webdriver
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("DISPLAY", &name)
            .env_remove("WAYLAND_DISPLAY")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("LOKET_DATA_DIR", &data)
            .env("LOKET_KEY_FILE", installation.path().join("key"))
            .env_remove("LOKET_GATEWAY_URL")
            .envs(environment);
        let webdriver = start(&mut webdriver, "webkit2gtk-driver");
        let driver = connect(port, &arguments).await;
        driver.set_window_rect(0, 0, size_px.0, size_px.1).await.unwrap();
        Self { driver, display: name, installation, _webdriver: webdriver, _display: screen, _turn: turn }
    }

    /// The display's name.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The folder of the installation's data.
    pub fn data_dir(&self) -> PathBuf {
        self.installation.path().join("data")
    }

    /// Writes a picture of the display: what is really on it, as WebDriver's own pictures wait for a paint that a still
    /// page never makes.
    pub fn photograph(&self, file: &Path) {
        let mut camera = Command::new("import");
        camera.args(["-window", "root"]).arg(file).env("DISPLAY", &self.display);
        let status = camera
            .status()
            .unwrap_or_else(|error| panic!("import does not start ({error}); install imagemagick"));
        assert!(status.success(), "no picture of the display: {status}");
    }

    /// Ends the window.
    pub async fn close(self) {
        self.driver.clone().quit().await.unwrap();
    }

    /// The element, once it is there.
    #[track_caller]
    pub fn find(&self, css: &str) -> impl Future<Output = WebElement> {
        let (driver, css) = (self.driver.clone(), css.to_owned());
        let caller = std::panic::Location::caller();
        async move {
            let started = Instant::now();
            loop {
                if let Ok(found) = driver.find(By::Css(css.as_str())).await {
                    return found;
                }
                if started.elapsed() > PATIENCE {
                    let shown = text_of(&driver).await.unwrap_or_default();
                    panic!("{caller}: no {css} on the screen, which says:\n{shown}");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Waits for a screen.
    pub async fn screen(&self, name: &str) {
        self.find(&format!("main[data-screen='{name}']")).await;
    }

    /// Sits for the selfie until the next screen. A loaded machine shows few frames a second, and a gesture can pass between
    /// two of them: whoever is asked to try again does, as often as the window lets them.
    pub async fn sit_until(&self, name: &str) {
        let next = format!("main[data-screen='{name}'], main[data-screen='selfie'] dialog .primary");
        loop {
            let found = self.find(&next).await;
            if found.tag_name().await.is_ok_and(|tag| tag == "main") {
                return;
            }
            found.click().await.ok();
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Presses what `css` names, once it can be pressed.
    pub async fn press(&self, css: &str) {
        let started = Instant::now();
        loop {
            let found = self.find(css).await;
            // Views replace elements at any moment; then the next one is pressed.
            if found.is_enabled().await.unwrap_or(false) && found.click().await.is_ok() {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{css} cannot be pressed");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Presses the button that says so.
    pub async fn press_button(&self, words: &str) {
        let started = Instant::now();
        let path = format!("//button[contains(normalize-space(.), \"{words}\")]");
        loop {
            if let Ok(found) = self.driver.find(By::XPath(path.as_str())).await
                && found.is_enabled().await.unwrap_or(false)
                && found.click().await.is_ok()
            {
                return;
            }
            if started.elapsed() > PATIENCE {
                panic!("no button {words:?} on the screen, which says:\n{}", self.text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Chooses an option of a list.
    pub async fn choose(&self, css: &str, value: &str) {
        let list = self.find(css).await;
        let set = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}));";
        let arguments = vec![list.to_json().unwrap(), value.into()];
        self.driver.execute(set, arguments).await.unwrap();
    }

    /// Everything the window says.
    pub async fn text(&self) -> String {
        text_of(&self.driver).await.unwrap_or_default()
    }

    /// Waits until the window says this.
    pub async fn reads(&self, words: &str) {
        let started = Instant::now();
        while !self.text().await.contains(words) {
            assert!(
                started.elapsed() < PATIENCE,
                "{words:?} is not on the screen, which says:\n{}",
                self.text().await
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the window no longer says this.
    pub async fn gone(&self, words: &str) {
        let started = Instant::now();
        while self.text().await.contains(words) {
            assert!(started.elapsed() < PATIENCE, "{words:?} is still on the screen");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Not WebDriver's own text, which leaves out what may be cut off at its end.
async fn text_of(driver: &WebDriver) -> WebDriverResult<String> {
    driver.execute("return document.body.innerText", Vec::new()).await?.convert()
}

/// The WebDriver takes a moment to listen.
async fn connect(port: u16, arguments: &[String]) -> WebDriver {
    // The client wants one although it speaks to this machine alone; a second install finds the first.
    rustls::crypto::ring::default_provider().install_default().ok();
    let mut capabilities = Capabilities::new();
    let arguments: Vec<&str> = ["--demo"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
    let options = serde_json::json!({ "binary": env!("CARGO_BIN_EXE_loket"), "args": arguments });
    capabilities.set("webkitgtk:browserOptions", options).unwrap();
    let started = Instant::now();
    loop {
        match WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(error) => assert!(started.elapsed() < PATIENCE, "no session with the window: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

//! The partner of `demo --provider onekyc`: OneKYC's stand-in and the partner's backend, each a process of its own.
//!
//! Invariant: `client-id` and `pass-key` lie in the partner's own folder, which the kiosk's side never opens; it gets a
//! one-time code and nothing else. Both processes end with this value.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use engine::compose;
use gateway::{Endpoint, transport};
use serde_json::{Value, json};

/// The program beside this one.
const BACKEND: &str = "loket-backend";
/// The header that the backend wants with callbacks.
const CALLBACK_HEADER: &str = "x-callback-key";

/// A process that ends with this value.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Ended already, if at all.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Both processes.
pub struct Partner {
    stand_in: Process,
    backend: Process,
    /// The backend's address.
    pub backend_url: String,
    /// A code for one kiosk.
    pub code: String,
    control_url: String,
    callback_key: String,
}

impl Partner {
    /// Starts both and waits until they answer.
    pub fn start(folder: &Path, backend_program: Option<&Path>) -> anyhow::Result<Self> {
        let program = program(backend_program)?;
        std::fs::create_dir_all(folder)?;
        let (stand_in, said) = start_stand_in(&folder.join("platform"))?;
        let callback_key = compose::random_id().to_string();
        let config = write_config(folder, &said, &callback_key)?;
        let code = enrolment_code(&program, &config)?;
        let (backend, address) = start_backend(&program, &config)?;
        let control_url = said["controlUrl"].as_str().context("the stand-in says where it is")?.to_owned();
        let backend_url = format!("http://{address}");
        Ok(Self { stand_in, backend, backend_url, code, control_url, callback_key })
    }

    /// The ids of the stand-in's and the backend's processes.
    pub fn processes(&self) -> [u32; 2] {
        [self.stand_in.0.id(), self.backend.0.id()]
    }

    /// Tells the stand-in to call the backend back with every result, at this path and with this method, and to ask it
    /// for reference pictures.
    pub async fn call_back(&self, path: &str, method: &str) -> anyhow::Result<()> {
        let url = format!("{}{path}", self.backend_url);
        let headers = json!({CALLBACK_HEADER: self.callback_key});
        let reference =
            json!({"url": format!("{}/coe/reference-image", self.backend_url), "headers": headers});
        let behaviour = json!({"callback": {"url": url, "method": method, "headers": headers},
            "reference": reference});
        let request = self.http()?.put(format!("{}/onekyc/behaviour", self.control_url)).json(&behaviour);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    /// How many callbacks the backend took.
    pub async fn callbacks_taken(&self) -> anyhow::Result<usize> {
        let request = self.http()?.get(format!("{}/onekyc/callbacks", self.control_url));
        let told: Value = request.send().await?.error_for_status()?.json().await?;
        let rows = told["data"].as_array().context("the stand-in lists its callbacks")?;
        Ok(rows.iter().filter(|row| row["answered"] == 200).count())
    }

    fn http(&self) -> anyhow::Result<reqwest::Client> {
        let control = Endpoint::parse(&self.control_url)?;
        transport::client(control.is_loopback()).map_err(anyhow::Error::msg)
    }
}

fn program(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let beside =
        std::env::current_exe()?.with_file_name(format!("{BACKEND}{}", std::env::consts::EXE_SUFFIX));
    if !beside.is_file() {
        bail!(
            "{} is not here; build it (cargo build --package backend) or name it with --backend",
            beside.display()
        );
    }
    Ok(beside)
}

fn start_stand_in(folder: &Path) -> anyhow::Result<(Process, Value)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--json", "--data-dir"])
        .arg(folder)
        .args(["simulate", "--memory", "--bind", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the stand-in")?;
    let stdout = child.stdout.take().context("its output was asked for")?;
    let process = Process(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((process, serde_json::from_str(&line).context("the stand-in ended before it answered")?))
}

/// The backend's settings. What an earlier demo left in its database belongs to a stand-in that is gone.
fn write_config(folder: &Path, stand_in: &Value, callback_key: &str) -> anyhow::Result<PathBuf> {
    let said = |name: &str| stand_in[name].as_str().with_context(|| format!("the stand-in says its {name}"));
    let credentials = PathBuf::from(said("credentialsDir")?);
    let database = folder.join("backend.sqlite");
    for suffix in ["", "-wal", "-shm"] {
        _ = std::fs::remove_file(folder.join(format!("backend.sqlite{suffix}")));
    }
    let callback_file = folder.join("callback-key");
    std::fs::write(&callback_file, callback_key)?;
    let file = |path: &Path| json!({"file": path});
    let (code, esign_code) = (said("onekycOnboardingPartner")?, said("onekycEsignOnboardingPartner")?);
    let config = json!({
        "listen": "127.0.0.1:0",
        "storage": {"sqlite": {"path": database}},
        "onekyc": {
            "token_host": said("onekycTokenUrl")?,
            "base_url": said("onekycBaseUrl")?,
            "client_id": file(&credentials.join("onekyc-client-id")),
            "pass_key": file(&credentials.join("onekyc-pass-key")),
            "partner_user_id_type": "LOKET_CUSTOMER_ID",
            "onboarding_partner": {"KTP_SCAN": code, "STANDALONE_LIVENESS": code,
                "STANDALONE_IDENTITY_VERIFICATION": esign_code},
            "callbacks": {"headers": {CALLBACK_HEADER: file(&callback_file)}},
        },
    });
    let path = folder.join("backend.toml");
    std::fs::write(&path, toml::to_string(&config)?)?;
    Ok(path)
}

fn backend_command(program: &Path, config: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("--config").arg(config).env("LOKET_BACKEND_LOG", "info").stdin(Stdio::null());
    command
}

fn enrolment_code(program: &Path, config: &Path) -> anyhow::Result<String> {
    let mut command = backend_command(program, config);
    let output = command.args(["enrol", "--label", "demo"]).output().context("cannot run the backend")?;
    if !output.status.success() {
        bail!("the backend gives no code: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Starts it, and reads from its log where it listens.
fn start_backend(program: &Path, config: &Path) -> anyhow::Result<(Process, String)> {
    let mut command = backend_command(program, config);
    let mut child = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut log = BufReader::new(child.stderr.take().context("its log was asked for")?);
    let process = Process(child);
    let mut said = String::new();
    loop {
        let begun = said.len();
        if log.read_line(&mut said)? == 0 {
            bail!("the backend did not start: {}", said.trim());
        }
        let line: Value = serde_json::from_str(&said[begun..]).unwrap_or_default();
        if let Some(address) = line["fields"]["address"].as_str() {
            let address = address.to_owned();
            // Nobody reads on, but a full pipe would stop it.
            std::thread::spawn(move || drain(log));
            return Ok((process, address));
        }
    }
}

fn drain(mut log: impl Read) {
    // Ends with the process.
    _ = std::io::copy(&mut log, &mut std::io::sink());
}

/// How long to rest between two looks at something that takes moments.
pub const LOOK_EVERY: Duration = Duration::from_millis(50);

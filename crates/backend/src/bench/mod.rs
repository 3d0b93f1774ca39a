//! `loket-backend bench`: many simulated kiosks against one backend, at the level of the protocol.
//!
//! The backend runs as its own process, so its memory and time can be told from the kiosks'. Invariant: every flow that was
//! begun is waited for; one that gets no result, or two, is counted and told.

mod plot;
mod report;
mod swarm;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use tokio::process::{Child, Command};

use crate::config::Config;
use crate::rehearsal::{Platform, PlatformConfig, PostgresServer};

pub use report::Report;

/// What to measure.
#[derive(Args, Clone, Debug)]
pub struct BenchArguments {
    /// How many kiosks; several numbers, separated by commas, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_value = "100")]
    kiosks: Vec<usize>,
    /// How many flows each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long a customer takes between two steps, on average.
    #[arg(long, default_value_t = 5_000)]
    pause_ms: u64,
    /// Where the backend keeps its rows.
    #[arg(long, value_enum, default_value_t = Storage::Postgres)]
    storage: Storage,
    /// A folder on the disk to measure; a temporary one if it is absent. PostgreSQL always takes a temporary one.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where to write the reports as JSON, besides printing them.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where to draw them as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Storage {
    Sqlite,
    Postgres,
}

const READY_TIMEOUT: Duration = Duration::from_secs(30);
/// What platforms take to answer, roughly; it also keeps requests under way at the same time.
const PLATFORM_LATENCY: Duration = Duration::from_millis(30);

/// Measures, prints, writes and draws.
pub async fn run(arguments: BenchArguments) -> Result<()> {
    // Each kiosk holds a connection; what the system allows is used.
    rlimit::increase_nofile_limit(u64::MAX).context("the limit of open files")?;
    // Whoever else installed a provider first is as good.
    _ = rustls::crypto::ring::default_provider().install_default();
    let mut reports = Vec::new();
    for kiosks in &arguments.kiosks {
        reports.push(measure(&arguments, *kiosks).await?);
    }
    publish(&arguments, &reports)
}

/// One run, with a backend and a database of its own.
async fn measure(arguments: &BenchArguments, kiosks: usize) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let rows = tempfile::tempdir_in(arguments.folder.as_deref().unwrap_or(folder.path()))?;
    let server = match arguments.storage {
        Storage::Sqlite => None,
        Storage::Postgres => Some(PostgresServer::start(true)?),
    };
    let (storage, url) = match &server {
        Some(server) => {
            let storage = format!("[storage.postgres]\nurl = {{ env = \"{URL_VARIABLE}\" }}");
            (storage, server.new_database().await?)
        }
        None => (format!("[storage.sqlite]\npath = {:?}", rows.path().join("bench.sqlite")), String::new()),
    };
    let platform = Platform::start(PlatformConfig { latency: PLATFORM_LATENCY, ..PlatformConfig::default() });
    let platform = Arc::new(platform.await?);
    let config = write_config(folder.path(), &platform, &storage)?;
    let mut backend = spawn(&config, &url)?;
    let base_url = wait_until_ready(&config).await?;
    let codes = swarm::codes(&Config::read(&config)?, &url, kiosks).await?;
    let shape = arguments.shape(kiosks);
    let enrolled = swarm::enrol(&shape, &base_url, codes, &platform).await?;
    let (begun, cpu_before) = (Instant::now(), report::cpu_seconds(backend.id()));
    let told = swarm::run(&shape, enrolled).await?;
    let cpu_after = report::cpu_seconds(backend.id());
    let usage = report::Usage {
        seconds: begun.elapsed().as_secs_f64(),
        cpu_seconds: cpu_after.zip(cpu_before).map(|(after, before)| after - before),
        memory_mib: report::peak_memory_mib(backend.id()),
    };
    backend.kill().await?;
    Ok(Report::new(&shape, told, usage))
}

/// The numbers that shape a run.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    kiosks: usize,
    rounds: usize,
    pause: Duration,
    storage: &'static str,
}

impl BenchArguments {
    fn shape(&self, kiosks: usize) -> Shape {
        let storage = match self.storage {
            Storage::Sqlite => "sqlite",
            Storage::Postgres => "postgres",
        };
        let pause = Duration::from_millis(self.pause_ms);
        Shape { kiosks, rounds: self.rounds, pause, storage }
    }
}

/// In the child's environment only.
const URL_VARIABLE: &str = "LOKET_BACKEND_BENCH_URL";

fn write_config(folder: &Path, platform: &Platform, storage: &str) -> Result<PathBuf> {
    let secret = |name: &str, value: &str| -> Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, value)?;
        Ok(path)
    };
    let client = secret("client-id", Platform::CLIENT_ID)?;
    let pass = secret("pass-key", Platform::PASS_KEY)?;
    let key = secret("callback-key", swarm::CALLBACK_KEY)?;
    // A port that is free now; the backend says so if somebody was faster.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let base = &platform.base_url;
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\n{storage}\n[onekyc]\ntoken_host = \"{base}\"\nbase_url = \"{base}\"\n\
         client_id = {{ file = {client:?} }}\npass_key = {{ file = {pass:?} }}\n\
         onboarding_partner = {{ KTP_SCAN = \"BENCH-SDK-COE_KTP_SCAN\" }}\n\
         callbacks = {{ headers = {{ x-callback-key = {{ file = {key:?} }} }} }}\n"
    );
    let path = folder.join("backend.toml");
    std::fs::write(&path, text)?;
    Ok(path)
}

fn spawn(config: &Path, url: &str) -> Result<Child> {
    let program = std::env::current_exe().context("our own program")?;
    let mut command = Command::new(program);
    command.arg("--config").arg(config).arg("serve").env(URL_VARIABLE, url).env("LOKET_BACKEND_LOG", "warn");
    Ok(command.stdin(Stdio::null()).kill_on_drop(true).spawn()?)
}

async fn wait_until_ready(config: &Path) -> Result<String> {
    let base_url = format!("http://{}", Config::read(config)?.listen);
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let begun = Instant::now();
    while begun.elapsed() < READY_TIMEOUT {
        let answer = http.get(format!("{base_url}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(base_url);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the backend does not become ready")
}

#[expect(clippy::print_stdout, reason = "the reports are what was asked for")]
fn publish(arguments: &BenchArguments, reports: &[Report]) -> Result<()> {
    let text = serde_json::to_string_pretty(reports)?;
    println!("{text}");
    if let Some(path) = &arguments.json {
        std::fs::write(path, text)?;
    }
    if let Some(path) = &arguments.plot {
        std::fs::write(path, plot::draw(reports))?;
    }
    let (lost, doubled) = reports.iter().fold((0, 0), |sum, one| (sum.0 + one.lost, sum.1 + one.doubled));
    if lost > 0 || doubled > 0 {
        bail!("{lost} results were lost and {doubled} came twice");
    }
    Ok(())
}

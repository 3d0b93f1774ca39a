//! `loket-backend`: serving, and what an operator does beside it.
//!
//! Invariant: a code is printed once, to the terminal of whoever asked for it, and kept nowhere in full.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use backend::app::{App, bind, open_store, serve};
use backend::config::Config;
use backend::store::{NewCode, Store};
use backend::{api, bench};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

/// The partner's backend for Loket kiosks.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file.
    #[arg(
        long,
        env = "LOKET_BACKEND_CONFIG",
        default_value = "/etc/loket-backend/backend.toml",
        global = true
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until told to stop (SIGTERM or Ctrl-C).
    Serve,
    /// Make a one-time code for a new kiosk.
    Enrol {
        /// What to call the kiosk, for example "counter 12".
        #[arg(long)]
        label: String,
        /// How long the code is good for.
        #[arg(long, default_value_t = 60)]
        valid_minutes: u32,
    },
    /// List the kiosks.
    Kiosks,
    /// Shut a kiosk out, from its next request on.
    Revoke {
        /// Its id, as `kiosks` prints it.
        kiosk: Uuid,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Measure with simulated kiosks and a stand-in platform on this machine.
    Bench(bench::BenchArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("LOKET_BACKEND_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let run = runtime.context("no threads").and_then(|runtime| runtime.block_on(run(arguments)));
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "failed");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let config = || Config::read(&arguments.config);
    match arguments.command {
        Command::Serve => {
            let config = config()?;
            // Every kiosk that waits holds a connection.
            rlimit::increase_nofile_limit(u64::MAX).context("the limit of open files")?;
            let listener = bind(config.listen).await?;
            let app = App::open(config).await?;
            tracing::info!(address = %listener.local_addr()?, "serving");
            serve(app, listener, told_to_stop()).await.context("serving")
        }
        Command::Enrol { label, valid_minutes } => {
            enrol(&open_store(&config()?.storage).await?, label, valid_minutes).await
        }
        Command::Kiosks => list(&open_store(&config()?.storage).await?).await,
        Command::Revoke { kiosk } => {
            let store = open_store(&config()?.storage).await?;
            if !store.revoke(kiosk, jiff::Timestamp::now().as_millisecond()).await? {
                bail!("no such kiosk, or revoked before");
            }
            print(&format!("{kiosk} is revoked"));
            Ok(())
        }
        Command::Openapi => {
            print(&api::document().to_pretty_json()?);
            Ok(())
        }
        Command::Bench(wanted) => bench::run(wanted).await,
    }
}

/// The one place that writes to standard output: it is what was asked for.
#[expect(clippy::print_stdout, reason = "a command line's answer")]
fn print(text: &str) {
    println!("{text}");
}

async fn enrol(store: &Store, label: String, valid_minutes: u32) -> Result<()> {
    let code = api::new_code().context("the system gives no randomness")?;
    let digest = api::code_digest(&code).context("a fresh code is a code")?;
    let expires_ms = jiff::Timestamp::now().as_millisecond() + i64::from(valid_minutes) * 60_000;
    store.add_code(&NewCode { digest, label, expires_ms }).await?;
    print(&code);
    Ok(())
}

async fn list(store: &Store) -> Result<()> {
    let at =
        |ms: i64| jiff::Timestamp::from_millisecond(ms).map_or_else(|_| "?".to_owned(), |at| at.to_string());
    for kiosk in store.kiosks().await? {
        let state =
            kiosk.revoked_ms.map_or_else(|| "enrolled".to_owned(), |ms| format!("revoked {}", at(ms)));
        print(&format!("{}  {}  {state}  {}", kiosk.id, at(kiosk.enrolled_ms), kiosk.label));
    }
    Ok(())
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    _ = interrupted.await;
}

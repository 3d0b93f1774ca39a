//! `loket launch`: hands a request to the window, opening it if need be, and waits for what comes of it.
//!
//! Invariant: whatever happens there is one result on standard output, unless the request cannot be read; the token is
//! in the request and on the way to the window, never among arguments. Deliberately lacks a window of its own: the one it
//! opens outlives it.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use launch::{Caller, Ending, HandOverCode, LaunchRequest, LaunchResult, LaunchStatus, RequestError};
use zeroize::Zeroizing;

use crate::start::{LaunchArgs, Start};

/// More than a request may have, so that one that is too large is told as such.
const MAX_BYTES: u64 = 64 * 1024;
/// How long a window may take to open its door: nets and queue are looked at later.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// Runs the launch and answers with the program's exit code.
pub(crate) fn run(start: &Start, arguments: &LaunchArgs) -> Result<ExitCode> {
    let json = read(&arguments.request)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = match LaunchRequest::parse(&json) {
        Ok(request) => runtime.block_on(launch(start, &request))?,
        Err(error) => malformed(&error),
    };
    let mut text = serde_json::to_string_pretty(&result)?;
    text.push('\n');
    if let Some(file) = &arguments.result {
        engine::write_private(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::from(match result.status {
        LaunchStatus::Completed => 0,
        LaunchStatus::NotCompleted => 3,
        LaunchStatus::Error => 4,
    }))
}

fn malformed(error: &RequestError) -> LaunchResult {
    Ending::Malformed(error.to_string()).result("")
}

fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let mut json = Zeroizing::new(Vec::new());
    if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_BYTES).read_to_end(&mut json)?;
    } else {
        let opened = std::fs::File::open(file);
        let opened = opened.with_context(|| format!("cannot read {}", file.display()))?;
        opened.take(MAX_BYTES).read_to_end(&mut json)?;
    }
    Ok(json)
}

async fn launch(start: &Start, request: &LaunchRequest) -> Result<LaunchResult> {
    let correlation_id = request.correlation_id.to_string();
    let caller = reach_window(start).await?;
    Ok(caller.launch(request).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the window went away");
        Ending::WindowClosed.result(&correlation_id)
    }))
}

/// The window's door; opens the window where there is none.
async fn reach_window(start: &Start) -> Result<Caller> {
    let dir = start.data_dir()?;
    let begun = Instant::now();
    let mut is_opened = false;
    loop {
        if let Some(caller) = launch::knock(dir.path()).await? {
            return Ok(caller);
        }
        if !std::mem::replace(&mut is_opened, true) {
            open_window(start)?;
        }
        if begun.elapsed() > PATIENCE {
            bail!("the window does not open; start loket by hand and see what it says");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Starts the window as a program of its own, which neither the terminal's keys nor our end reach.
fn open_window(start: &Start) -> Result<()> {
    let mut window = Command::new(std::env::current_exe()?);
    window.args(start.window_arguments()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut window, 0);
    window.spawn().context("the window cannot be started")?;
    Ok(())
}

/// Another process has the window: asks it to show itself, with the link if there is one.
pub(crate) fn reach_other(start: &Start, link: Option<&HandOverCode>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let dir = start.data_dir()?;
        let begun = Instant::now();
        // It may still be opening its door, or be just ending.
        while begun.elapsed() < PATIENCE {
            if let Some(caller) = launch::knock(dir.path()).await? {
                match link {
                    Some(code) => caller.hand_over(code).await?,
                    None => caller.raise().await?,
                }
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("Loket is running, but does not answer")
    })
}

//! `launch-key`: the key that web pages must know to launch flows in the window.
//!
//! Invariant: made here, printed once, kept like every other secret.

use engine::{Installation, SecretName, compose};
use secrecy::ExposeSecret as _;

use crate::args::LaunchKeyCommand;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Makes a key.
pub fn run(
    installation: &Installation,
    command: &LaunchKeyCommand,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let LaunchKeyCommand::Create { file } = command;
    let key = compose::random_key::<32>();
    if *file {
        installation.secrets().store_in_file(SecretName::LaunchKey, &key)?;
    } else {
        installation.secrets().store_in_keyring(SecretName::LaunchKey, &key)?;
    }
    let shown = key.expose_secret();
    terminal.tell(
        format!("kunci baru, berlaku sejak Loket dibuka berikutnya: {shown}"),
        format!("a new key, good from the next start of Loket on: {shown}"),
    );
    terminal.emit(&serde_json::json!({ "launchKey": shown }))?;
    Ok(Exit::Done)
}

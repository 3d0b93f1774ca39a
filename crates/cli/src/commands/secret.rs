//! `secret`: take a secret from standard input and put it where it is safe.
//!
//! Invariant: a secret is read from standard input alone, and never printed.

use std::io::{IsTerminal as _, Read as _};

use engine::{Installation, SecretName};
use secrecy::SecretString;

use crate::args::{SecretArg, SecretCommand};
use crate::exit::Exit;
use crate::terminal::Terminal;

/// No secret of ours is longer.
const MAX_SECRET_BYTES: u64 = 4096;

impl From<SecretArg> for SecretName {
    fn from(arg: SecretArg) -> Self {
        match arg {
            SecretArg::ApiKey => Self::ApiKey,
            SecretArg::DeviceSecret => Self::DeviceSecret,
        }
    }
}

/// Stores a secret.
pub fn run(
    installation: &Installation,
    command: &SecretCommand,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let SecretCommand::Set { name, file } = command;
    let name = SecretName::from(*name);
    if std::io::stdin().is_terminal() {
        terminal.note(
            "tempel rahasia, lalu Enter dan Ctrl-D (teks akan terlihat; lebih baik lewat pipa atau berkas)",
            "paste the secret, then Enter and Ctrl-D (it will be visible; better use a pipe or a file)",
        );
    }
    let mut text = String::new();
    std::io::stdin().lock().take(MAX_SECRET_BYTES).read_to_string(&mut text)?;
    let secret = SecretString::from(text.trim().to_owned());
    if secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
        terminal.note("masukan kosong; tidak ada yang disimpan", "nothing came in; nothing was stored");
        return Ok(Exit::Usage);
    }
    let word = name.word();
    if *file {
        let path = installation.secrets().store_in_file(name, &secret)?;
        let path = path.display();
        terminal.tell(format!("{word} disimpan di {path}"), format!("{word} stored in {path}"));
    } else {
        installation.secrets().store_in_keyring(name, &secret)?;
        terminal.tell(format!("{word} disimpan di keyring"), format!("{word} stored in the keyring"));
    }
    terminal.emit(&serde_json::json!({"stored": word}))?;
    Ok(Exit::Done)
}

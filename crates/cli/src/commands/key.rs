//! `key`: the queue's master key as a file, where there is no keyring.
//!
//! Invariant: an existing file is never overwritten; the key itself is never printed.

use vault::MasterKey;

use crate::args::KeyCommand;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Makes a key file.
pub fn run(command: &KeyCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    let KeyCommand::Create { file } = command;
    let file = std::path::absolute(file)?;
    let key = MasterKey::generate_key_file(&file)?;
    let shown = file.display();
    terminal.tell(
        format!(
            "kunci {} ditulis ke {shown}. Simpan salinannya di tempat aman: tanpa kunci ini antrean tidak terbaca.\n\
             Pakai dengan: export LOKET_KEY_FILE={shown}",
            key.id()
        ),
        format!(
            "key {} written to {shown}. Keep a copy in a safe place: without this key the queue cannot be read.\n\
             Use it with: export LOKET_KEY_FILE={shown}",
            key.id()
        ),
    );
    terminal.emit(&serde_json::json!({"keyId": key.id().to_string(), "file": file}))?;
    Ok(Exit::Done)
}

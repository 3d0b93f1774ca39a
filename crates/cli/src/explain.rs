//! Errors in words: what went wrong, what to do, in two languages, with the exit code that fits.
//!
//! Invariant: no value of a card and no secret is ever part of it. What has no words of its own here is told
//! in the error's own (English) text.

use camera::{RecordingError, SourceError};
use engine::picture::PictureError;
use engine::{
    CaptureError, ConfigError, ConnectError, DataDirError, EnrolError, InstallationError, QueueError,
    SecretError, SynchroniseError, TakeError,
};
use frame::DecodeError;
use gateway::Rejection;
use kiosk::ClientError;
use outbox::{OpenError, OutboxError};
use sync::SyncError;
use vault::{KeyFileError, KeySourceError, KeyringError};

use crate::exit::Exit;
use crate::lang::Lang;

/// An error in words.
pub struct Explained {
    /// How the command ends.
    pub exit: Exit,
    /// A stable word for scripts.
    pub code: &'static str,
    /// For people.
    pub text: String,
}

fn explained(exit: Exit, code: &'static str, text: impl Into<String>) -> Explained {
    Explained { exit, code, text: text.into() }
}

/// Puts any error into words.
pub fn explain(error: &anyhow::Error, lang: Lang) -> Explained {
    for cause in error.chain() {
        if let Some(known) = known(cause, lang) {
            return known;
        }
    }
    explained(Exit::Failed, "failed", format!("{error:#}"))
}

fn known(cause: &(dyn std::error::Error + 'static), lang: Lang) -> Option<Explained> {
    if let Some(error) = cause.downcast_ref::<PictureError>() {
        return Some(picture(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<CaptureError>() {
        return Some(capture(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<EnrolError>() {
        return Some(enrol(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<TakeError>() {
        return take(error, lang);
    }
    if let Some(error) = cause.downcast_ref::<InstallationError>() {
        return Some(installation(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<SynchroniseError>() {
        return Some(match error {
            SynchroniseError::Queue(error) => queue(error, lang),
            SynchroniseError::Connect(error) => connect(error, lang),
            SynchroniseError::Secret(error) => secret(error, lang),
        });
    }
    if let Some(error) = cause.downcast_ref::<QueueError>() {
        return Some(queue(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<ConnectError>() {
        return Some(connect(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<SecretError>() {
        return Some(secret(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<OutboxError>() {
        return Some(outbox(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<KeyFileError>() {
        return Some(key_file(error, lang));
    }
    if let Some(error) = cause.downcast_ref::<RecordingError>() {
        return Some(recording(error, lang));
    }
    if let Some(SyncError::Outbox(error)) = cause.downcast_ref::<SyncError>() {
        return Some(outbox(error, lang));
    }
    cause.downcast_ref::<Rejection>().map(|error| rejection(error, lang))
}

/// A picture file that cannot be used.
pub fn picture(error: &PictureError, lang: Lang) -> Explained {
    match error {
        PictureError::Io { path, source } => unreadable(&path.display().to_string(), source, lang),
        PictureError::NotAFile(path) => {
            let path = path.display();
            let text = lang.pick(format!("{path} bukan berkas"), format!("{path} is not a file"));
            explained(Exit::BadInput, "not-a-file", text)
        }
        PictureError::Decode { path, source } => undecodable(&path.display().to_string(), source, lang),
    }
}

fn unreadable(path: &str, source: &std::io::Error, lang: Lang) -> Explained {
    let text =
        lang.pick(format!("{path} tidak dapat dibaca: {source}"), format!("cannot read {path}: {source}"));
    explained(Exit::BadInput, "unreadable", text)
}

fn undecodable(path: &str, source: &DecodeError, lang: Lang) -> Explained {
    let (code, indonesian) = match source {
        DecodeError::Empty => ("empty", "berkas kosong".to_owned()),
        DecodeError::UnknownFormat => ("unknown-format", "bukan gambar JPEG, PNG, WebP, atau BMP".to_owned()),
        DecodeError::TooLarge(size) => ("too-large", format!("gambar terlalu besar: {size}")),
        DecodeError::Truncated => ("truncated", "gambar terpotong: berkas berakhir terlalu cepat".to_owned()),
        DecodeError::Damaged(detail) => ("damaged", format!("gambar rusak: {detail}")),
    };
    explained(Exit::BadInput, code, format!("{path}: {}", lang.pick(indonesian, source.to_string())))
}

fn recording(error: &RecordingError, lang: Lang) -> Explained {
    match error {
        RecordingError::Io { path, source } => unreadable(&path.display().to_string(), source, lang),
        RecordingError::Decode { path, source } => undecodable(&path.display().to_string(), source, lang),
        RecordingError::Empty { path } => {
            let path = path.display();
            let text = lang.pick(format!("{path} tidak berisi gambar"), format!("{path} holds no pictures"));
            explained(Exit::BadInput, "no-pictures", text)
        }
        RecordingError::Manifest { .. } | RecordingError::TooLarge { .. } => {
            explained(Exit::BadInput, "bad-recording", error.to_string())
        }
    }
}

fn take(error: &TakeError, lang: Lang) -> Option<Explained> {
    match error {
        TakeError::Source(SourceError::Recording(error)) => Some(recording(error, lang)),
        TakeError::NoFrames => Some(explained(
            Exit::BadInput,
            "no-frames",
            lang.pick("tidak ada gambar dari sumber ini", "the source gave no frames"),
        )),
        TakeError::Source(SourceError::Unplugged) | TakeError::Read(_) => None,
    }
}

fn capture(error: &CaptureError, lang: Lang) -> Explained {
    match error {
        CaptureError::Take(cause) => {
            take(cause, lang).unwrap_or_else(|| explained(Exit::Failed, "reader-failed", error.to_string()))
        }
        CaptureError::Challenge(cause) => rejection(cause, lang),
        CaptureError::NoSigningSecret => explained(
            Exit::NotSetUp,
            "no-signing-secret",
            lang.pick(
                "tidak ada rahasia untuk menandatangani: gateway tidak terjangkau dan rahasia perangkat belum \
                 dipasang. Pasang dengan: loketctl secret set device-secret",
                "nothing to sign with: the gateway cannot be reached and no device secret is set. Set one with: \
                 loketctl secret set device-secret",
            ),
        ),
        CaptureError::Outbox(cause) => outbox(cause, lang),
        CaptureError::Bundle(_) | CaptureError::Submission(_) => {
            explained(Exit::Failed, "bundle", error.to_string())
        }
    }
}

fn installation(error: &InstallationError, lang: Lang) -> Explained {
    match error {
        InstallationError::DataDir(DataDirError::Io { path, source }) => {
            let path = path.display();
            let text = lang.pick(
                format!(
                    "folder data {path} tidak dapat dipakai: {source}. Pilih folder lain dengan --data-dir"
                ),
                format!("cannot use the data folder {path}: {source}. Choose another with --data-dir"),
            );
            explained(Exit::NotSetUp, "data-dir", text)
        }
        InstallationError::DataDir(DataDirError::NoHome) => {
            let text = lang.pick(
                "pengguna ini tidak punya folder rumah; sebutkan folder data dengan --data-dir".to_owned(),
                error.to_string(),
            );
            explained(Exit::NotSetUp, "data-dir", text)
        }
        InstallationError::Config(cause) => explained(Exit::NotSetUp, "config", config(cause, lang)),
    }
}

fn config(error: &ConfigError, lang: Lang) -> String {
    match error {
        ConfigError::Io { path, source } => lang.pick(
            format!("{} tidak dapat dipakai: {source}", path.display()),
            format!("cannot use {}: {source}", path.display()),
        ),
        ConfigError::Syntax { path, reason } => lang.pick(
            format!("{} bukan berkas pengaturan yang sah: {reason}", path.display()),
            error_text(path, reason),
        ),
        ConfigError::Value { key, origin, reason } => lang.pick(
            format!("pengaturan {key} di {origin}: {reason}"),
            format!("setting {key} in {origin}: {reason}"),
        ),
    }
}

fn error_text(path: &std::path::Path, reason: &str) -> String {
    format!("{} is not a valid settings file: {reason}", path.display())
}

/// A queue that cannot be opened.
pub fn queue(error: &QueueError, lang: Lang) -> Explained {
    match error {
        QueueError::Key(cause) => key(cause, lang),
        QueueError::Open(OpenError::WrongKey { path, made_with, at_hand }) => {
            let path = path.display();
            let text = lang.pick(
                format!(
                    "antrean {path} dibuat dengan kunci {made_with}, tetapi kunci yang ada {at_hand}; tidak ada \
                     yang diubah. Pakai kunci yang semula (LOKET_KEY_FILE atau keyring)"
                ),
                format!(
                    "the queue {path} was made with key {made_with}, but the key at hand is {at_hand}; nothing was \
                     changed. Use the key it was made with (LOKET_KEY_FILE or keyring)"
                ),
            );
            explained(Exit::NotSetUp, "wrong-key", text)
        }
        QueueError::Open(OpenError::DiskFull(_)) => disk_full(lang),
        QueueError::Open(cause) => explained(Exit::Failed, "queue", cause.to_string()),
    }
}

fn key(error: &KeySourceError, lang: Lang) -> Explained {
    match error {
        KeySourceError::KeyFile(error) => key_file(error, lang),
        KeySourceError::Keyring(cause) => {
            let how = lang.pick(
                "Buat berkas kunci dengan: loketctl key create BERKAS, lalu: export LOKET_KEY_FILE=BERKAS",
                "Make a key file with: loketctl key create FILE, then: export LOKET_KEY_FILE=FILE",
            );
            let what = match cause {
                KeyringError::Unavailable { reason } => lang.pick(
                    format!("tidak ada keyring pada sesi ini ({reason})"),
                    format!("there is no keyring in this session ({reason})"),
                ),
                KeyringError::NoKey(_) => lang.pick(
                    "keyring tidak memegang kunci untuk antrean yang sudah ada ini".to_owned(),
                    "the keyring holds no key for this existing queue".to_owned(),
                ),
                KeyringError::NotAKey(_) | KeyringError::Exists(_) | KeyringError::Randomness(_) => {
                    cause.to_string()
                }
            };
            explained(Exit::NotSetUp, "no-key", format!("{what}. {how}"))
        }
    }
}

fn key_file(error: &KeyFileError, lang: Lang) -> Explained {
    match error {
        KeyFileError::Missing(path) => {
            let path = path.display();
            let text = lang.pick(
                format!("tidak ada berkas kunci di {path}. Buat dengan: loketctl key create {path}"),
                format!("there is no key file at {path}. Make one with: loketctl key create {path}"),
            );
            explained(Exit::NotSetUp, "no-key", text)
        }
        KeyFileError::TooOpen { path, .. } => {
            let path = path.display();
            let text = lang.pick(
                format!("berkas kunci {path} terbuka bagi pengguna lain; jalankan: chmod 600 {path}"),
                format!("key file {path} is open to other users; run: chmod 600 {path}"),
            );
            explained(Exit::NotSetUp, "key-too-open", text)
        }
        KeyFileError::Exists(path) => {
            let path = path.display();
            let text = lang.pick(
                format!("{path} sudah ada dan tidak ditimpa"),
                format!("{path} exists already and is not overwritten"),
            );
            explained(Exit::Failed, "exists", text)
        }
        KeyFileError::NotAKey(_) | KeyFileError::Io { .. } | KeyFileError::Randomness(_) => {
            explained(Exit::NotSetUp, "no-key", error.to_string())
        }
    }
}

/// A gateway that cannot be spoken to.
pub fn connect(error: &ConnectError, lang: Lang) -> Explained {
    match error {
        ConnectError::NoGateway(path) => {
            let path = path.display();
            let text = lang.pick(
                format!(
                    "gateway belum diatur: isi gateway.base_url di {path} atau LOKET_GATEWAY_URL (untuk mencoba: \
                     loketctl simulate --write-config)"
                ),
                format!(
                    "no gateway is set: put gateway.base_url into {path} or set LOKET_GATEWAY_URL (to try things \
                     out: loketctl simulate --write-config)"
                ),
            );
            explained(Exit::NotSetUp, "no-gateway", text)
        }
        ConnectError::Secret(error) => secret(error, lang),
        ConnectError::NoOneKyc(path) => {
            let path = path.display();
            let text = lang.pick(
                format!("OneKYC dipilih, tetapi onekyc.base_url atau onekyc.token_url belum ada di {path}"),
                error.to_string(),
            );
            explained(Exit::NotSetUp, "no-gateway", text)
        }
        ConnectError::NotEnrolled(path) => {
            let path = path.display();
            let text = lang.pick(
                format!(
                    "mesin ini belum terdaftar di backend mitra (backend di {path}): loketctl enrol --backend URL \
                     --code KODE"
                ),
                format!(
                    "this machine is not enrolled at the partner's backend (backend in {path}): loketctl enrol \
                     --backend URL --code CODE"
                ),
            );
            explained(Exit::NotSetUp, "not-enrolled", text)
        }
        ConnectError::KioskKey => {
            let text = lang.pick(
                "kiosk-key rusak; daftarkan mesin ini lagi (loketctl enrol)".to_owned(),
                error.to_string(),
            );
            explained(Exit::NotSetUp, "not-enrolled", text)
        }
        ConnectError::Endpoint(_)
        | ConnectError::Client(_)
        | ConnectError::OneKyc(_)
        | ConnectError::Tls(_) => explained(Exit::NotSetUp, "gateway", error.to_string()),
    }
}

/// Why this machine is not enrolled.
fn enrol(error: &EnrolError, lang: Lang) -> Explained {
    match error {
        EnrolError::Standing(id) => {
            let text = lang.pick(
                format!("mesin ini sudah terdaftar sebagai {id}; untuk menggantinya: --replace"),
                format!("this machine is enrolled as {id}; to enrol it anew in place of that: --replace"),
            );
            explained(Exit::Usage, "enrolled", text)
        }
        EnrolError::Backend(ClientError::Refused(refusal)) => {
            let (code, detail) = (&refusal.code, &refusal.detail);
            let text = lang.pick(
                format!("backend menolak ({code}): {detail}"),
                format!("the backend refuses ({code}): {detail}"),
            );
            explained(Exit::Refused, "enrolment-refused", text)
        }
        EnrolError::Backend(ClientError::Unreachable(_) | ClientError::Unreadable) => {
            let text = lang.pick(
                "backend tidak menjawab; ulangi nanti dengan kode yang sama".to_owned(),
                format!("{error}; try again later with the same code"),
            );
            explained(Exit::TryLater, "backend", text)
        }
        EnrolError::Endpoint(_)
        | EnrolError::Tls(_)
        | EnrolError::NoRandomness
        | EnrolError::Keep(_)
        | EnrolError::Settings(_) => explained(Exit::NotSetUp, "enrolment", error.to_string()),
    }
}

/// A secret that cannot be had.
pub fn secret(error: &SecretError, lang: Lang) -> Explained {
    let text = match error {
        SecretError::Missing(name) => lang.pick(
            format!(
                "{} belum dipasang: isi {}, sebutkan berkas dengan {}, atau simpan dengan: loketctl secret set {}",
                name.word(),
                name.variable(),
                name.file_variable(),
                name.word()
            ),
            error.to_string(),
        ),
        SecretError::File { name, path, reason } => lang.pick(
            format!("{} tidak dapat dipakai sebagai {}: {reason}", path.display(), name.word()),
            error.to_string(),
        ),
        SecretError::Keyring { name, reason } => {
            lang.pick(format!("keyring tidak menerima {}: {reason}", name.word()), error.to_string())
        }
    };
    explained(Exit::NotSetUp, "secret", text)
}

fn disk_full(lang: Lang) -> Explained {
    let text = lang.pick(
        "disk penuh: tidak ada yang ditambahkan atau diubah, antrean sebelumnya utuh. Kosongkan ruang, lalu ulangi",
        "the disk is full: nothing was added or changed, earlier items are intact. Free some space, then repeat",
    );
    explained(Exit::Failed, "disk-full", text)
}

/// A queue that does not do what it was asked.
pub fn outbox(error: &OutboxError, lang: Lang) -> Explained {
    match error {
        OutboxError::DiskFull => disk_full(lang),
        OutboxError::NotFound(id) => {
            let text = lang.pick(format!("tidak ada {id} di antrean"), format!("no item {id} in the queue"));
            explained(Exit::Usage, "no-such-item", text)
        }
        OutboxError::Busy => {
            let text = lang.pick(
                "antrean sedang dipakai proses lain; ulangi",
                "another process keeps the queue busy; repeat",
            );
            explained(Exit::TryLater, "busy", text)
        }
        OutboxError::Corrupt(_)
        | OutboxError::WrongState { .. }
        | OutboxError::LeaseLost(_)
        | OutboxError::PayloadGone(_)
        | OutboxError::AlreadyClaimed(_)
        | OutboxError::Sealed { .. }
        | OutboxError::Inconsistent { .. }
        | OutboxError::Randomness(_)
        | OutboxError::Storage(_) => explained(Exit::Failed, "queue", error.to_string()),
    }
}

/// What the partner answered instead of yes.
pub fn rejection(error: &Rejection, lang: Lang) -> Explained {
    let code = error.code();
    match error {
        Rejection::Retryable { .. } | Rejection::NeedsRecovery { .. } => {
            let text = lang.pick(
                format!("gateway tidak dapat menjawab sekarang ({code}); ulangi nanti"),
                format!("the gateway cannot answer now ({code}); try again later"),
            );
            explained(Exit::TryLater, code, text)
        }
        Rejection::Blocked { detail, .. }
        | Rejection::Permanent { detail, .. }
        | Rejection::ChallengeSpent { detail } => {
            let detail = detail.reveal();
            let text = lang.pick(
                format!("gateway menolak ({code}): {detail}"),
                format!("the gateway refuses ({code}): {detail}"),
            );
            explained(Exit::Refused, code, text)
        }
    }
}

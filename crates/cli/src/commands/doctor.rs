//! `doctor`: what is wrong here, and how to mend it.
//!
//! Invariant: every finding that is not good comes with something to do about it.

use engine::Installation;
use engine::doctor::{
    BackendState, DoctorParams, Finding, FolderState, GatewayState, Health, QueueTrouble, examine,
};
use engine::{SecretName, SecretOrigin};
use gateway::{BlockReason, Rejection};
use serde::Serialize;

use super::runtime;
use crate::exit::Exit;
use crate::explain;
use crate::lang::Lang;
use crate::terminal::Terminal;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingView {
    part: &'static str,
    health: &'static str,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

/// What was found, in words, and what to do about it.
struct Told {
    found: String,
    mend: Option<String>,
}

impl Told {
    fn good(found: impl Into<String>) -> Self {
        Self { found: found.into(), mend: None }
    }

    fn mend(found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { found: found.into(), mend: Some(mend.into()) }
    }
}

/// Examines the installation and tells what was found.
pub fn run(installation: &Installation, terminal: &Terminal) -> anyhow::Result<Exit> {
    let findings = runtime()?.block_on(examine(installation));
    let params = DoctorParams::default();
    let mut worst = Health::Good;
    let mut views = Vec::with_capacity(findings.len());
    for finding in &findings {
        let health = finding.health(&params);
        worst = worst.max(health);
        let Told { found, mend } = tell(finding, installation, health, terminal.lang);
        terminal.say(format!("{} {:<9} {found}", mark(health), part(finding)));
        if let Some(mend) = &mend {
            terminal.say(format!("            → {mend}"));
        }
        views.push(FindingView { part: part(finding), health: word(health), found, mend });
    }
    terminal.emit(&serde_json::json!({"health": word(worst), "findings": views}))?;
    Ok(if worst == Health::Bad { Exit::NotSetUp } else { Exit::Done })
}

fn mark(health: Health) -> &'static str {
    match health {
        Health::Good => "✓",
        Health::Poor => "!",
        Health::Bad => "✗",
    }
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Good => "good",
        Health::Poor => "poor",
        Health::Bad => "bad",
    }
}

fn part(finding: &Finding) -> &'static str {
    match finding {
        Finding::Folder(_) => "data",
        Finding::Disk(_) => "disk",
        Finding::Models(_) => "models",
        Finding::Queue(_) => "queue",
        Finding::Audit(_) => "audit",
        Finding::Secret(name, _) => match name {
            SecretName::ApiKey => "api-key",
            SecretName::DeviceSecret => "device",
            SecretName::OneKycClientId | SecretName::OneKycPassKey => "onekyc",
            SecretName::LaunchKey => "launch",
            SecretName::KioskKey => "kiosk",
        },
        Finding::Gateway(_) => "gateway",
        Finding::Backend(_) => "backend",
        Finding::Cameras(_) => "camera",
    }
}

fn tell(finding: &Finding, installation: &Installation, health: Health, lang: Lang) -> Told {
    match finding {
        Finding::Folder(state) => folder(state, installation, lang),
        Finding::Disk(free) => disk(free, health, lang),
        Finding::Models(Ok(ms)) => {
            Told::good(lang.pick(format!("siap dalam {ms} ms"), format!("ready in {ms} ms")))
        }
        Finding::Models(Err(error)) => Told::mend(
            error.to_string(),
            lang.pick(
                "pasang ulang perangkat lunak ini, atau periksa LOKET_MODELS_DIR",
                "install this software again, or check LOKET_MODELS_DIR",
            ),
        ),
        Finding::Queue(state) => queue(state, lang),
        Finding::Audit(Ok(entries)) => {
            Told::good(lang.pick(format!("{entries} baris, utuh"), format!("{entries} lines, whole")))
        }
        Finding::Audit(Err(error)) => Told::mend(
            error.to_string(),
            lang.pick(
                "seseorang mengubah berkas antrean: simpan salinannya dan laporkan",
                "somebody changed the queue's file: keep a copy and report it",
            ),
        ),
        Finding::Secret(_, Ok(origin)) => Told::good(origin_text(origin, lang)),
        Finding::Secret(name, Err(error)) => secret(*name, explain::secret(error, lang).text, lang),
        Finding::Gateway(state) => gateway(state, health, lang),
        Finding::Backend(state) => backend(state, lang),
        Finding::Cameras(found) => cameras(found, lang),
    }
}

fn folder(state: &FolderState, installation: &Installation, lang: Lang) -> Told {
    let path = installation.dir.path().display();
    match state {
        FolderState::Private => Told::good(path.to_string()),
        FolderState::OpenToOthers(bits) => Told::mend(
            lang.pick(
                format!("{path} terbuka bagi pengguna lain ({bits:03o})"),
                format!("{path} is open to other users ({bits:03o})"),
            ),
            format!("chmod 700 {path}"),
        ),
        FolderState::NotWritable(error) => Told::mend(
            lang.pick(
                format!("{path} tidak dapat ditulisi: {error}"),
                format!("{path} cannot be written to: {error}"),
            ),
            lang.pick(
                "perbaiki izinnya, atau pilih folder lain dengan --data-dir",
                "mend its permissions, or choose another folder with --data-dir",
            ),
        ),
    }
}

fn disk(free: &Result<u64, std::io::Error>, health: Health, lang: Lang) -> Told {
    let free = match free {
        Ok(bytes) => format!("{:.1} GB", *bytes as f64 / 1e9),
        Err(error) => return Told::mend(error.to_string(), lang.pick("periksa disk", "check the disk")),
    };
    let found = lang.pick(format!("{free} kosong"), format!("{free} free"));
    match health {
        Health::Good => Told::good(found),
        Health::Poor | Health::Bad => Told::mend(
            found,
            lang.pick("kosongkan ruang: antrean bisa penuh", "free some space: the queue may run full"),
        ),
    }
}

fn queue(state: &Result<Option<engine::CountsView>, QueueTrouble>, lang: Lang) -> Told {
    match state {
        Ok(Some(counts)) => Told::good(lang.pick(
            format!("{} menunggu, {} disisihkan", counts.waiting + counts.sending, counts.parked),
            format!("{} waiting, {} parked", counts.waiting + counts.sending, counts.parked),
        )),
        Ok(None) => Told::good(lang.pick("belum ada; kuncinya siap", "none yet; its key is at hand")),
        Err(QueueTrouble::Open(error)) => {
            let told = explain::queue(error, lang);
            let mend = lang.pick(
                "loketctl key create BERKAS; export LOKET_KEY_FILE=BERKAS",
                "loketctl key create FILE; export LOKET_KEY_FILE=FILE",
            );
            match told.code {
                "no-key" => Told::mend(told.text, mend),
                _ => Told::mend(
                    told.text,
                    lang.pick(
                        "pakai kunci semula, atau pulihkan berkas antrean dari cadangan",
                        "use the key it was made with, or restore the queue's files from a backup",
                    ),
                ),
            }
        }
        Err(QueueTrouble::Use(error)) => Told::mend(
            explain::outbox(error, lang).text,
            lang.pick(
                "ulangi; bila tetap, pulihkan dari cadangan",
                "repeat; if it stays, restore from a backup",
            ),
        ),
    }
}

fn origin_text(origin: &SecretOrigin, lang: Lang) -> String {
    match origin {
        SecretOrigin::Variable(name) => lang.pick(format!("dari {name}"), format!("from {name}")),
        SecretOrigin::File(path) => {
            lang.pick(format!("dari {}", path.display()), format!("from {}", path.display()))
        }
        SecretOrigin::Keyring => lang.pick("dari keyring", "from the keyring").to_owned(),
    }
}

fn secret(name: SecretName, found: String, lang: Lang) -> Told {
    let command = format!("loketctl secret set {}", name.word());
    match name {
        SecretName::ApiKey
        | SecretName::OneKycClientId
        | SecretName::OneKycPassKey
        | SecretName::KioskKey => Told::mend(found, command),
        SecretName::LaunchKey => Told::mend(found, "loketctl launch-key create".to_owned()),
        SecretName::DeviceSecret => Told::mend(
            found,
            lang.pick(
                format!("{command} (tanpa ini, tangkapan hanya bisa saat terhubung)"),
                format!("{command} (without it, captures are possible online only)"),
            ),
        ),
    }
}

fn gateway(state: &GatewayState, health: Health, lang: Lang) -> Told {
    match state {
        GatewayState::NotSet(error) => Told::mend(
            explain::connect(error, lang).text,
            lang.pick("atur gateway; untuk mencoba: loketctl simulate --write-config", "set a gateway; to try things out: loketctl simulate --write-config"),
        ),
        GatewayState::Reached { took_ms, skew_s } => {
            let found = lang.pick(
                format!("menjawab dalam {took_ms} ms, selisih jam {skew_s} detik"),
                format!("answers in {took_ms} ms, clocks differ by {skew_s} s"),
            );
            match health {
                Health::Good => Told::good(found),
                Health::Poor | Health::Bad => Told::mend(
                    found,
                    lang.pick("setel jam mesin ini (mis. timedatectl set-ntp true)", "set this machine's clock (e.g. timedatectl set-ntp true)"),
                ),
            }
        }
        GatewayState::Refused(rejection) => Told::mend(
            explain::rejection(rejection, lang).text,
            lang.pick(
                "minta kunci API dengan lingkup customers:write, customers:view, verifications:view",
                "ask the partner for an API key with the scopes customers:write, customers:view, verifications:view",
            ),
        ),
        GatewayState::Unreachable(rejection) => Told::mend(
            explain::rejection(rejection, lang).text,
            lang.pick("periksa jaringan dan gateway.base_url; tangkapan tetap masuk antrean", "check the network and gateway.base_url; captures are queued all the same"),
        ),
    }
}

fn backend(state: &BackendState, lang: Lang) -> Told {
    let enrol = lang.pick(
        "minta kode kepada operator, lalu: loketctl enrol --backend URL --code KODE --replace",
        "ask the operator for a code, then: loketctl enrol --backend URL --code CODE --replace",
    );
    match state {
        BackendState::Reached { took_ms } => Told::good(lang.pick(
            format!("mengenali mesin ini, menjawab dalam {took_ms} ms"),
            format!("knows this machine, answers in {took_ms} ms"),
        )),
        BackendState::NotSet(error) => Told::mend(explain::connect(error, lang).text, enrol),
        BackendState::Refused(rejection) => {
            let mend = match rejection {
                Rejection::Blocked { reason: BlockReason::ClockWrong, .. } => {
                    lang.pick("setel jam mesin ini", "set this machine's clock")
                }
                Rejection::Blocked { .. }
                | Rejection::Permanent { .. }
                | Rejection::Retryable { .. }
                | Rejection::NeedsRecovery { .. }
                | Rejection::ChallengeSpent { .. } => enrol,
            };
            Told::mend(explain::rejection(rejection, lang).text, mend)
        }
        BackendState::Unreachable(rejection) => Told::mend(
            explain::rejection(rejection, lang).text,
            lang.pick(
                "periksa jaringan dan backend.url; tangkapan tetap masuk antrean",
                "check the network and backend.url; captures are queued all the same",
            ),
        ),
    }
}

fn cameras(found: &Result<Vec<camera::Device>, camera::DevicesError>, lang: Lang) -> Told {
    let plug = lang.pick(
        "sambungkan kamera; berkas dan folder tetap dapat dipakai",
        "plug a camera in; files and folders work without one",
    );
    match found {
        Ok(devices) if devices.is_empty() => Told::mend(lang.pick("tidak ada kamera", "no camera"), plug),
        Ok(devices) => {
            let names: Vec<String> = devices.iter().map(|d| format!("{} ({})", d.name, d.place)).collect();
            let denied = devices.iter().any(|device| device.access == camera::DeviceAccess::Denied);
            let found = names.join(", ");
            if denied {
                let mend = lang.pick(
                    "izinkan pengguna ini: sudo usermod -aG video $USER, lalu masuk kembali",
                    "allow this user: sudo usermod -aG video $USER, then log in again",
                );
                return Told::mend(found, mend);
            }
            Told::good(found)
        }
        Err(error) => Told::mend(error.to_string(), plug),
    }
}

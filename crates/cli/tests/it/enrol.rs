//! `enrol` against the partner's backend, a process beside this one, and what `doctor` says of it afterwards.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::Ctl;

/// A backend whose platform is nowhere: enrolling does not need it.
struct Backend {
    ctl: Ctl,
    config: PathBuf,
    serving: Option<(Child, String)>,
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Built with the workspace; `cargo test --package cli` alone does not build it.
fn program() -> PathBuf {
    let name = format!("loket-backend{}", std::env::consts::EXE_SUFFIX);
    let program = PathBuf::from(env!("CARGO_BIN_EXE_loketctl")).with_file_name(name);
    assert!(program.is_file(), "{} is not here; run: cargo build --package backend", program.display());
    program
}

impl Backend {
    fn new() -> Self {
        let ctl = Ctl::without_key();
        let secret = ctl.path("secret");
        std::fs::write(&secret, "synthetic").unwrap();
        let config = ctl.path("backend.toml");
        let text = format!(
            "listen = \"127.0.0.1:0\"\n[storage.sqlite]\npath = {:?}\n[onekyc]\ntoken_host = \"http://127.0.0.1:9\"\n\
             base_url = \"http://127.0.0.1:9/onekyc\"\nclient_id = {{ file = {secret:?} }}\n\
             pass_key = {{ file = {secret:?} }}\n[onekyc.onboarding_partner]\nKTP_SCAN = \"T-SDK-COE_KTP_SCAN\"\n",
            ctl.path("backend.sqlite")
        );
        std::fs::write(&config, text).unwrap();
        let mut backend = Self { ctl, config, serving: None };
        backend.start();
        backend
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program());
        command.arg("--config").arg(&self.config).env("LOKET_BACKEND_LOG", "info");
        command
    }

    fn start(&mut self) {
        let mut child = self.command().arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the backend ended");
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = said["fields"]["address"].as_str() {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        self.serving = Some((child, format!("http://{address}")));
    }

    fn stop(&mut self) {
        if let Some((mut child, _)) = self.serving.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }

    fn url(&self) -> &str {
        &self.serving.as_ref().unwrap().1
    }

    fn does(&self, words: &[&str]) -> String {
        let output = self.command().args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn enrol(&self, code: &str, more: &[&str]) -> (i32, Value) {
        let words = ["enrol", "--backend", self.url(), "--code", code, "--file"];
        self.ctl.json(words.iter().chain(more))
    }

    /// What the doctor says of the backend: how it is, and what was found.
    fn diagnosis(&self) -> (String, String) {
        let (_, doctor) = self.ctl.json(["doctor"]);
        let findings = doctor["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["part"] == "backend").expect("a line for it");
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        (text("health"), text("found"))
    }
}

#[test]
fn a_machine_enrols_once_and_the_doctor_knows_how_it_stands() {
    let mut backend = Backend::new();
    let (_, doctor) = backend.ctl.json(["doctor"]);
    assert!(!doctor.to_string().contains("\"backend\""), "no line where none is set");
    let code = backend.does(&["enrol", "--label", "counter 12"]);
    let (exit, said) = backend.enrol(&code, &[]);
    assert_eq!((exit, &said["label"]), (0, &"counter 12".into()), "{said}");
    let kiosk = said["kioskId"].as_str().unwrap().to_owned();
    let settings = std::fs::read_to_string(backend.ctl.path("data/config.toml")).unwrap();
    for word in [&kiosk, "provider = \"onekyc\"", "http://127.0.0.1:9/onekyc"] {
        assert!(settings.contains(word), "{word}: {settings}");
    }
    assert!(backend.ctl.path("data/credentials/kiosk-key").is_file());
    assert_eq!(backend.diagnosis().0, "good");

    let (exit, said) = backend.enrol(&code, &[]);
    assert_eq!((exit, &said["error"]["code"]), (2, &"enrolled".into()), "{said}");
    let (_, said) = backend.enrol(&code, &["--replace"]);
    assert_eq!(said["error"]["code"], "enrolment-refused", "{said}");
    assert!(said["error"]["detail"].as_str().unwrap().contains("code_used"), "{said}");
    assert_eq!(backend.diagnosis().0, "good", "the enrolment that stands still does");

    backend.does(&["revoke", &kiosk]);
    let (health, found) = backend.diagnosis();
    assert_eq!(health, "bad");
    assert!(found.contains("not_enrolled") && found.contains("revoked by an operator"), "{found}");
    let code = backend.does(&["enrol", "--label", "counter 12"]);
    let (exit, said) = backend.enrol(&code, &["--replace"]);
    assert_eq!(exit, 0, "{said}");
    assert_ne!(said["kioskId"], kiosk.as_str());
    assert_eq!(backend.diagnosis().0, "good");

    backend.stop();
    assert_eq!(backend.diagnosis().0, "poor");
}

#[test]
fn codes_go_to_encrypted_or_local_backends_only() {
    let ctl = Ctl::without_key();
    let words = ["enrol", "--backend", "http://kyc.example.test", "--code", "0000-0000-0000-0000", "--file"];
    let (exit, said) = ctl.json(words);
    assert_eq!((exit, &said["error"]["code"]), (6, &"enrolment".into()), "{said}");
    assert!(!ctl.path("data/credentials/kiosk-key").exists());
}

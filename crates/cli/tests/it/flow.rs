//! From a folder of frames to the partner's receipt, across processes and troubles.

use std::path::{Path, PathBuf};

use serde_json::Value;
use simulator::{Running, SimulatorConfig};
use tokio::runtime::Runtime;

use crate::support::{Ctl, demo_capture, demo_truth};

/// A partner on this machine and an installation that knows it.
struct Bench {
    ctl: Ctl,
    partner: Running,
    customer: String,
    _runtime: Runtime,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let device_secret = simulator::generate_secret();
        let config =
            SimulatorConfig { device_secrets: vec![device_secret.clone()], ..SimulatorConfig::default() };
        let partner = runtime.block_on(simulator::start(config)).unwrap();
        let ctl = Ctl::new()
            .with("LOKET_GATEWAY_URL", &partner.base_url)
            .with("LOKET_API_KEY", &partner.api_key)
            .with("LOKET_DEVICE_SECRET", &device_secret);
        let (code, made) = ctl.json(["customer", "create", "--name", "PELANGGAN CONTOH"]);
        assert_eq!(code, 0, "{made}");
        let customer = made["id"].as_str().unwrap().to_owned();
        Self { ctl, partner, customer, _runtime: runtime }
    }

    fn capture(&self, extra: &[&str]) -> Value {
        let frames = demo_capture();
        let args = ["capture", frames.to_str().unwrap(), "--customer", &self.customer];
        let (code, said) = self.ctl.json(args.iter().chain(extra));
        assert!([0, 5].contains(&code), "{said}");
        said
    }

    fn items(&self) -> Vec<Value> {
        self.ctl.json(["queue", "list"]).1["items"].as_array().unwrap().clone()
    }
}

/// Everything below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Nothing of the card, no picture and no customer's id in any file of the data folder.
fn assert_nothing_readable(bench: &Bench) {
    let truth = demo_truth();
    let mut needles: Vec<Vec<u8>> = vec![b"JFIF".to_vec(), b"/9j/4AAQSkZJRg".to_vec()];
    needles.push(bench.customer.clone().into_bytes());
    for key in ["nik", "fullName", "address", "kelurahan", "dateOfBirth"] {
        needles.push(truth[key].as_str().unwrap().as_bytes().to_vec());
    }
    let queue: Vec<PathBuf> = files(&bench.ctl.path("data"));
    assert!(queue.iter().any(|file| file.ends_with("queue.db")));
    for file in queue {
        let bytes = std::fs::read(&file).unwrap();
        for needle in &needles {
            assert!(
                !holds(&bytes, needle),
                "{:?} is readable in {}",
                String::from_utf8_lossy(needle),
                file.display()
            );
        }
    }
}

#[test]
fn a_capture_is_kept_sealed_and_delivered_once() {
    let bench = Bench::new();
    let said = bench.capture(&[]);
    assert_eq!(said["queued"]["flash"], "source-cannot-be-lit");
    let id = said["queued"]["id"].as_str().unwrap();
    assert_eq!(bench.items()[0]["state"], "waiting");
    assert_nothing_readable(&bench);

    let (code, pass) = bench.ctl.json(["sync"]);
    assert_eq!((code, &pass["delivered"]), (0, &1.into()), "{pass}");
    let captures = bench.partner.captures().unwrap();
    assert_eq!(captures.len(), 1);
    let (_, shown) = bench.ctl.json(["queue", "show", id]);
    assert_eq!((&shown["state"], &shown["hasCapture"]), (&"delivered".into(), &false.into()), "{shown}");
    assert_eq!(shown["receipt"]["assuranceTier"], "standard", "no flash was played: {shown}");
    assert_eq!(shown["receipt"]["verificationId"].as_str(), Some(captures[0].verification_id.as_str()));
    assert_nothing_readable(&bench);

    assert_eq!(bench.ctl.json(["sync"]).1["delivered"], 0, "nothing is sent twice");
    assert_eq!(bench.partner.captures().unwrap().len(), 1);
    let (_, tier) = bench.ctl.json(["customer", "show", &bench.customer]);
    assert_eq!(tier["kycLevel"], "standard");
    let export = bench.ctl.run(["queue", "export"]).out;
    assert!(export.contains(id) && export.contains("\"audit\""), "{export}");
    assert!(!export.contains(demo_truth()["nik"].as_str().unwrap()));
}

#[test]
fn light_that_was_seen_lifts_the_tier() {
    let bench = Bench::new();
    let said = bench.capture(&["--simulated-light"]);
    assert_eq!(said["queued"]["flash"], "played");
    assert_eq!(bench.ctl.run(["sync"]).code, 0);
    let receipt = &bench.items()[0]["receipt"];
    assert_eq!(
        (&receipt["assuranceTier"], &receipt["verdict"]),
        (&"high".into(), &"passed".into()),
        "{receipt}"
    );
}

#[test]
fn offline_captures_wait_and_leave_later() {
    let bench = Bench::new();
    let url = bench.partner.base_url.clone();
    let Bench { ctl, partner, customer, _runtime } = bench;
    // A port nobody listens on.
    let bench = Bench {
        ctl: ctl.with("LOKET_GATEWAY_URL", "http://127.0.0.1:9/identity"),
        partner,
        customer,
        _runtime,
    };
    let said = bench.capture(&["--simulated-light"]);
    assert_eq!(said["queued"]["flash"], "offline");
    let (code, pass) = bench.ctl.json(["sync"]);
    assert_eq!((code, &pass["link"], &pass["pending"]), (8, &"offline".into(), &1.into()), "{pass}");
    let Bench { ctl, partner, customer, _runtime } = bench;
    let bench = Bench { ctl: ctl.with("LOKET_GATEWAY_URL", &url), partner, customer, _runtime };
    assert_eq!(bench.ctl.run(["sync"]).code, 0);
    assert_eq!(bench.items()[0]["receipt"]["assuranceTier"], "standard");
}

#[test]
fn a_wrong_key_is_refused_and_changes_nothing() {
    let bench = Bench::new();
    bench.capture(&[]);
    let before = std::fs::read(bench.ctl.path("data/queue.db")).unwrap();
    let other = bench.ctl.path("other-key");
    assert_eq!(bench.ctl.run(["key", "create", other.to_str().unwrap()]).code, 0);
    let Bench { ctl, partner, customer, _runtime } = bench;
    let (right, wrong) = (ctl.path("key"), other);
    let ctl = ctl.with("LOKET_KEY_FILE", wrong.to_str().unwrap());
    for args in [&["queue", "list"][..], &["sync"], &["queue", "export"]] {
        let (code, said) = ctl.json(args);
        assert_eq!((code, &said["error"]["code"]), (6, &"wrong-key".into()), "{args:?}: {said}");
    }
    assert_eq!(std::fs::read(ctl.path("data/queue.db")).unwrap(), before);
    let ctl = ctl.with("LOKET_KEY_FILE", right.to_str().unwrap());
    let bench = Bench { ctl, partner, customer, _runtime };
    assert_eq!(bench.items()[0]["state"], "waiting");
}

#[test]
fn a_refused_key_stops_the_pass_and_the_item_waits() {
    let bench = Bench::new();
    bench.capture(&[]);
    let Bench { ctl, partner, customer, _runtime } = bench;
    let stranger = simulator::generate_api_key("sandbox");
    let bench = Bench { ctl: ctl.with("LOKET_API_KEY", &stranger), partner, customer, _runtime };
    assert_eq!(bench.ctl.json(["sync"]).0, 7);
    let item = bench.items().remove(0);
    assert_eq!(item["state"], "waiting");
    assert_eq!(bench.ctl.run(["queue", "retry", item["id"].as_str().unwrap()]).code, 0);
    let known = bench.partner.api_key.clone();
    let Bench { ctl, partner, customer, _runtime } = bench;
    let bench = Bench { ctl: ctl.with("LOKET_API_KEY", &known), partner, customer, _runtime };
    assert_eq!(bench.ctl.run(["sync"]).code, 0, "with the right key it leaves");
}

#[test]
fn a_refused_capture_is_parked_and_can_be_discarded() {
    let mut bench = Bench::new();
    bench.customer = "cus_unknown".to_owned();
    bench.capture(&[]);
    assert_eq!(bench.ctl.run(["sync"]).code, 7);
    let item = bench.items().remove(0);
    let id = item["id"].as_str().unwrap();
    assert_eq!((&item["state"], &item["reason"]), (&"parked".into(), &"unknown_customer".into()));
    assert_eq!(bench.ctl.run(["queue", "discard", id]).code, 2, "not without --yes");
    assert_eq!(bench.ctl.run(["queue", "discard", id, "--yes"]).code, 0);
    let item = bench.items().remove(0);
    assert_eq!((&item["state"], &item["hasCapture"]), (&"parked".into(), &false.into()));
    assert_eq!(bench.ctl.run(["queue", "retry", id]).code, 1, "there is nothing left to send");
    let other = uuid::Uuid::nil().to_string();
    assert_eq!(bench.ctl.run(["queue", "show", &other]).code, 2);
}

#[test]
fn a_picture_without_a_card_is_not_queued() {
    let bench = Bench::new();
    let desk = crate::support::repository("tests/data/hostile/desk.jpg");
    let (code, said) = bench.ctl.json(["capture", desk.to_str().unwrap(), "--customer", &bench.customer]);
    assert_eq!((code, &said["queued"]), (3, &Value::Null), "{said}");
    assert!(bench.items().is_empty());
}

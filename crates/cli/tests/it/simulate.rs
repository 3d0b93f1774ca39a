//! `simulate --write-config`, and then `capture` and `sync` in the same data folder just work.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::support::{Ctl, demo_capture};

struct Simulator(Child);

impl Drop for Simulator {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn start(ctl: &Ctl) -> (Simulator, Value) {
    let mut child = ctl
        .command(["simulate", "--bind", "127.0.0.1:0", "--write-config", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Simulator(child), serde_json::from_str(&line).unwrap())
}

#[test]
fn a_written_configuration_just_works() {
    let ctl = Ctl::new();
    let (_simulator, said) = start(&ctl);
    let settings = std::fs::read_to_string(ctl.path("data/config.toml")).unwrap();
    assert!(settings.contains(said["baseUrl"].as_str().unwrap()), "{settings}");
    let frames = demo_capture();
    let (code, queued) =
        ctl.json(["capture", frames.to_str().unwrap(), "--customer", "cus_0001", "--simulated-light"]);
    assert!([0, 5].contains(&code), "{queued}");
    let (code, pass) = ctl.json(["sync"]);
    assert_eq!((code, &pass["delivered"]), (0, &1.into()), "{pass}");
    let (_, doctor) = ctl.json(["doctor"]);
    let gateway = doctor["findings"].as_array().unwrap().iter().find(|f| f["part"] == "gateway").unwrap();
    assert_eq!(gateway["health"], "good", "{gateway}");
}

#[test]
fn settings_for_a_real_gateway_are_left_alone() {
    let ctl = Ctl::new();
    std::fs::create_dir_all(ctl.path("data")).unwrap();
    let text = "[gateway]\nbase_url = \"https://gateway.example.test/identity\"\n";
    std::fs::write(ctl.path("data/config.toml"), text).unwrap();
    let run = ctl.run(["simulate", "--bind", "127.0.0.1:0", "--memory", "--write-config"]);
    assert_eq!(run.code, 1);
    assert_eq!(std::fs::read_to_string(ctl.path("data/config.toml")).unwrap(), text);
}

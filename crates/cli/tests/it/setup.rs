//! What must be set up first is asked for precisely, and never guessed.

use crate::support::{Ctl, demo_capture};

fn capture(ctl: &Ctl) -> (i32, serde_json::Value) {
    ctl.json(["capture".as_ref(), demo_capture().as_os_str(), "--customer".as_ref(), "cus_0001".as_ref()])
}

#[test]
fn without_a_key_capture_says_how_to_make_one() {
    let (code, said) = capture(&Ctl::without_key());
    assert_eq!((code, &said["error"]["code"]), (6, &"no-key".into()), "{said}");
    assert!(said["error"]["detail"].as_str().unwrap().contains("loketctl key create"), "{said}");
    let ctl = Ctl::without_key().with("LOKET_KEY_FILE", "/nonexistent/key");
    let (code, said) = capture(&ctl);
    assert_eq!(code, 6);
    assert!(
        said["error"]["detail"].as_str().unwrap().contains("loketctl key create /nonexistent/key"),
        "{said}"
    );
}

#[test]
fn without_anything_to_sign_with_capture_says_what_is_missing() {
    let (code, said) = capture(&Ctl::new());
    assert_eq!((code, &said["error"]["code"]), (6, &"no-signing-secret".into()), "{said}");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let ctl = Ctl::new();
    std::fs::create_dir_all(ctl.path("data")).unwrap();
    std::fs::write(ctl.path("data/config.toml"), "[gateway]\nbase_ulr = \"x\"\n").unwrap();
    let (code, said) = ctl.json(["queue", "list"]);
    assert_eq!((code, &said["error"]["code"]), (6, &"config".into()));
    assert!(said["error"]["detail"].as_str().unwrap().contains("base_ulr"), "{said}");
    let insecure = Ctl::new().with("LOKET_GATEWAY_URL", "http://gateway.example.test");
    assert_eq!(insecure.json(["queue", "list"]).0, 6);
}

#[test]
fn looking_at_a_queue_that_never_was_makes_none() {
    let ctl = Ctl::without_key();
    let (code, said) = ctl.json(["queue", "list"]);
    assert_eq!((code, said["items"].as_array().map(Vec::len)), (0, Some(0)));
    assert_eq!(std::fs::read_dir(ctl.path("data")).unwrap().count(), 0);
}

#[test]
fn a_secret_comes_by_standard_input_and_stays_private() {
    let ctl = Ctl::new();
    let mut child = ctl
        .command(["secret", "set", "api-key", "--file"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"qe_sk_sandbox_EXAMPLE\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(!String::from_utf8_lossy(&output.stdout).contains("EXAMPLE"));
    let file = ctl.path("data/credentials/api-key");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "qe_sk_sandbox_EXAMPLE");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn a_launch_key_is_made_here_told_once_and_stays_private() {
    let ctl = Ctl::new();
    let made = || {
        let (code, said) = ctl.json(["launch-key", "create", "--file"]);
        assert_eq!(code, 0, "{said}");
        said["launchKey"].as_str().unwrap().to_owned()
    };
    let first = made();
    assert!(first.len() == 64 && first.chars().all(|digit| digit.is_ascii_hexdigit()), "{first}");
    let second = made();
    assert_ne!(first, second);
    let file = ctl.path("data/credentials/launch-key");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), second);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn the_doctor_names_every_part_and_how_to_mend_it() {
    let (code, said) = Ctl::without_key().json(["doctor"]);
    assert_eq!((code, &said["health"]), (6, &"bad".into()));
    let findings = said["findings"].as_array().unwrap();
    let parts: Vec<&str> = findings.iter().filter_map(|finding| finding["part"].as_str()).collect();
    assert_eq!(parts, ["data", "disk", "models", "queue", "api-key", "device", "gateway", "camera"]);
    for finding in findings.iter().filter(|finding| finding["health"] != "good") {
        assert!(!finding["mend"].as_str().unwrap().is_empty(), "{finding}");
    }
    let queue = findings.iter().find(|finding| finding["part"] == "queue").unwrap();
    assert!(queue["mend"].as_str().unwrap().contains("key create"), "{queue}");
}

#[test]
fn completions_are_printed_for_every_shell() {
    let ctl = Ctl::without_key();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = ctl.run(["completions", shell]);
        assert!(run.code == 0 && run.out.contains("loketctl"), "{shell}");
    }
}

//! `bench guidance` on two scripts: nothing goes wrong, a finger lies on the NIK; `bench liveness` on one frozen stream.

use crate::support::Ctl;

#[test]
fn guidance_is_measured() {
    let ctl = Ctl::without_key();
    let (code, said) = ctl.json(["bench", "guidance", "--scripts", "2"]);
    assert_eq!(code, 0);
    let mut keys: Vec<_> = said.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["analysisMs", "autoCaptureInTime", "hintInTime", "scripts", "wrongCaptures"]);
    assert_eq!((said["scripts"].as_u64(), said["wrongCaptures"].as_u64()), (Some(2), Some(0)));
    assert_eq!((said["hintInTime"].as_f64(), said["autoCaptureInTime"].as_f64()), (Some(1.0), Some(1.0)));
    assert!(said["analysisMs"]["p95"].as_f64() >= said["analysisMs"]["p50"].as_f64());
}

#[test]
fn liveness_is_measured_and_a_frozen_stream_does_not_pass() {
    let ctl = Ctl::without_key();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/sitters");
    let args = ["bench", "liveness", "--sitters", "1", "--only", "frozen_frame", "--folder", folder];
    let (code, said) = ctl.json(args);
    assert_eq!(code, 0);
    for key in ["bpcer", "groups", "species", "beyond", "injectedPassed", "frozenPassed", "analysisMs"] {
        assert!(said.get(key).is_some(), "{key}");
    }
    let frozen = &said["species"]["frozen_frame"];
    assert_eq!((frozen["apcerFlash"].as_f64(), frozen["apcerNoFlash"].as_f64()), (Some(0.0), Some(0.0)));
    assert_eq!((frozen["n"].as_u64(), said["frozenPassed"].as_u64()), (Some(1), Some(0)));
}

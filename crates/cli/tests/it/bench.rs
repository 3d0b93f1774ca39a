//! `bench guidance` on two scripts: nothing goes wrong, a finger lies on the NIK.

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

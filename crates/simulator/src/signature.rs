//! The bundle signature as the server checks it: HMAC-SHA256 over RFC 8785 canonical JSON, lower-case hex.
//! Invariant: the text that is verified is built here from the received JSON, never taken from the sender.
//! Deliberately lacks the alternative profiles: the server knows one, as a real one would.

use anyhow::Context;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Canonical bytes of `bundle` without its `signature` member.
pub fn canonical_unsigned(bundle: &Map<String, Value>) -> anyhow::Result<Vec<u8>> {
    let mut unsigned = bundle.clone();
    unsigned.remove("signature");
    serde_json_canonicalizer::to_vec(&unsigned).context("canonical JSON")
}

/// Lower-case hexadecimal HMAC-SHA256; the key is the whole secret string, prefix included.
pub fn hmac_hex(secret: &str, message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(message);
    hex::encode(mac.finalize().into_bytes())
}

/// Compares in time that does not depend on where the texts differ.
pub fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL: &str = r#"{"capturedAt":"2026-09-01T03:00:20.481Z","flashChallengeNonce":"b1f0c2aa-0000-4000-8000-000000000001","flashSamples":[{"meanB":30,"meanG":32,"meanR":231,"tMs":100}],"frames":["/9j/4AAQ"],"ocrConfidence":{"fullName":0.94,"nik":0.99},"ocrFields":{"fullName":"CONTOH NAMA","nik":"3174095207900000"},"platform":"web","sdkVersion":"kyc-kiosk-desktop@0.1.0","version":"1.0"}"#;

    #[test]
    fn golden_vector() {
        let mut bundle: Map<String, Value> = serde_json::from_str(CANONICAL).unwrap();
        bundle.insert("signature".to_owned(), Value::from("anything"));
        let canonical = canonical_unsigned(&bundle).unwrap();
        assert_eq!(String::from_utf8(canonical.clone()).unwrap(), CANONICAL);
        assert_eq!(
            hmac_hex("qe_whsec_EXAMPLEONLY", &canonical),
            "7672e0d25e5a1cd398fda9d3479abf0e35e424e1d601255a6f29a1b8fd640aaa"
        );
    }

    #[test]
    fn webhook_vector() {
        let body = br#"{"id":"evt_0001","event":"webhook.test","occurredAt":"2026-09-01T04:00:00.000Z","orgId":"org_0001","data":{"source":"test"}}"#;
        assert_eq!(
            hmac_hex("whsec_EXAMPLEONLY", body),
            "f97f321d136a10120da94a58062269f5bf6e33ef9001a1fbc54ed6a0f7ef774d"
        );
    }

    #[test]
    fn equality_is_by_content() {
        assert!(equal("abc", "abc"));
        assert!(!equal("abc", "abd"));
        assert!(!equal("abc", "ab"));
    }
}

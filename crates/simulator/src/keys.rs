//! Keys, secrets and identifiers the server hands out.
//! Invariant: API keys have the documented form `qe_sk_<env>_<32 base32 characters>`; only their digest is stored.
//! Deliberately lacks key rotation and expiry.

use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// RFC 4648 base32 alphabet.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_CHARS: usize = 32;

fn random_base32() -> String {
    let mut rng = rand::rng();
    (0..SECRET_CHARS).map(|_| char::from(BASE32[rng.random_range(0..BASE32.len())])).collect()
}

/// A fresh API key for `environment` (`sandbox` or `live`).
pub fn generate_api_key(environment: &str) -> String {
    format!("qe_sk_{environment}_{}", random_base32())
}

/// A fresh signing secret of the form the challenge hands out; also good as a device secret.
pub fn generate_secret() -> String {
    format!("qe_whsec_{}", random_base32())
}

/// A fresh identifier, ordered by time of making: `cus_…`, `ver_…`.
pub fn new_id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Whether `key` has the documented form for the sandbox, the only environment played here.
pub fn is_sandbox_key(key: &str) -> bool {
    key.strip_prefix("qe_sk_sandbox_")
        .is_some_and(|secret| secret.len() == SECRET_CHARS && secret.bytes().all(|b| BASE32.contains(&b)))
}

/// Whether a key with `granted` scopes may do what needs `needed` (legacy `read`/`write` are wildcards).
pub fn scope_allows(granted: &[String], needed: &str) -> bool {
    let wildcard = match needed.rsplit_once(':') {
        Some((_, "view")) => "read",
        Some((_, "write")) => "write",
        Some(_) | None => "",
    };
    granted.iter().any(|scope| scope == needed || (!wildcard.is_empty() && scope == wildcard))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_documented_form() {
        assert!(is_sandbox_key(&generate_api_key("sandbox")));
        for bad in ["", "qe_sk_live_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "qe_sk_sandbox_short"] {
            assert!(!is_sandbox_key(bad), "{bad}");
        }
        assert!(!is_sandbox_key(&generate_api_key("sandbox").to_lowercase()), "keys are case-sensitive");
    }

    #[test]
    fn scopes_match_exactly_or_by_legacy_wildcard() {
        let check = |granted: &[&str], needed: &str, expected: bool| {
            let granted: Vec<String> = granted.iter().map(|s| (*s).to_owned()).collect();
            assert_eq!(scope_allows(&granted, needed), expected, "{granted:?} {needed}");
        };
        check(&["customers:write"], "customers:write", true);
        check(&["customers:view"], "customers:write", false);
        check(&["write"], "customers:write", true);
        check(&["read"], "verifications:view", true);
        check(&["read"], "customers:write", false);
        check(&["read", "write"], "webhooks:manage", false);
    }
}

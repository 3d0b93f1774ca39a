//! Customers that no partner knows yet: captured offline, or by somebody who has no id of them.
//!
//! Invariant: a local id is made of a capture's own name, so that two captures never share one by chance, and no partner's
//! id looks like it. Deliberately lacks making the customer; `sync` does that before it sends.

use uuid::Uuid;

/// Partners' ids are opaque, but letters, digits and `_` in all that were seen.
const PREFIX: &str = "new:";

/// The id under which a capture waits whose customer the partner has yet to make.
#[must_use]
pub fn local_customer_id(capture: Uuid) -> String {
    format!("{PREFIX}{capture}")
}

/// Whether an id is a local one.
#[must_use]
pub fn is_local_customer(id: &str) -> bool {
    id.strip_prefix(PREFIX).is_some_and(|rest| Uuid::try_parse(rest).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_ids_are_local() {
        assert!(is_local_customer(&local_customer_id(Uuid::from_u128(7))));
        for id in ["cus_0001", "new:", "new:cus_0001", "00000000-0000-0000-0000-000000000007"] {
            assert!(!is_local_customer(id), "{id}");
        }
    }
}

//! One run of a flow: its names, made before the first call, and what is told when it starts.
//!
//! Invariant: the ids of a run do not change while it is captured again; a new start makes new ones.
//! Lacks on purpose: randomness. Whoever makes a run brings the ids.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::words::Flow;

/// The names of one run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowRun {
    /// What it is for.
    pub flow: Flow,
    /// `x-partner-session-id`, the correlation id.
    pub partner_session_id: Uuid,
    /// `x-sdk-session-id`.
    pub sdk_session_id: Uuid,
    /// Our name of the user.
    pub user_id: String,
    /// Standalone identity verification needs a contact that we verified.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact: Option<VerifiedContact>,
}

/// Where a user can be reached, verified by us.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedContact {
    /// Which kind.
    pub kind: ContactKind,
    /// Number or address.
    pub value: Zeroizing<String>,
    /// Our proof of the verification.
    pub verification_reference_id: String,
}

/// Kinds of contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContactKind {
    /// Begins with `62`, 11 to 15 digits.
    Phone,
    /// An address for mail.
    Email,
}

impl fmt::Debug for VerifiedContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedContact").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl VerifiedContact {
    /// Whether the partner can take it (contract A.7).
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let value = self.value.as_str();
        let well_formed = match self.kind {
            ContactKind::Phone => {
                value.starts_with("62")
                    && (11..=15).contains(&value.len())
                    && value.bytes().all(|byte| byte.is_ascii_digit())
            }
            ContactKind::Email => value
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@')),
        };
        well_formed && !self.verification_reference_id.is_empty()
    }
}

/// Who captures.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum LaunchSource {
    /// Our own capture; the answer is a token.
    #[default]
    Sdk,
    /// The vendor's page; the answer is its address.
    WebSdk {
        /// Where the browser goes at the end.
        success_url: String,
        /// Where it goes on an error.
        failure_url: String,
    },
}

/// Colours of the vendor's page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LaunchTheme {
    /// `DARK_MODE`
    Dark,
    /// `LIGHT_MODE`
    Light,
    /// `NO_PREFERENCE`
    NoPreference,
}

/// The optional parts of starting a flow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LaunchOptions {
    /// Who captures.
    pub source: LaunchSource,
    /// Left out if `None`.
    pub theme: Option<LaunchTheme>,
    /// `id_ID` or `en_ID`; left out if `None`.
    pub user_locale: Option<String>,
    /// Where the partner finds the picture to compare a face with.
    pub reference_image_url: Option<String>,
    /// Hand over to a phone if there is no camera.
    pub allow_qr: Option<bool>,
    /// Always hand over to a phone.
    pub force_qr: Option<bool>,
    /// Portrait only, on tablets and desktops.
    pub portrait_only: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_checked_before_they_are_sent() {
        let check = |kind, value: &str, reference: &str, expected: bool| {
            let value = Zeroizing::new(value.to_owned());
            let contact = VerifiedContact { kind, value, verification_reference_id: reference.to_owned() };
            assert_eq!(contact.is_well_formed(), expected, "{kind:?} {}", contact.value.as_str());
            assert!(!format!("{contact:?}").contains(contact.value.as_str()));
        };
        check(ContactKind::Phone, "6280000000000", "otp-1", true);
        check(ContactKind::Phone, "6280000000000", "", false);
        check(ContactKind::Phone, "0800000000000", "otp-1", false);
        check(ContactKind::Phone, "6280000000", "otp-1", false);
        check(ContactKind::Phone, "6280000000000000", "otp-1", false);
        check(ContactKind::Phone, "62800000000ab", "otp-1", false);
        check(ContactKind::Email, "a@example.test", "otp-1", true);
        check(ContactKind::Email, "a@example", "otp-1", false);
        check(ContactKind::Email, "a@b@example.test", "otp-1", false);
        check(ContactKind::Email, "@example.test", "otp-1", false);
    }
}

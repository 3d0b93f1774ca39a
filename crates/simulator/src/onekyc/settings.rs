//! What a OneKYC simulator is started with, and what the control API may change while it runs.
//! Invariant: the defaults are the documented contract where it says something, and the commonest page where two differ.
//! Deliberately lacks file formats: callers fill the structs.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The partner's account.
#[derive(Clone)]
pub struct Account {
    /// Header `client-id`.
    pub client_id: String,
    /// Header `pass-key`.
    pub pass_key: String,
    /// Header `x-onboarding-partner`.
    pub onboarding_partner: String,
    /// Header `x-esign-onboarding-partner`.
    pub esign_onboarding_partner: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("onboarding_partner", &self.onboarding_partner)
            .finish_non_exhaustive()
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            client_id: Uuid::new_v4().to_string(),
            pass_key: Uuid::new_v4().to_string(),
            onboarding_partner: "CONTOH-SDK-COE_KTP_SCAN".to_owned(),
            esign_onboarding_partner: "CONTOH-SDK-STANDALONE_IDENTITY_VERIFICATION".to_owned(),
        }
    }
}

/// How names and numbers of token answers are written; the pages differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Spelling {
    /// Token calls in snake_case, starting a flow in camelCase, numbers as strings.
    #[default]
    Documented,
    /// snake_case everywhere.
    Snake,
    /// camelCase everywhere.
    Camel,
    /// camelCase, and numbers as numbers.
    Numbers,
}

/// An end that is not computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ForcedEnd {
    /// `COMPLETED`, `ERROR`, or any word.
    pub status: String,
    /// `VALID`, `INVALID`, `REJECTED`, or none.
    pub result: Option<String>,
    /// Reason code.
    pub reason_code: Option<String>,
    /// Only the first so many submissions; `None`: all.
    pub count: Option<u32>,
}

impl Default for ForcedEnd {
    fn default() -> Self {
        Self { status: "COMPLETED".to_owned(), result: None, reason_code: None, count: None }
    }
}

/// Where results are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallbackTarget {
    /// Full address, e.g. `http://127.0.0.1:8080/coe/submissions-callback`.
    pub url: String,
    /// `POST`, `PUT` or `PATCH`.
    pub method: String,
    /// Fixed headers the partner asked for.
    pub headers: BTreeMap<String, String>,
    /// Every callback is sent this often.
    pub copies: u32,
    /// Each one so much later.
    pub delay_ms: u64,
    /// Also tells that a submission is in progress…
    pub tell_progress: bool,
    /// …but after it has told the end.
    pub reversed: bool,
    /// Waits before the second, third, … try of one that was not answered with 2xx.
    pub retry_ms: Vec<u64>,
}

impl Default for CallbackTarget {
    fn default() -> Self {
        Self {
            url: String::new(),
            method: "POST".to_owned(),
            headers: BTreeMap::new(),
            copies: 1,
            delay_ms: 0,
            tell_progress: false,
            reversed: false,
            retry_ms: vec![200, 1000, 5000],
        }
    }
}

/// Where the partner is asked for the picture of a person's card (contract A.8, experimental).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReferenceSource {
    /// Full address, e.g. `http://127.0.0.1:8080/coe/reference-image`.
    pub url: String,
    /// Fixed headers the partner asked for.
    pub headers: BTreeMap<String, String>,
}

/// Behaviour that may change at run time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behaviour {
    /// Life of partner tokens.
    pub partner_token_s: i64,
    /// Life of user tokens.
    pub user_token_s: i64,
    /// Life of upload addresses.
    pub url_expiry_s: i64,
    /// Confirmed submissions a user may make of one kind.
    pub quota_per_user: u32,
    /// Keys of the pictures of a card scan: `KTP`, or `KTP_FRONT` (and `KTP_BACK`).
    pub card_keys: Vec<String>,
    /// Polls answered `IN_PROGRESS` before the end is told.
    pub in_progress_polls: u32,
    /// Polls answered with a status word that no page lists, before those.
    pub unknown_status_polls: u32,
    /// A completed status tells the decision; without, the details alone do.
    pub decision_in_status: bool,
    /// Results may be read with user tokens, as one page says.
    pub details_with_user_token: bool,
    /// How token answers are written.
    pub spelling: Spelling,
    /// Every answer has members that no page lists.
    pub unknown_members: bool,
    /// Error codes as integers where the page shows strings.
    pub integer_codes: bool,
    /// Names inside the details in the other family's case.
    pub other_case: bool,
    /// Largest picture.
    pub max_picture_bytes: usize,
    /// An end that is not computed.
    pub forced: Option<ForcedEnd>,
    /// Where results are told.
    pub callback: Option<CallbackTarget>,
    /// Where the partner is asked for a reference picture that no flow brought.
    pub reference: Option<ReferenceSource>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            partner_token_s: 3600,
            user_token_s: 5_184_000,
            url_expiry_s: 600,
            quota_per_user: 3,
            card_keys: vec!["KTP".to_owned()],
            in_progress_polls: 1,
            unknown_status_polls: 0,
            decision_in_status: true,
            details_with_user_token: true,
            spelling: Spelling::default(),
            unknown_members: false,
            integer_codes: false,
            other_case: false,
            max_picture_bytes: 5 * 1024 * 1024,
            forced: None,
            callback: None,
            reference: None,
        }
    }
}

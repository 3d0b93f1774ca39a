//! Minting tokens, and checking those that come back (contract A.2, A.3).
//! Invariant: a user token that a started flow made is good for that run alone.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::platform::Platform;
use super::refusal::Refusal;
use super::request::Incoming;
use super::settings::Spelling;
use super::state::{Bound, TokenKind, TokenRow};

const SERVICE: &str = "ONEKYC_TOKEN_SERVICE";

/// `GET /v1/{coe,esign}/partner/authentication`
pub fn partner_token(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Value, Refusal> {
    for (name, esign_cause) in [("client-id", "MISSING_CLIENT_ID"), ("pass-key", "MISSING_PASS_KEY")] {
        if incoming.header(name).is_none() {
            let refusal = if esign { Refusal::new(400, "1650", esign_cause) } else { Refusal::empty(name) };
            return Err(refusal.with_entity(SERVICE));
        }
    }
    check_credentials(platform, incoming)?;
    let life_s = platform.behaviour().partner_token_s;
    let (token, expires_at) = mint(platform, TokenKind::Partner { esign }, life_s);
    Ok(token_answer(platform, &token, life_s, expires_at, true))
}

/// `GET /v2/coe/authentication`
pub fn user_token(platform: &Platform, incoming: &Incoming) -> Result<Value, Refusal> {
    if incoming.header("client-id").is_none() || incoming.header("pass-key").is_none() {
        return Err(Refusal::new(400, "1539", "MISSING_CLIENT_ID_OR_PASS_KEY").integer());
    }
    check_credentials(platform, incoming).map_err(Refusal::integer)?;
    check_onboarding(platform, incoming, "x-onboarding-partner", false).map_err(Refusal::integer)?;
    let user_id = incoming.required("x-partner-user-id").map_err(Refusal::integer)?;
    let user_id_type = incoming.required("x-partner-user-id-type").map_err(Refusal::integer)?;
    let life_s = platform.behaviour().user_token_s;
    let (token, expires_at) = mint(platform, TokenKind::User { user_id, user_id_type, run: None }, life_s);
    Ok(token_answer(platform, &token, life_s, expires_at, true))
}

fn check_credentials(platform: &Platform, incoming: &Incoming) -> Result<(), Refusal> {
    let is = |name, expected: &str| {
        incoming.header(name).is_some_and(|sent| bool::from(sent.as_bytes().ct_eq(expected.as_bytes())))
    };
    let account = &platform.account;
    if is("client-id", &account.client_id) && is("pass-key", &account.pass_key) {
        return Ok(());
    }
    Err(Refusal::unauthorized())
}

/// The onboarding header must be the account's own.
pub fn check_onboarding(
    platform: &Platform,
    incoming: &Incoming,
    name: &str,
    esign: bool,
) -> Result<(), Refusal> {
    let account = &platform.account;
    let expected = if esign { &account.esign_onboarding_partner } else { &account.onboarding_partner };
    match incoming.header(name) {
        None if esign => Err(Refusal::new(400, "1650", "ESIGN_ONBOARDING_PARTNER_CAN_NOT_BE_EMPTY")),
        None => Err(Refusal::empty(name)),
        Some(sent) if sent == expected => Ok(()),
        Some(_) => Err(Refusal::new(403, "110", "ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT")),
    }
}

/// Makes a token.
pub fn mint(platform: &Platform, kind: TokenKind, life_s: i64) -> (String, Timestamp) {
    let now = platform.clock.now();
    let expires_at = now.checked_add(SignedDuration::from_secs(life_s)).unwrap_or(now);
    let token = format!("sim.{}.{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    platform.state().tokens.insert(token.clone(), TokenRow { kind, expires_at });
    (token, expires_at)
}

/// A token's answer in one of the spellings.
pub fn token_answer(
    platform: &Platform,
    token: &str,
    life_s: i64,
    expires_at: Timestamp,
    snake: bool,
) -> Value {
    let at = expires_at.as_second();
    match (platform.behaviour().spelling, snake) {
        (Spelling::Documented, true) | (Spelling::Snake, _) => {
            json!({"token": token, "expiry_seconds": life_s.to_string(), "expires_at": at.to_string()})
        }
        (Spelling::Documented, false) | (Spelling::Camel, _) => {
            json!({"token": token, "expirySeconds": life_s.to_string(), "expiresAt": at.to_string()})
        }
        (Spelling::Numbers, _) => json!({"token": token, "expirySeconds": life_s, "expiresAt": at}),
    }
}

/// The token of a request, while it lives.
fn token(platform: &Platform, incoming: &Incoming) -> Result<TokenKind, Refusal> {
    let sent = incoming.header("x-onekyc-token").ok_or_else(Refusal::unauthorized)?;
    let now = platform.clock.now();
    match platform.state().tokens.get(sent) {
        Some(row) if row.expires_at > now => Ok(row.kind.clone()),
        Some(_) | None => Err(Refusal::unauthorized()),
    }
}

/// A call of the partner's server.
pub fn partner(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<(), Refusal> {
    match token(platform, incoming)? {
        TokenKind::Partner { esign: is } if is == esign => Ok(()),
        TokenKind::Partner { .. } | TokenKind::User { .. } => Err(Refusal::unauthorized()),
    }
}

/// A user's call.
pub struct Caller {
    pub user_id: String,
    pub user_id_type: String,
    pub run: Option<Bound>,
}

/// A call with a user token; the run it is bound to must be the one named in the header.
pub fn user(platform: &Platform, incoming: &Incoming) -> Result<Caller, Refusal> {
    match token(platform, incoming)? {
        TokenKind::Partner { .. } => Err(Refusal::unauthorized()),
        TokenKind::User { user_id, user_id_type, run } => {
            let session = incoming.header("x-partner-session-id");
            let is_foreign =
                run.as_ref().is_some_and(|run| session.is_some_and(|session| session != run.session));
            if is_foreign {
                return Err(Refusal::new(403, "110", "FORBIDDEN"));
            }
            Ok(Caller { user_id, user_id_type, run })
        }
    }
}

/// Who asks for a result.
pub enum Reader {
    Partner,
    User(Caller),
}

/// Either kind of token, as the pages disagree; user tokens only where settings allow them.
pub fn reader(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Reader, Refusal> {
    match token(platform, incoming)? {
        TokenKind::Partner { esign: is } if is == esign => Ok(Reader::Partner),
        TokenKind::Partner { .. } => Err(Refusal::unauthorized()),
        TokenKind::User { .. } if platform.behaviour().details_with_user_token => {
            Ok(Reader::User(user(platform, incoming)?))
        }
        TokenKind::User { .. } => Err(Refusal::unauthorized()),
    }
}

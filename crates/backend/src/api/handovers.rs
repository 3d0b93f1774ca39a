//! Hand-overs: a partner's own system orders a flow, and a kiosk fetches it with a one-time code.
//!
//! Invariants: the code travels over a screen or in a link and is worth two minutes; the token is made when a signed kiosk
//! redeems it and is told to that kiosk alone. What was ordered is stored sealed under the code.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;
use uuid::Uuid;

use super::code::{code_digest, new_code, open, seal};
use super::error::{self, ApiError, ErrorBody};
use super::flows::{self, ContactRequest, FlowOrder, Locale, Theme};
use super::signed::Signed;
use crate::app::App;
use crate::flow::FlowKind;
use crate::store::{NewHandover, Redeemed};

/// Orders are small.
const MAX_ORDER_BYTES: usize = 16 * 1024;
const MAX_THEME_BYTES: usize = 64;
const MAX_URL_BYTES: usize = 2048;

/// A flow that a kiosk is to run.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandoverRequest {
    /// `KTP_SCAN`, `STANDALONE_LIVENESS` or `STANDALONE_IDENTITY_VERIFICATION`.
    pub flow: FlowKind,
    /// Your id of the person: letters, digits, `-`, `_` and `.`; no NIK.
    #[schema(example = "u-0001")]
    pub partner_user_id: String,
    /// Id or label of the only kiosk that may fetch it; without it, any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "counter 12")]
    pub kiosk: Option<String>,
    /// Language of the kiosk's screens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Name of a theme that is installed at the kiosk, or `DARK_MODE`, `LIGHT_MODE`, `NO_PREFERENCE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Where the kiosk's browser goes at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_redirection_url: Option<String>,
    /// Where it goes when the flow did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_redirection_url: Option<String>,
    /// A verified contact; needed for `STANDALONE_IDENTITY_VERIFICATION`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactRequest>,
}

/// A language, as the vendor's launch calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Indonesian.
    Id,
    /// English.
    En,
}

/// A code to hand to the kiosk.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandoverResponse {
    /// Good for one use.
    #[schema(example = "0000-0000-0000-0000")]
    pub code: String,
    /// The same as a link that opens Loket on the kiosk.
    pub link: String,
    /// What the flow will be called in callbacks and results.
    pub correlation_id: Uuid,
    /// When the code lapses, in milliseconds of Unix time.
    pub expires_at_ms: i64,
}

/// A code that a kiosk was given.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// Hyphens, spaces and case do not count.
    pub code: String,
}

/// A launch in the vendor's words.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LaunchResponse {
    /// `launchKTPScan`, `launchSelfieLiveness` or `launchIdentityVerification`.
    #[schema(example = "launchKTPScan")]
    pub launch: String,
    /// The platform's address.
    pub base_url: String,
    /// The user token, for this flow only.
    pub token: String,
    /// The flow.
    pub correlation_id: Uuid,
    /// As ordered.
    pub partner_user_id: String,
    /// As ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// As ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// As ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_redirection_url: Option<String>,
    /// As ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_redirection_url: Option<String>,
}

/// What is sealed: the order and the name its flow will have.
#[derive(Deserialize, Serialize)]
struct Sealed {
    correlation_id: Uuid,
    order: HandoverRequest,
}

/// The vendor's word for a flow that a kiosk plays.
const fn launch_word(kind: FlowKind) -> Option<&'static str> {
    match kind {
        FlowKind::KtpScan => Some("launchKTPScan"),
        FlowKind::StandaloneLiveness => Some("launchSelfieLiveness"),
        FlowKind::StandaloneIdentityVerification => Some("launchIdentityVerification"),
        FlowKind::FaceVerification | FlowKind::KycLite | FlowKind::OnDemandFr => None,
    }
}

fn check(app: &App, request: &HandoverRequest) -> Result<(), ApiError> {
    if launch_word(request.flow).is_none() {
        return Err(error::NOT_OFFERED);
    }
    let is_theme = |theme: &String| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        !theme.is_empty() && theme.len() <= MAX_THEME_BYTES && theme.bytes().all(is_plain)
    };
    let urls = [&request.success_redirection_url, &request.failure_redirection_url];
    if !request.theme.iter().all(is_theme) || !urls.into_iter().flatten().all(|url| is_target(url)) {
        return Err(error::MALFORMED);
    }
    flows::check(app, &order(Uuid::nil(), request.clone()))
}

/// Encrypted, or a teller application on the kiosk itself.
fn is_target(url: &str) -> bool {
    let is_loopback = |url: &Url| matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    url.len() <= MAX_URL_BYTES
        && Url::parse(url).is_ok_and(|url| {
            let is_bare = url.username().is_empty() && url.password().is_none();
            is_bare && (url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url))
        })
}

fn order(id: Uuid, request: HandoverRequest) -> FlowOrder {
    let locale = request.language.map(|language| match language {
        Language::Id => Locale::Indonesian,
        Language::En => Locale::English,
    });
    let theme = request.theme.as_deref().and_then(Theme::of_word);
    let (kind, user_id, contact) = (request.flow, request.partner_user_id, request.contact);
    FlowOrder { id, kind, user_id, locale, theme, contact }
}

/// The name of the system whose key this is.
fn caller<'a>(keys: &'a [(String, SecretString)], headers: &HeaderMap) -> Option<&'a str> {
    let brought = headers.get(header::AUTHORIZATION)?.as_bytes().strip_prefix(b"Bearer ")?;
    let mut found = None;
    // All are compared, so that the time tells nothing.
    for (name, key) in keys {
        if bool::from(brought.ct_eq(key.expose_secret().as_bytes())) {
            found = Some(name.as_str());
        }
    }
    found
}

async fn bound_kiosk(app: &App, named: Option<&str>) -> Result<Option<Uuid>, ApiError> {
    let Some(named) = named else { return Ok(None) };
    if let Ok(id) = named.parse::<Uuid>() {
        return match app.kiosk_key(id).await? {
            Some(_) => Ok(Some(id)),
            None => Err(error::NO_SUCH_KIOSK),
        };
    }
    match app.store.kiosks_labelled(named).await?.as_slice() {
        [] => Err(error::NO_SUCH_KIOSK),
        [kiosk] => Ok(Some(*kiosk)),
        [_, _, ..] => Err(error::KIOSK_AMBIGUOUS),
    }
}

/// Orders a flow for a kiosk and answers the code that fetches it.
#[utoipa::path(post, path = "/partner/v1/handovers", tag = "partner", request_body = HandoverRequest,
    security(("partner" = [])), responses(
    (status = 201, description = "A code, good once", body = HandoverResponse),
    (status = 400, description = "`malformed` or `contact_needed`", body = ErrorBody),
    (status = 401, description = "`caller_unproven`", body = ErrorBody),
    (status = 404, description = "`flow_not_offered` or `no_such_kiosk`", body = ErrorBody),
    (status = 409, description = "`kiosk_ambiguous`", body = ErrorBody),
))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<HandoverResponse>), ApiError> {
    let system = caller(&app.partner_keys, &headers).ok_or(error::CALLER_UNPROVEN)?;
    if body.len() > MAX_ORDER_BYTES {
        return Err(error::TOO_LARGE);
    }
    let request: HandoverRequest = serde_json::from_slice(&body).map_err(|_| error::MALFORMED)?;
    check(&app, &request)?;
    let kiosk = bound_kiosk(&app, request.kiosk.as_deref()).await?;
    let (kind, correlation_id) = (request.flow, Uuid::new_v4());
    let text =
        serde_json::to_vec(&Sealed { correlation_id, order: request }).map_err(|_| error::MALFORMED)?;
    let code = new_code().ok_or(error::STORE_UNAVAILABLE)?;
    let digest = code_digest(&code).expect("a fresh code is a code");
    let sealed = seal(&code, &text).expect("a fresh code is a key");
    let expires_ms = app.now_ms() + i64::from(app.config.partner_api.code_seconds) * 1000;
    app.store.add_handover(&NewHandover { digest, kiosk, sealed, expires_ms }).await?;
    tracing::info!(system, flow = %correlation_id, %kind, "handed over");
    let link = format!("loket://launch?code={code}");
    let answer = HandoverResponse { code, link, correlation_id, expires_at_ms: expires_ms };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Fetches a flow with its code, and starts it.
#[utoipa::path(post, path = "/kiosk/v1/handovers/redeem", tag = "kiosk", request_body = RedeemRequest,
    security(("kiosk" = [])), responses(
    (status = 200, description = "The launch", body = LaunchResponse),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "As for flows", body = ErrorBody),
    (status = 403, description = "`unknown_code`, `code_used`, `code_expired`, `code_of_another_kiosk` or `kiosk_revoked`", body = ErrorBody),
    (status = 429, description = "`quota_exceeded`", body = ErrorBody),
    (status = 502, description = "As for flows; the code stays good", body = ErrorBody),
))]
pub(super) async fn redeem(
    State(app): State<Arc<App>>,
    signed: Signed,
) -> Result<Json<LaunchResponse>, ApiError> {
    let RedeemRequest { code } = signed.json()?;
    let digest = code_digest(&code).ok_or(error::UNKNOWN_CODE)?;
    let sealed = match app.store.redeem(&digest, signed.kiosk, app.now_ms()).await? {
        Redeemed::Order(sealed) => sealed,
        Redeemed::UnknownCode => return Err(error::UNKNOWN_CODE),
        Redeemed::CodeUsed => return Err(error::CODE_USED),
        Redeemed::CodeExpired => return Err(error::CODE_EXPIRED),
        Redeemed::OtherKiosk => return Err(error::FOREIGN_CODE),
    };
    let text = open(&code, &sealed).ok_or(error::UNKNOWN_CODE)?;
    let Sealed { correlation_id, order: request } =
        serde_json::from_slice(&text).map_err(|_| error::UNKNOWN_CODE)?;
    let launch = launch_word(request.flow).ok_or(error::NOT_OFFERED)?.to_owned();
    let started = match flows::start(&app, signed.kiosk, order(correlation_id, request.clone())).await {
        Ok(started) => started,
        Err(refusal) => {
            app.store.give_back(&digest, signed.kiosk).await?;
            return Err(refusal);
        }
    };
    Ok(Json(LaunchResponse {
        launch,
        base_url: started.base_url,
        token: started.token,
        correlation_id,
        partner_user_id: request.partner_user_id,
        language: request.language,
        theme: request.theme,
        success_redirection_url: request.success_redirection_url,
        failure_redirection_url: request.failure_redirection_url,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_sent_to_encrypted_or_local_pages_only() {
        for (url, expected) in [
            ("https://teller.example.test/done?x=1", true),
            ("http://127.0.0.1:8080/done", true),
            ("http://localhost/done", true),
            ("http://teller.example.test/done", false),
            ("https://user:secret@teller.example.test/", false),
            ("javascript:alert(1)", false),
            ("loket://launch?code=x", false),
            ("", false),
        ] {
            assert_eq!(is_target(url), expected, "{url}");
        }
    }

    #[test]
    fn a_key_is_known_by_its_whole_self() {
        let keys = [("teller".to_owned(), SecretString::from("synthetic-key"))];
        #[track_caller]
        fn check(keys: &[(String, SecretString)], header: &str, expected: Option<&str>) {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, header.parse().unwrap());
            assert_eq!(caller(keys, &headers), expected, "{header}");
        }
        check(&keys, "Bearer synthetic-key", Some("teller"));
        check(&keys, "Bearer synthetic-ke", None);
        check(&keys, "synthetic-key", None);
        check(&[], "Bearer synthetic-key", None);
        assert_eq!(caller(&keys, &HeaderMap::new()), None);
    }
}

//! Beginning a flow for a kiosk.
//!
//! Invariants: the flow is stored before the platform hears of it; the user token is handed through and kept nowhere. The
//! same request again is answered with a fresh token, so a lost answer costs nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use gateway::onekyc::LaunchTheme;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{self, ApiError, ErrorBody};
use super::reference;
use super::signed::Signed;
use crate::app::App;
use crate::flow::{Family, FlowKind};
use crate::partner::wire::is_id;
use crate::partner::{Contact, InitiateRequest, OneKyc, Person};
use crate::store::{Begun, NewFlow, NewHint};

/// A flow that a kiosk asks for.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlowRequest {
    /// A UUID that the kiosk made and stored before it asked. It is the platform's partner session id.
    pub correlation_id: Uuid,
    /// Which flow.
    pub flow: FlowKind,
    /// The partner's id of the person: letters, digits, `-`, `_` and `.`.
    #[schema(example = "u-0001")]
    pub user_id: String,
    /// Language of the platform's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// A verified contact; needed for `STANDALONE_IDENTITY_VERIFICATION`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactRequest>,
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
pub enum Locale {
    /// Indonesian.
    #[serde(rename = "id_ID")]
    Indonesian,
    /// English.
    #[serde(rename = "en_ID")]
    English,
}

/// Looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Theme {
    /// Dark.
    DarkMode,
    /// Light.
    LightMode,
    /// As the device.
    NoPreference,
}

/// A contact that the partner verified before.
#[derive(Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactRequest {
    /// `62…`, 11 to 15 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// In place of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What proves that it was verified.
    pub verification_reference_id: String,
}

impl std::fmt::Debug for ContactRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactRequest(…)")
    }
}

/// What a kiosk needs to go on by itself.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlowResponse {
    /// As it was sent.
    pub correlation_id: Uuid,
    /// The platform's address.
    pub base_url: String,
    /// The user token, for this flow only.
    pub token: String,
    /// When the token lapses, in milliseconds of Unix time.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for FlowResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FlowResponse({})", self.correlation_id)
    }
}

/// A submission that a kiosk uploaded.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadedRequest {
    /// The platform's id.
    pub submission_id: String,
}

impl Locale {
    const fn word(self) -> &'static str {
        match self {
            Self::Indonesian => "id_ID",
            Self::English => "en_ID",
        }
    }
}

impl Theme {
    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::DarkMode, Self::LightMode, Self::NoPreference].into_iter().find(|theme| theme.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::DarkMode => "DARK_MODE",
            Self::LightMode => "LIGHT_MODE",
            Self::NoPreference => "NO_PREFERENCE",
        }
    }
}

impl From<Theme> for LaunchTheme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::DarkMode => Self::Dark,
            Theme::LightMode => Self::Light,
            Theme::NoPreference => Self::NoPreference,
        }
    }
}

fn contact(request: ContactRequest) -> Result<Contact, ApiError> {
    let reference_id = request.verification_reference_id;
    match (request.phone_number, request.email) {
        (Some(number), None) => {
            let is_number = number.starts_with("62")
                && (11..=15).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(Contact::Phone { number, reference_id }).ok_or(error::MALFORMED)
        }
        (None, Some(address)) => {
            let is_address = address.len() <= 254
                && address.split_once('@').is_some_and(|(user, host)| {
                    !user.is_empty() && host.contains('.') && !host.contains('@')
                });
            is_address.then_some(Contact::Email { address, reference_id }).ok_or(error::MALFORMED)
        }
        (Some(_), Some(_)) | (None, None) => Err(error::MALFORMED),
    }
}

/// Begins a flow, or goes on with one: the answer's token is fresh either way.
#[utoipa::path(post, path = "/kiosk/v1/flows", tag = "kiosk", request_body = FlowRequest,
    security(("kiosk" = [])), responses(
    (status = 200, description = "Begun", body = FlowResponse),
    (status = 400, description = "`malformed` or `contact_needed`", body = ErrorBody),
    (status = 401, description = "`unsigned`, `unknown_kiosk`, `bad_signature`, `clock` or `replayed`", body = ErrorBody),
    (status = 403, description = "`kiosk_revoked`", body = ErrorBody),
    (status = 404, description = "`flow_not_offered`", body = ErrorBody),
    (status = 409, description = "`correlation_id_taken` or `flow_spent`: make a new id", body = ErrorBody),
    (status = 429, description = "`quota_exceeded`", body = ErrorBody),
    (status = 502, description = "`partner_unavailable`, `partner_credentials` or `partner_refuses`", body = ErrorBody),
))]
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    signed: Signed,
) -> Result<Json<FlowResponse>, ApiError> {
    let request: FlowRequest = signed.json()?;
    let order = FlowOrder {
        id: request.correlation_id,
        kind: request.flow,
        user_id: request.user_id,
        locale: request.locale,
        theme: request.theme,
        contact: request.contact,
    };
    Ok(Json(start(&app, signed.kiosk, order).await?))
}

/// A flow to start, whoever asked for it.
pub(super) struct FlowOrder {
    pub(super) id: Uuid,
    pub(super) kind: FlowKind,
    pub(super) user_id: String,
    pub(super) locale: Option<Locale>,
    pub(super) theme: Option<Theme>,
    pub(super) contact: Option<ContactRequest>,
}

/// Checks that a flow could be started, as far as that can be told without the platform.
pub(super) fn check(app: &App, order: &FlowOrder) -> Result<(), ApiError> {
    if !is_id(&order.user_id) {
        return Err(error::MALFORMED);
    }
    if !app.onekyc.as_ref().is_some_and(|onekyc| onekyc.offers(order.kind)) {
        return Err(error::NOT_OFFERED);
    }
    let contact = order.contact.clone().map(contact).transpose()?;
    if order.kind.family() == Family::Esign && contact.is_none() {
        return Err(error::CONTACT_NEEDED);
    }
    Ok(())
}

/// Stores a flow of this kiosk and has the platform start it.
pub(super) async fn start(app: &App, kiosk: Uuid, order: FlowOrder) -> Result<FlowResponse, ApiError> {
    check(app, &order)?;
    let onekyc = app.onekyc.as_ref().ok_or(error::NOT_OFFERED)?;
    let person = Person { user_id: order.user_id, user_id_type: onekyc.user_id_type().to_owned() };
    remember(app, kiosk, order.id, order.kind, &person).await?;
    let initiate = InitiateRequest {
        kind: order.kind,
        session: order.id,
        reference_image_url: reference_for(app, onekyc, order.kind, &person).await?,
        person,
        locale: order.locale.map(Locale::word),
        theme: order.theme.map(LaunchTheme::from),
        contact: order.contact.map(contact).transpose()?,
    };
    let token = onekyc.initiate(initiate).await?;
    tracing::info!(%kiosk, flow = %order.id, kind = %order.kind, "initiated");
    Ok(FlowResponse {
        correlation_id: order.id,
        base_url: onekyc.base_url(),
        token: token.value.expose_secret().to_owned(),
        expires_at_ms: token.expires_at.as_millisecond(),
    })
}

async fn remember(app: &App, kiosk: Uuid, id: Uuid, kind: FlowKind, person: &Person) -> Result<(), ApiError> {
    let flow = NewFlow {
        id,
        kiosk,
        kind,
        user_id: person.user_id.clone(),
        user_id_type: person.user_id_type.clone(),
    };
    let now_ms = app.now_ms();
    let first_look_ms = now_ms + i64::from(app.config.work.first_look_seconds) * 1000;
    match app.store.begin_flow(&flow, now_ms, first_look_ms).await? {
        Begun::Fresh | Begun::Again => Ok(()),
        Begun::Taken => Err(error::ID_TAKEN),
    }
}

/// A missing reference picture does not stop a flow: the platform may ask for it itself.
async fn reference_for(
    app: &App,
    onekyc: &OneKyc,
    kind: FlowKind,
    person: &Person,
) -> Result<Option<String>, ApiError> {
    if !kind.wants_reference_image() {
        return Ok(None);
    }
    match reference::find(app, onekyc, person).await {
        Err(error) if error == error::NO_REFERENCE || error == error::PARTNER_UNAVAILABLE => Ok(None),
        other => other.map(Some),
    }
}

/// Says that a submission was uploaded, so that its result is looked for without waiting for a callback.
#[utoipa::path(post, path = "/kiosk/v1/flows/{correlation_id}/submissions", tag = "kiosk",
    params(("correlation_id" = Uuid, Path, description = "The flow")), request_body = UploadedRequest,
    security(("kiosk" = [])), responses(
    (status = 202, description = "It will be looked for"),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "As for flows", body = ErrorBody),
    (status = 404, description = "`no_such_flow`", body = ErrorBody),
))]
pub(super) async fn uploaded(
    State(app): State<Arc<App>>,
    Path(correlation_id): Path<Uuid>,
    signed: Signed,
) -> Result<(StatusCode, Json<serde_json::Value>), ApiError> {
    let request: UploadedRequest = signed.json()?;
    if !is_id(&request.submission_id) {
        return Err(error::MALFORMED);
    }
    let flow = app.store.flow(correlation_id).await?;
    if flow.is_none_or(|flow| flow.kiosk != signed.kiosk) {
        return Err(error::NO_SUCH_FLOW);
    }
    let hint = NewHint::Submission {
        dedupe_key: format!("kiosk:{correlation_id}:{}", request.submission_id),
        flow: Some(correlation_id),
        submission_id: Some(request.submission_id),
    };
    let is_kept = app.store.keep_hint(&hint, app.now_ms()).await?;
    app.metrics.hint("kiosk", if is_kept { "kept" } else { "duplicate" });
    app.due.notify_one();
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_checked() {
        #[track_caller]
        fn check(phone_number: Option<&str>, email: Option<&str>, expected: bool) {
            let request = ContactRequest {
                phone_number: phone_number.map(str::to_owned),
                email: email.map(str::to_owned),
                verification_reference_id: "otp-0001".to_owned(),
            };
            assert_eq!(contact(request).is_ok(), expected, "{phone_number:?} {email:?}");
        }
        check(Some("6280000000000"), None, true);
        check(None, Some("contoh@example.test"), true);
        check(Some("0800000000000"), None, false);
        check(Some("628000"), None, false);
        check(None, Some("contoh"), false);
        check(None, None, false);
        check(Some("6280000000000"), Some("contoh@example.test"), false);
    }
}

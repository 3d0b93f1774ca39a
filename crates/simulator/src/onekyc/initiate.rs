//! `POST /{coe,esign}-partner/v1/initiate-flow`: strict about headers, enums and what a flow needs (A.2, A.7).
//! Invariant: one standalone verification per session id; other flows may be started again for the same run.

use serde_json::{Map, Value, json};

use super::auth::{check_onboarding, mint, partner, token_answer};
use super::platform::Platform;
use super::refusal::Refusal;
use super::request::{Incoming, text};
use super::state::{Bound, TokenKind};

const COE_FLOWS: [&str; 5] =
    ["FACE_VERIFICATION", "KTP_SCAN", "KYC_LITE", "ON_DEMAND_FR", "STANDALONE_LIVENESS"];
const THEMES: [&str; 3] = ["DARK_MODE", "LIGHT_MODE", "NO_PREFERENCE"];
const LOCALES: [&str; 2] = ["id_ID", "en_ID"];

fn invalid(cause: &str) -> Refusal {
    Refusal::new(400, "1539", cause)
}

/// Starts a flow.
pub fn initiate(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Value, Refusal> {
    partner(platform, incoming, esign)?;
    let onboarding = if esign { "x-esign-onboarding-partner" } else { "x-onboarding-partner" };
    check_onboarding(platform, incoming, onboarding, esign)?;
    let user_id = incoming.required("x-partner-user-id")?;
    let user_id_type = incoming.required("x-partner-user-id-type")?;
    let session = incoming.required("x-partner-session-id").map_err(|refusal| {
        // The two families spell this one differently.
        if esign { invalid("PARTNER_SESSION_ID_CANNOT_BE_EMPTY") } else { refusal }
    })?;
    let body = incoming.object(&invalid("INVALID_REQUEST_BODY"))?;
    let flow = flow_of(&body, esign)?;
    let source = source_of(&body)?;
    let details = details_of(&body)?;
    if esign {
        check_contact(details.as_ref())?;
        let mut state = platform.state();
        if state.esign_sessions.contains_key(&session) {
            return Err(invalid("DUPLICATE_PARTNER_SESSION_ID"));
        }
        state.esign_sessions.insert(session.clone(), user_id.clone());
    }
    let reference = details.as_ref().and_then(|details| text(details, "referenceImageUrl"));
    let run = Bound { session, flow, reference_image_url: reference.map(str::to_owned) };
    let life_s = platform.behaviour().user_token_s;
    let kind = TokenKind::User { user_id, user_id_type, run: Some(run) };
    let (token, expires_at) = mint(platform, kind, life_s);
    if source == "WEB_SDK" {
        // The page itself is not played.
        let page = format!("{}/onekyc-page/index.html#/launch?token={token}", incoming.origin);
        return Ok(json!({"launchUrl": page, "expirySeconds": life_s.to_string(),
            "expiresAt": expires_at.as_second().to_string()}));
    }
    Ok(token_answer(platform, &token, life_s, expires_at, false))
}

fn flow_of(body: &Map<String, Value>, esign: bool) -> Result<String, Refusal> {
    let flow = text(body, "flow").unwrap_or_default();
    let known = if esign { flow == "STANDALONE_IDENTITY_VERIFICATION" } else { COE_FLOWS.contains(&flow) };
    if known { Ok(flow.to_owned()) } else { Err(invalid("INVALID_FLOW")) }
}

fn source_of(body: &Map<String, Value>) -> Result<&str, Refusal> {
    match text(body, "source") {
        Some("SDK") => Ok("SDK"),
        Some("WEB_SDK") => {
            for name in ["successRedirectionUrl", "failureRedirectionUrl"] {
                if text(body, name).is_none() {
                    return Err(invalid("REDIRECTION_URL_CAN_NOT_BE_EMPTY"));
                }
            }
            Ok("WEB_SDK")
        }
        Some(_) | None => Err(invalid("INVALID_SOURCE")),
    }
}

fn details_of(body: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Refusal> {
    let theme = body.get("theme").filter(|theme| !theme.is_null());
    if theme.is_some_and(|theme| !theme.as_str().is_some_and(|theme| THEMES.contains(&theme))) {
        return Err(invalid("INVALID_THEME"));
    }
    let details = match body.get("additionalDetails") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(details)) => details.clone(),
        Some(_) => return Err(invalid("INVALID_ADDITIONAL_DETAILS")),
    };
    if text(&details, "userLocale").is_some_and(|locale| !LOCALES.contains(&locale)) {
        return Err(invalid("INVALID_USER_LOCALE"));
    }
    for name in ["allowQr", "forceQr", "portraitOnly"] {
        if details.get(name).is_some_and(|flag| !flag.is_boolean()) {
            return Err(invalid("INVALID_ADDITIONAL_DETAILS"));
        }
    }
    Ok(Some(details))
}

/// Phone or e-mail, verified by the partner. All complaints at once, as one page shows.
fn check_contact(details: Option<&Map<String, Value>>) -> Result<(), Refusal> {
    let Some(details) = details else { return Err(invalid("ADDITIONAL_DETAILS_IS_NULL")) };
    let (phone, email) = (text(details, "phoneNumber"), text(details, "email"));
    if phone.is_none() && email.is_none() {
        return Err(invalid("PHONE_NUMBER_OR_EMAIL_IS_REQUIRED"));
    }
    let mut causes = Vec::new();
    let is_phone = |phone: &str| {
        phone.starts_with("62")
            && (11..=15).contains(&phone.len())
            && phone.bytes().all(|b| b.is_ascii_digit())
    };
    if phone.is_some_and(|phone| !is_phone(phone)) {
        causes.push("PHONE_NUMBER_IS_INVALID");
    }
    if email.is_some_and(|email| !email.contains('@')) {
        causes.push("EMAIL_IS_NULL/EMAIL_IS_INVALID");
    }
    causes.extend(unverified(details, phone.is_some(), email.is_some()));
    if causes.is_empty() {
        return Ok(());
    }
    Err(Refusal::list(400, causes.into_iter().map(|cause| ("1539".to_owned(), cause.to_owned())).collect()))
}

/// What is missing of the partner's own verification.
fn unverified(details: &Map<String, Value>, phone: bool, email: bool) -> Vec<&'static str> {
    let Some(verification) = details.get("dataVerification").and_then(Value::as_object) else {
        return vec!["DATA_VERIFICATION_IS_EMPTY"];
    };
    let phone_causes =
        ["PHONE_NUMBER_VERIFICATION_MUST_BE_TRUE", "PHONE_NUMBER_VERIFICATION_REFERENCE_ID_IS_REQUIRED"];
    let email_causes = ["EMAIL_VERIFICATION_IS_REQUIRED", "EMAIL_VERIFICATION_REFERENCE_ID_IS_REQUIRED"];
    let phone = phone.then(|| verified(verification, "phoneNumber", phone_causes));
    let email = email.then(|| verified(verification, "email", email_causes));
    phone.into_iter().chain(email).flatten().collect()
}

fn verified(
    verification: &Map<String, Value>,
    name: &str,
    [untrue, unnamed]: [&'static str; 2],
) -> Vec<&'static str> {
    let Some(entry) = verification.get(name).and_then(Value::as_object) else { return vec![untrue] };
    let mut causes = Vec::new();
    if entry.get("isVerified") != Some(&Value::Bool(true)) {
        causes.push(untrue);
    }
    if text(entry, "verificationReferenceId").is_none() {
        causes.push(unnamed);
    }
    causes
}

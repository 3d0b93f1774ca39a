//! The storage behind signed addresses, with an object store's manners (contract A.4.2).
//! Invariant: an address is good for one method, one object and one time; its signature covers all three and the host.
//! Deliberately lacks listing, deleting and any call without a signature.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use uuid::Uuid;

use super::platform::Platform;
use super::request::Incoming;
use crate::keys::sha256_hex;
use crate::signature;

const PATH: &str = "/onekyc-storage/";

/// A signed address.
pub fn address(platform: &Platform, origin: &str, method: &Method, object: Uuid, life_s: i64) -> String {
    let now = platform.clock.now();
    let expires = now.checked_add(SignedDuration::from_secs(life_s)).unwrap_or(now).as_second();
    let signature = sign(platform, origin, method, object, expires);
    format!("{origin}{PATH}{object}?X-Sim-Expires={expires}&X-Sim-Signature={signature}")
}

fn sign(platform: &Platform, origin: &str, method: &Method, object: Uuid, expires: i64) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(platform.storage_key.as_bytes()).expect("HMAC takes any key");
    mac.update(format!("{method}\n{origin}\n{object}\n{expires}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// One request to the storage host.
pub fn serve(platform: &Platform, incoming: &Incoming) -> Response {
    match admitted(platform, incoming) {
        Ok(object) if incoming.method == Method::PUT => put(platform, incoming, object),
        Ok(object) => get(platform, object),
        Err((status, code)) => refusal(status, code),
    }
}

/// An object store's error page.
pub fn refusal(status: StatusCode, code: &str) -> Response {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>");
    (status, [(header::CONTENT_TYPE, "application/xml")], Body::from(body)).into_response()
}

fn admitted(platform: &Platform, incoming: &Incoming) -> Result<Uuid, (StatusCode, &'static str)> {
    if incoming.method != Method::PUT && incoming.method != Method::GET {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"));
    }
    let foreign =
        |name: &str| name == "authorization" || name.starts_with("x-onekyc") || name.starts_with("x-partner");
    if incoming.headers.keys().any(|name| foreign(name.as_str())) {
        return Err((StatusCode::BAD_REQUEST, "InvalidArgument"));
    }
    let denied = || (StatusCode::FORBIDDEN, "AccessDenied");
    let object: Uuid = incoming.path_id.as_deref().and_then(|id| id.parse().ok()).ok_or_else(denied)?;
    let expires: i64 = incoming.query("X-Sim-Expires").and_then(|at| at.parse().ok()).ok_or_else(denied)?;
    let sent = incoming.query("X-Sim-Signature").ok_or_else(denied)?;
    if !signature::equal(&sign(platform, &incoming.origin, &incoming.method, object, expires), sent) {
        return Err((StatusCode::FORBIDDEN, "SignatureDoesNotMatch"));
    }
    let ends = Timestamp::from_second(expires).map_err(|_| denied())?;
    if ends <= platform.clock.now() { Err(denied()) } else { Ok(object) }
}

fn put(platform: &Platform, incoming: &Incoming, object: Uuid) -> Response {
    let kind = incoming.header("content-type").unwrap_or_default();
    if !["image/jpeg", "image/png"].contains(&kind) {
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "InvalidContentType");
    }
    if incoming.header("content-length").is_none() {
        return refusal(StatusCode::LENGTH_REQUIRED, "MissingContentLength");
    }
    if incoming.body.len() > platform.behaviour().max_picture_bytes {
        return refusal(StatusCode::BAD_REQUEST, "EntityTooLarge");
    }
    let mut state = platform.state();
    let Some(stored) = state.objects.get_mut(&object) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let digest = sha256_hex(&incoming.body);
    stored.bytes = Some(incoming.body.clone());
    stored.sha256 = Some(digest.clone());
    stored.writes += 1;
    (StatusCode::OK, [(header::ETAG, format!("\"{}\"", &digest[..32]))]).into_response()
}

fn get(platform: &Platform, object: Uuid) -> Response {
    let bytes = platform.state().objects.get(&object).and_then(|object| object.bytes.clone());
    match bytes {
        Some(bytes) => (StatusCode::OK, [(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

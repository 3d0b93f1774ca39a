//! The control API under `/_control`: read everything the server holds, and make it misbehave.
//! Invariant: no answer carries a secret, a NIK or a picture, save the key or secret that the call just made.
//! Deliberately lacks authentication: the server listens on loopback only and holds synthetic people.

mod reply;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api;
use crate::app::{App, DEFAULT_SCOPES};
use crate::clock::iso_ms;
use crate::config::Settings;
use crate::fault::FaultRule;
use crate::keys;
use crate::store::{NewCustomer, WebhookTarget};
use reply::{Refusal, Reply, not_found, rows};

type Shared = State<Arc<App>>;

/// All control routes.
pub fn router(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .route("/state", get(state))
        .route(
            "/customers",
            get(|State(app): Shared| async move { rows(app.store.customers()) }).post(add_customer),
        )
        .route("/captures", get(|State(app): Shared| async move { rows(app.store.captures()) }))
        .route("/faces", get(|State(app): Shared| async move { rows(app.store.faces()) }))
        .route("/challenges", get(|State(app): Shared| async move { rows(app.store.challenges()) }))
        .route("/verifications", get(|State(app): Shared| async move { rows(app.store.verifications()) }))
        .route("/verifications/{id}/override", post(override_verification))
        .route("/deliveries", get(|State(app): Shared| async move { rows(app.store.deliveries()) }))
        .route("/deliveries/{id}/replay", post(replay))
        .route("/requests", get(|State(app): Shared| async move { rows(app.store.requests()) }))
        .route("/keys", post(add_key))
        .route("/device-secrets", post(add_device_secret))
        .route("/webhooks", post(add_webhook))
        .route("/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/clock", put(set_clock))
        .route("/settings", get(settings).put(set_settings))
        .route("/reset", post(reset))
        .with_state(Arc::clone(app));
    Router::new().nest("/_control", routes)
}

async fn state(State(app): Shared) -> Reply {
    Ok(Json(json!({
        "now": iso_ms(app.clock.now()),
        "skewMs": app.clock.skew_ms(),
        "customers": app.store.customers()?.len(),
        "challenges": app.store.challenges()?.len(),
        "captures": app.store.captures()?.len(),
        "faces": app.store.faces()?.len(),
        "verifications": app.store.verifications()?.len(),
        "deliveries": app.store.deliveries()?.len(),
        "requests": app.store.requests()?.len(),
    })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CustomerRequest {
    id: Option<String>,
    full_name: String,
    external_id: Option<String>,
}

async fn add_customer(State(app): Shared, Json(request): Json<CustomerRequest>) -> Reply {
    let new = NewCustomer {
        id: request.id,
        full_name: request.full_name,
        external_id: request.external_id,
        ..NewCustomer::default()
    };
    match app.store.create_customer(&new, None, app.clock.now())? {
        Some(id) => Ok(Json(json!({"id": id}))),
        None => Err(Refusal::new(StatusCode::CONFLICT, "id or externalId already exists")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OverrideRequest {
    to_status: String,
    actor_user_id: String,
    reason: String,
}

async fn override_verification(
    State(app): Shared,
    Path(id): Path<String>,
    Json(request): Json<OverrideRequest>,
) -> Reply {
    if !["verified", "failed", "pending"].contains(&request.to_status.as_str()) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "toStatus must be verified, failed or pending"));
    }
    let OverrideRequest { to_status, actor_user_id, reason } = request;
    let now = app.clock.now();
    let levels = app.store.customers()?;
    let before = app.store.override_verification(&id, &to_status, &actor_user_id, &reason, now)?;
    let before = before.ok_or_else(|| not_found("verification"))?;
    let data = json!({
        "verificationId": id, "customerId": before.customer_id, "actorUserId": actor_user_id,
        "fromStatus": before.status, "toStatus": to_status, "reason": reason,
    });
    app.emit("review.overridden", data, now)?;
    let level_before = levels.into_iter().find(|row| row.id == before.customer_id).map(|row| row.kyc_level);
    if let Some(customer) = app.store.customer(&before.customer_id)?
        && Some(&customer.kyc_level) != level_before.as_ref()
    {
        api::announce_tier(&app, customer, now).map_err(Refusal::from_api)?;
    }
    Ok(Json(json!({"fromStatus": before.status, "toStatus": to_status})))
}

async fn replay(State(app): Shared, Path(id): Path<String>) -> Reply {
    if !app.store.replay(&id, app.clock.now())? {
        return Err(not_found("delivery"));
    }
    app.deliveries.notify_one();
    Ok(Json(json!({"queued": true})))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyRequest {
    scopes: Option<Vec<String>>,
}

async fn add_key(State(app): Shared, Json(request): Json<KeyRequest>) -> Reply {
    let default = || DEFAULT_SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
    let scopes = request.scopes.unwrap_or_else(default);
    let key = keys::generate_api_key("sandbox");
    app.store.add_api_key(&key, &scopes)?;
    Ok(Json(json!({"key": key, "scopes": scopes})))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeviceSecretRequest {
    secret: Option<String>,
}

async fn add_device_secret(State(app): Shared, Json(request): Json<DeviceSecretRequest>) -> Reply {
    let secret = request.secret.unwrap_or_else(keys::generate_secret);
    app.store.add_device_secret(&secret)?;
    Ok(Json(json!({"secret": secret})))
}

async fn add_webhook(State(app): Shared, Json(target): Json<WebhookTarget>) -> Reply {
    Ok(Json(json!({"id": app.store.add_webhook(&target)?})))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FaultsRequest {
    rules: Vec<FaultRule>,
    seed: Option<u64>,
}

async fn faults(State(app): Shared) -> Json<Value> {
    Json(json!({"rules": app.faults.rules()}))
}

async fn set_faults(State(app): Shared, Json(request): Json<FaultsRequest>) -> Json<Value> {
    app.faults.set(request.rules, request.seed);
    Json(json!({"rules": app.faults.rules()}))
}

async fn clear_faults(State(app): Shared) -> Json<Value> {
    app.faults.set(Vec::new(), None);
    Json(json!({"rules": []}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockRequest {
    skew_ms: i64,
}

async fn set_clock(State(app): Shared, Json(request): Json<ClockRequest>) -> Json<Value> {
    app.clock.set_skew_ms(request.skew_ms);
    Json(json!({"now": iso_ms(app.clock.now()), "skewMs": request.skew_ms}))
}

async fn settings(State(app): Shared) -> Json<Settings> {
    Json(app.settings())
}

async fn set_settings(State(app): Shared, Json(settings): Json<Settings>) -> Json<Settings> {
    app.set_settings(settings);
    Json(app.settings())
}

async fn reset(State(app): Shared) -> Reply {
    app.reset()?;
    Ok(Json(json!({"reset": true})))
}

//! The OneKYC part of the control API, under `/_control/onekyc`.
//! Invariant: no answer carries a token, a credential, a value off a card or a picture.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::platform::Platform;
use super::settings::Behaviour;
use crate::fault::FaultRule;

type Shared = State<Arc<Platform>>;

/// All its routes.
pub fn router(platform: &Arc<Platform>) -> Router {
    let routes = Router::new()
        .route("/submissions", get(submissions))
        .route("/callbacks", get(callbacks))
        .route("/requests", get(requests))
        .route("/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/behaviour", get(behaviour).put(set_behaviour))
        .route("/reset", post(reset))
        .with_state(Arc::clone(platform));
    Router::new().nest("/_control/onekyc", routes)
}

async fn submissions(State(platform): Shared) -> Json<Value> {
    Json(json!({"data": platform.state().rows()}))
}

async fn callbacks(State(platform): Shared) -> Json<Value> {
    Json(json!({"data": platform.state().callbacks}))
}

async fn requests(State(platform): Shared) -> Json<Value> {
    Json(json!({"data": platform.state().requests}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FaultsRequest {
    rules: Vec<FaultRule<Call>>,
    seed: Option<u64>,
}

async fn faults(State(platform): Shared) -> Json<Value> {
    Json(json!({"rules": platform.faults.rules()}))
}

async fn set_faults(State(platform): Shared, Json(request): Json<FaultsRequest>) -> Json<Value> {
    platform.faults.set(request.rules, request.seed);
    Json(json!({"rules": platform.faults.rules()}))
}

async fn clear_faults(State(platform): Shared) -> Json<Value> {
    platform.faults.set(Vec::new(), None);
    Json(json!({"rules": []}))
}

async fn behaviour(State(platform): Shared) -> Json<Behaviour> {
    let mut shown = platform.behaviour();
    if let Some(target) = &mut shown.callback {
        // The partner's own secrets may be among them.
        target.headers.values_mut().for_each(|value| "(hidden)".clone_into(value));
    }
    if let Some(source) = &mut shown.reference {
        source.headers.values_mut().for_each(|value| "(hidden)".clone_into(value));
    }
    Json(shown)
}

async fn set_behaviour(State(platform): Shared, Json(behaviour): Json<Behaviour>) -> Json<Value> {
    platform.set_behaviour(behaviour);
    Json(json!({"set": true}))
}

async fn reset(State(platform): Shared) -> Json<Value> {
    platform.reset();
    Json(json!({"reset": true}))
}

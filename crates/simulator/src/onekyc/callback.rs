//! Telling results to the partner's server (contract A.8).
//! Invariant: a body is fixed when its event happens; copies and retries send the same bytes. No signature: only the
//! headers that the partner asked for. Deliberately lacks an end to duplicates and an order: receivers must bear both.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::platform::Platform;
use super::results::result;
use super::settings::CallbackTarget;
use super::state::{CallbackRow, Progress};

/// "In progress", where the target wants to hear it.
pub fn tell_progress(platform: &Arc<Platform>, id: Uuid, origin: &str) {
    if let Some(target) = platform.behaviour().callback
        && target.tell_progress
        && !target.reversed
    {
        owe(platform, id, origin, target, false, 0);
    }
}

/// The end; where events are reversed, "in progress" follows it.
pub fn tell_end(platform: &Arc<Platform>, id: Uuid, origin: &str) {
    let Some(target) = platform.behaviour().callback else { return };
    let late = target.tell_progress && target.reversed;
    owe(platform, id, origin, target.clone(), true, 0);
    if late {
        owe(platform, id, origin, target, false, 50);
    }
}

fn owe(platform: &Arc<Platform>, id: Uuid, origin: &str, target: CallbackTarget, ended: bool, later_ms: u64) {
    let Some((status, body)) = body(platform, id, origin, ended) else { return };
    for copy in 0..target.copies.max(1) {
        let (platform, target, body) = (Arc::clone(platform), target.clone(), body.clone());
        let status = status.clone();
        let wait = Duration::from_millis(target.delay_ms + later_ms + u64::from(copy) * 20);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            deliver(&platform, &target, id, &status, &body).await;
        });
    }
}

fn body(platform: &Platform, id: Uuid, origin: &str, ended: bool) -> Option<(String, String)> {
    let mut state = platform.state();
    let submission = state.submission(id)?;
    let end = match &submission.progress {
        Progress::Ended(end) if ended => Some(end.as_ref().clone()),
        Progress::Ended(_) | Progress::Initiated | Progress::Confirmed => None,
    };
    let mut body = result(platform, origin, submission, end.as_ref());
    body["userId"] = json!(submission.user_id);
    body["userIdType"] = json!(submission.user_id_type);
    let status = body["status"].as_str().unwrap_or_default().to_owned();
    Some((status, body.to_string()))
}

async fn deliver(platform: &Platform, target: &CallbackTarget, id: Uuid, status: &str, body: &str) {
    let method = Method::from_bytes(target.method.as_bytes()).unwrap_or(Method::POST);
    let waits = target.retry_ms.iter().map(|ms| Some(Duration::from_millis(*ms))).chain([None]);
    for (attempt, wait) in (1..).zip(waits) {
        let mut request = platform.http.request(method.clone(), &target.url);
        for (name, value) in &target.headers {
            request = request.header(name, value);
        }
        let request = request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body.to_owned());
        let answered = request.send().await.ok().map(|answer| answer.status().as_u16());
        let row = CallbackRow { submission_id: id.to_string(), status: status.to_owned(), attempt, answered };
        platform.state().callbacks.push(row);
        match wait {
            Some(wait) if !answered.is_some_and(|status| (200..300).contains(&status)) => {
                tokio::time::sleep(wait).await;
            }
            Some(_) | None => return,
        }
    }
}

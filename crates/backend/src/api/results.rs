//! Handing a kiosk its results, by long poll.
//!
//! Invariant: the listener is in place before the first look, so a result that comes in between wakes it. A kiosk reads on
//! from the last number it has stored: an answer that got lost is simply asked for again.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{self, ApiError, ErrorBody};
use super::signed::Signed;
use crate::app::App;
use crate::store::{Finding, ResultRow};
use crate::verdict::{Judgement, Status};

/// Results in one answer.
const PAGE: i64 = 100;

/// From where, and how patiently.
#[derive(Clone, Copy, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ResultsQuery {
    /// The number of the last result that the kiosk has stored; 0 at first.
    #[serde(default)]
    after: i64,
    /// How long to wait for one.
    #[serde(default)]
    wait_seconds: u32,
}

/// Results, oldest first.
#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
pub struct ResultsResponse {
    /// Empty if none came in time.
    pub results: Vec<ResultItem>,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultItem {
    /// 1, 2, 3… at this kiosk, without gaps.
    pub seq: i64,
    /// When it was written, in milliseconds of Unix time.
    pub at_ms: i64,
    /// What it says.
    #[serde(flatten)]
    pub content: ResultContent,
}

/// What a result says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ResultContent {
    /// A submission moved.
    Submission {
        /// The flow.
        correlation_id: Uuid,
        /// The platform's id.
        submission_id: String,
        /// Where it is.
        status: Status,
        /// How it was judged.
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<Judgement>,
        /// Why, in the platform's word.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason_code: Option<String>,
    },
    /// A customer's tier at Identity Platform changed.
    Tier {
        /// The platform's id.
        customer_id: String,
        /// The platform's word.
        tier: String,
    },
}

impl From<ResultRow> for ResultItem {
    fn from(row: ResultRow) -> Self {
        let content = match row.kind {
            Finding::Submission { flow, submission_id, verdict } => ResultContent::Submission {
                correlation_id: flow,
                submission_id,
                status: verdict.status,
                result: verdict.judgement,
                reason_code: verdict.reason_code,
            },
            Finding::Tier { customer_id, tier } => ResultContent::Tier { customer_id, tier },
        };
        Self { seq: row.seq, at_ms: row.at_ms, content }
    }
}

/// Counts a kiosk that waits, for as long as it does.
struct Waiting<'a>(&'a App);

impl<'a> Waiting<'a> {
    fn begin(app: &'a App) -> Self {
        app.metrics.waiting.inc();
        Self(app)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.metrics.waiting.dec();
    }
}

/// Results after a number; waits for one if there is none.
#[utoipa::path(get, path = "/kiosk/v1/results", tag = "kiosk", params(ResultsQuery), security(("kiosk" = [])),
    responses(
    (status = 200, description = "Results, or none in time", body = ResultsResponse),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "As for flows", body = ErrorBody),
    (status = 403, description = "`kiosk_revoked`", body = ErrorBody),
))]
pub(super) async fn wait(
    State(app): State<Arc<App>>,
    query: Result<Query<ResultsQuery>, axum::extract::rejection::QueryRejection>,
    signed: Signed,
) -> Result<Json<ResultsResponse>, ApiError> {
    let Query(query) = query.map_err(|_| error::MALFORMED)?;
    let limits = &app.config.kiosks;
    let wait = Duration::from_secs(u64::from(query.wait_seconds.min(limits.longest_wait_seconds)));
    let deadline = tokio::time::Instant::now() + wait;
    let bell = app.bells.of(signed.kiosk);
    let waiting = Waiting::begin(&app);
    let is_crowded =
        usize::try_from(app.metrics.waiting.get()).is_ok_and(|waiting| waiting > limits.most_waiting);
    let mut rung = Box::pin(bell.notified());
    let rows = loop {
        rung.as_mut().enable();
        let rows = app.store.results(signed.kiosk, query.after, PAGE).await?;
        if !rows.is_empty() || is_crowded {
            break rows;
        }
        tokio::select! {
            () = &mut rung => rung.set(bell.notified()),
            () = tokio::time::sleep_until(deadline) => break rows,
            () = app.stopped() => break rows,
        }
    };
    drop(waiting);
    Ok(Json(ResultsResponse { results: rows.into_iter().map(ResultItem::from).collect() }))
}

//! What is served, to whom, and how each proves who he is.
//!
//! Kiosks sign; the platforms bring fixed headers or an HMAC; the partner's own systems a key; monitoring asks from inside. Invariant: every route under
//! `/kiosk/v1/` but enrolment takes a `Signed` request, so none can be added without a signature.

mod callbacks;
mod code;
mod enrolment;
mod error;
mod flows;
mod handovers;
mod health;
mod openapi;
mod origin;
mod proxy;
mod reference;
mod results;
mod signed;
mod webhooks;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};

use crate::app::App;
use crate::metrics::{RequestLabels, RouteLabels};

pub use code::{code_digest, new_code};
pub use enrolment::{EnrolmentRequest, EnrolmentResponse};
pub use error::{ApiError, ErrorBody};
pub use flows::{ContactRequest, FlowRequest, FlowResponse, Locale, Theme, UploadedRequest};
pub use handovers::{HandoverRequest, HandoverResponse, Language, LaunchResponse, RedeemRequest};
pub use openapi::document;
pub use results::{ResultContent, ResultItem, ResultsResponse};

/// Where kiosks wait; the waiting is not counted as the server's time.
const RESULTS: &str = "/kiosk/v1/results";

/// All routes.
pub fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(openapi::serve))
        .route("/kiosk/v1/enrolment", post(enrolment::enrol))
        .route("/kiosk/v1/flows", post(flows::begin))
        .route("/kiosk/v1/flows/{correlation_id}/submissions", post(flows::uploaded))
        .route(RESULTS, get(results::wait))
        .route("/kiosk/v1/handovers/redeem", post(handovers::redeem))
        .route("/partner/v1/handovers", post(handovers::create))
        .route("/kiosk/v1/identity/{*path}", any(proxy::forward))
        .route("/coe/submissions-callback", post(callbacks::coe))
        .route(
            "/esign/submissions-callback",
            post(callbacks::esign).put(callbacks::esign).patch(callbacks::esign),
        )
        .route("/coe/reference-image", post(reference::image))
        .route("/identity/webhooks", post(webhooks::receive))
        .layer(from_fn_with_state(Arc::clone(app), count))
        .fallback(async || error::NO_SUCH_ROUTE)
        .with_state(Arc::clone(app))
}

async fn count(State(app): State<Arc<App>>, path: MatchedPath, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let answer = next.run(request).await;
    let route = path.as_str().to_owned();
    if route != RESULTS {
        let labels = RouteLabels { route: route.clone() };
        app.metrics.seconds.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
    }
    let labels = RequestLabels { route, status: answer.status().as_u16() };
    app.metrics.requests.get_or_create(&labels).inc();
    answer
}

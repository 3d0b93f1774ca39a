//! The OpenAPI document, made from the handlers' own types.
//!
//! Invariant: `docs/backend-openapi.json` is what this makes; a test compares them.

use axum::Json;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{callbacks, enrolment, flows, handovers, health, proxy, reference, results, webhooks};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Loket backend",
        description = "Kiosks sign every request (docs/backend.md); platforms bring agreed headers or an HMAC.",
    ),
    paths(
        enrolment::enrol,
        flows::begin,
        flows::uploaded,
        results::wait,
        handovers::create,
        handovers::redeem,
        proxy::forward,
        callbacks::coe,
        callbacks::esign,
        reference::image,
        webhooks::receive,
        health::alive,
        health::ready,
        health::metrics,
    ),
    modifiers(&Schemes)
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let schemes = [
            ("kiosk", "x-loket-signature", "Ed25519 over method, path, body digest, kiosk, time and nonce"),
            ("callback", "x-callback-key", "The fixed headers that were agreed with the platform"),
            ("webhook", "x-identity-signature", "HMAC-SHA256 over the raw body; also as x-quantum-signature"),
        ];
        for (name, header, description) in schemes {
            let key = ApiKeyValue::with_description(header, description);
            components.add_security_scheme(name, SecurityScheme::ApiKey(ApiKey::Header(key)));
        }
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("partner", SecurityScheme::Http(bearer));
    }
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

//! `POST /api/customers` (contract B.3): creation, `externalId` unique, the NIK looked at on arrival.
//! Invariant: a customer is created once per `externalId`.
//! Deliberately lacks listing, change and deletion: no client of ours uses them.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::error::{ApiError, FieldErrors};
use super::form::{Form, accept};
use super::{Answer, ocr};
use crate::app::App;
use crate::store::NewCustomer;
use crate::store::rows::CustomerRow;

const MEMBERS: [&str; 5] = ["fullName", "nik", "phone", "email", "externalId"];

pub fn create(app: &App, body: &Map<String, Value>) -> Result<Answer, ApiError> {
    let mut errors = FieldErrors::default();
    let mut form = Form::new(body, "", &MEMBERS, &mut errors);
    let full_name = form.required_text("fullName").to_owned();
    let nik = form.optional_text("nik").map(str::to_owned);
    if nik.as_deref().is_some_and(|nik| !ocr::is_nik_shaped(nik)) {
        form.complain("nik", "must be 16 digits");
    }
    let new = NewCustomer {
        id: None,
        full_name,
        nik,
        phone: form.optional_text("phone").map(str::to_owned),
        email: form.optional_text("email").map(str::to_owned),
        external_id: form.optional_text("externalId").map(str::to_owned),
    };
    accept(errors)?;
    let allow_serial = app.settings().allow_test_serial;
    let nik_verified = new.nik.as_deref().map(|nik| ocr::is_nik_valid(nik, allow_serial));
    let id = app
        .store
        .create_customer(&new, nik_verified, app.clock.now())?
        .ok_or(ApiError::Conflict("externalId already exists"))?;
    Ok(Answer { status: StatusCode::CREATED, body: json!({"id": id}), documented_data: true })
}

/// The customer a call names; made on first sight where the settings say so.
pub fn find(app: &App, id: &str) -> Result<CustomerRow, ApiError> {
    if let Some(found) = app.store.customer(id)? {
        return Ok(found);
    }
    if !app.settings().auto_customers {
        return Err(ApiError::NotFound("customer"));
    }
    let new = NewCustomer { id: Some(id.to_owned()), full_name: id.to_owned(), ..NewCustomer::default() };
    // A second request may have made it in between; either way it is there now.
    app.store.create_customer(&new, None, app.clock.now())?;
    app.store.customer(id)?.ok_or(ApiError::NotFound("customer"))
}

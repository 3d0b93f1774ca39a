//! Refusals in OneKYC's form: `{"success":false,"errors":[{"code","cause","entity"?}]}`.
//! Invariant: causes are the contract's words and never quote what was sent.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub retry_after_s: Option<u64>,
    entries: Vec<(String, String)>,
    entity: Option<&'static str>,
    integer_code: bool,
    data_null: bool,
}

impl Refusal {
    pub fn new(status: u16, code: &str, cause: &str) -> Self {
        Self {
            status,
            retry_after_s: None,
            entries: vec![(code.to_owned(), cause.to_owned())],
            entity: None,
            integer_code: false,
            data_null: false,
        }
    }

    /// Several entries of one kind at once.
    pub fn list(status: u16, entries: Vec<(String, String)>) -> Self {
        Self { entries, ..Self::new(status, "", "") }
    }

    /// Names the part that refused.
    pub fn with_entity(self, entity: &'static str) -> Self {
        Self { entity: Some(entity), ..self }
    }

    /// The code as an integer, as two of the pages have it.
    pub fn integer(self) -> Self {
        Self { integer_code: true, ..self }
    }

    /// With `"data": null` beside the list.
    pub fn with_null_data(self) -> Self {
        Self { data_null: true, ..self }
    }

    /// With a `Retry-After`.
    pub fn after(self, retry_after_s: Option<u64>) -> Self {
        Self { retry_after_s, ..self }
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "110", "UNAUTHORIZED")
    }

    /// A header or field that must be there.
    pub fn empty(name: &str) -> Self {
        let word = name.replace('-', "_").to_ascii_uppercase();
        Self::new(400, "1539", &format!("{word}_CAN_NOT_BE_EMPTY"))
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn body(&self, integer_codes: bool) -> Value {
        let entry = |(code, cause): &(String, String)| {
            let number = code.parse::<u64>().ok().filter(|_| self.integer_code || integer_codes);
            let code = number.map_or_else(|| json!(code), |number| json!(number));
            match self.entity {
                Some(entity) => json!({"code": code, "cause": cause, "entity": entity}),
                None => json!({"code": code, "cause": cause}),
            }
        };
        let errors: Vec<Value> = self.entries.iter().map(entry).collect();
        if self.data_null {
            return json!({"success": false, "errors": errors, "data": null});
        }
        json!({"success": false, "errors": errors})
    }
}

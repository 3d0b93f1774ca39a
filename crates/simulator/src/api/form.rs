//! Strict reading of JSON objects: required, optional, typed; unknown members are complaints.
//! Invariant: a reader collects every complaint before the request is refused.
//! Deliberately lacks serde derives: they stop at the first complaint and name no path.

use serde_json::{Map, Value};

use super::error::{ApiError, FieldErrors};

/// The body as an object.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_slice(body).map_err(|_not_json| ApiError::NotJson)
}

/// Reads one object's members and notes complaints under its path.
pub struct Form<'a, 'e> {
    object: &'a Map<String, Value>,
    path: &'static str,
    errors: &'e mut FieldErrors,
}

impl<'a, 'e> Form<'a, 'e> {
    /// Complains about members outside `allowed`.
    pub fn new(
        object: &'a Map<String, Value>,
        path: &'static str,
        allowed: &[&str],
        errors: &'e mut FieldErrors,
    ) -> Self {
        let mut form = Self::known(object, path, errors);
        for key in object.keys().filter(|key| !allowed.contains(&key.as_str())) {
            // An unknown key may itself be anything: only its length is repeated back.
            form.complain(if key.len() <= 40 { key } else { "(long key)" }, "unrecognised member");
        }
        form
    }

    /// The same for an object whose members were looked over before.
    pub fn known(object: &'a Map<String, Value>, path: &'static str, errors: &'e mut FieldErrors) -> Self {
        Self { object, path, errors }
    }

    /// Notes a complaint about a member.
    pub fn complain(&mut self, key: &str, text: &str) {
        let field = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        self.errors.push(field, text);
    }

    fn member(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// A text that may be missing; complains when it is no text.
    pub fn optional_text(&mut self, key: &str) -> Option<&'a str> {
        match self.member(key)? {
            Value::String(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.complain(key, "must be a string");
                None
            }
        }
    }

    /// A text that must be there and not empty.
    pub fn required_text(&mut self, key: &str) -> &'a str {
        match self.optional_text(key) {
            Some("") => self.complain(key, "must not be empty"),
            Some(text) => return text,
            None if self.member(key).is_none() => self.complain(key, "required"),
            None => {}
        }
        ""
    }

    /// A whole number within bounds, `default` when missing.
    pub fn integer(&mut self, key: &str, bounds: std::ops::RangeInclusive<u64>, default: u64) -> u64 {
        match self.member(key) {
            None => default,
            Some(value) => match value.as_u64().filter(|number| bounds.contains(number)) {
                Some(number) => number,
                None => {
                    let text = format!("must be an integer from {} to {}", bounds.start(), bounds.end());
                    self.complain(key, &text);
                    default
                }
            },
        }
    }

    /// A number within bounds that must be there; the lower bound after a complaint.
    pub fn number(&mut self, key: &str, bounds: std::ops::RangeInclusive<f64>) -> f64 {
        let found = self.member(key).and_then(Value::as_f64).filter(|number| bounds.contains(number));
        found.unwrap_or_else(|| {
            self.complain(key, &format!("must be a number from {} to {}", bounds.start(), bounds.end()));
            *bounds.start()
        })
    }

    /// A truth value that must be there; false after a complaint.
    pub fn boolean(&mut self, key: &str) -> bool {
        let found = self.member(key).and_then(Value::as_bool);
        found.unwrap_or_else(|| {
            self.complain(key, "must be true or false");
            false
        })
    }

    /// An object that may be missing.
    pub fn optional_object(&mut self, key: &str) -> Option<&'a Map<String, Value>> {
        let value = self.member(key)?;
        if value.as_object().is_none() {
            self.complain(key, "must be an object");
        }
        value.as_object()
    }

    /// An object that must be there.
    pub fn required_object(&mut self, key: &str) -> Option<&'a Map<String, Value>> {
        if self.member(key).is_none() {
            self.complain(key, "required");
        }
        self.optional_object(key)
    }

    /// A list that may be missing.
    pub fn optional_list(&mut self, key: &str) -> Option<&'a [Value]> {
        let value = self.member(key)?;
        if value.as_array().is_none() {
            self.complain(key, "must be an array");
        }
        value.as_array().map(Vec::as_slice)
    }
}

/// Ends a reading: an error if anybody complained.
pub fn accept(errors: FieldErrors) -> Result<(), ApiError> {
    if errors.is_empty() { Ok(()) } else { Err(ApiError::Validation(errors)) }
}

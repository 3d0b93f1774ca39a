//! One request as a handler sees it, and the checks many calls share.
//! Invariant: a header that is empty counts as missing.

use axum::http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// What came in.
pub struct Incoming {
    pub method: Method,
    pub headers: HeaderMap,
    pub path_id: Option<String>,
    pub query: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// `http://host:port`, for the addresses handed out.
    pub origin: String,
}

impl Incoming {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
    }

    pub fn required(&self, name: &str) -> Result<String, Refusal> {
        self.header(name).map(str::to_owned).ok_or_else(|| Refusal::empty(name))
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as a JSON object.
    pub fn object(&self, otherwise: &Refusal) -> Result<Map<String, Value>, Refusal> {
        let is_json = self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(members)) if is_json => Ok(members),
            Ok(_) | Err(_) => Err(otherwise.clone()),
        }
    }
}

/// A text member that says something.
pub fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

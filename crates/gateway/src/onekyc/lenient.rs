//! Reading JSON whose pages disagree with each other.
//!
//! Keys match whatever their case and underscores; numbers and flags may be strings and the reverse. What is not asked
//! for stays in the object and is kept as its rest.
//!
//! Invariant: any value is survived; a member of an unexpected type counts as absent and stays in the rest.

use serde_json::{Map, Value};

/// A JSON object from which known members are taken.
#[derive(Clone, Default)]
pub(super) struct Object(Map<String, Value>);

fn same_key(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
    };
    one == other || letters(one) == letters(other)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.to_ascii_uppercase().as_str() {
            "TRUE" | "PASS" => Some(true),
            "FALSE" | "FAIL" => Some(false),
            _ => None,
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Object {
    pub(super) fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self(members)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        }
    }

    fn take<T>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let key = self.0.keys().find(|key| same_key(key, name)).cloned()?;
        let found = read(self.0.get(&key)?)?;
        self.0.remove(&key);
        Some(found)
    }

    /// A string, or a number as text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, text_of)
    }

    /// A text that says something.
    pub(super) fn filled_text(&mut self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// A number, or a string that holds one (a percent sign is passed over).
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        let read = |value: &Value| text_of(value)?.trim().trim_end_matches('%').parse::<f64>().ok();
        self.take(name, read).filter(|number| number.is_finite())
    }

    /// A whole number in either form.
    pub(super) fn integer(&mut self, name: &str) -> Option<i64> {
        self.take(name, |value| text_of(value)?.trim().parse::<i64>().ok())
    }

    /// A flag as boolean, `"true"`, or `"PASS"`.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.take(name, flag_of)
    }

    /// A moment in ISO 8601.
    pub(super) fn moment(&mut self, name: &str) -> Option<jiff::Timestamp> {
        self.take(name, |value| text_of(value)?.trim().parse().ok())
    }

    /// A member that is an object.
    pub(super) fn object(&mut self, name: &str) -> Option<Self> {
        self.take(name, |value| Self::of(value.clone()))
    }

    /// The members that are objects, with their keys as written.
    pub(super) fn objects(self) -> impl Iterator<Item = (String, Self)> {
        self.0.into_iter().filter_map(|(key, value)| Some((key, Self::of(value)?)))
    }

    /// The members that are texts, with their keys as written.
    pub(super) fn texts(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter().filter_map(|(key, value)| Some((key, text_of(&value)?)))
    }

    /// The objects of a list.
    pub(super) fn list(&mut self, name: &str) -> Vec<Self> {
        let read = |value: &Value| value.as_array().cloned();
        self.take(name, read).unwrap_or_default().into_iter().filter_map(Self::of).collect()
    }

    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        Object::of(value).unwrap()
    }

    #[test]
    fn keys_match_in_every_spelling() {
        for key in ["expirySeconds", "expiry_seconds", "EXPIRY_SECONDS", "expiryseconds"] {
            assert_eq!(object(json!({key: "60"})).integer("expirySeconds"), Some(60), "{key}");
        }
        assert_eq!(object(json!({"expirySecond": 1})).integer("expirySeconds"), None);
    }

    #[test]
    fn numbers_texts_and_flags_come_in_both_forms() {
        let mut all = object(json!({"a": 7, "b": "7", "c": true, "d": "FAIL", "e": "93%", "f": [1]}));
        assert_eq!((all.text("a"), all.integer("b")), (Some("7".to_owned()), Some(7)));
        assert_eq!((all.flag("c"), all.flag("d")), (Some(true), Some(false)));
        assert_eq!((all.number("e"), all.number("f")), (Some(93.0), None));
        assert_eq!(all.rest().keys().collect::<Vec<_>>(), ["f"], "what cannot be read is kept");
    }
}

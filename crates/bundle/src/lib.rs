//! The signed capture document v1.0: schema, canonical JSON (RFC 8785), HMAC.

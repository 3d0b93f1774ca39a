//! Keys and envelope encryption: OS keyring, key file, sealed bytes.

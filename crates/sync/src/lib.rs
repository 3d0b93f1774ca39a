//! Outbox times gateway: pure policy and its runner.

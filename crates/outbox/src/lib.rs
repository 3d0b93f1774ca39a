//! The durable, encrypted queue: what was accepted is delivered once or stays visible.
//!
//! One SQLite file (WAL, full sync) holds sealed captures until a gateway's receipt arrives, then
//! the receipt alone. Every change of state is one transaction together with its line in a
//! hash-linked audit chain.
//!
//! Invariants: [`Outbox::accept`] returns only after the capture is on disk; nothing about a
//! person is readable in the files without the master key; a wrong key changes nothing; items of
//! one customer leave in the order they came; two processes may share one file.
//! Lacks on purpose: any knowledge of partners, documents or networks, a clock, and a trait (a
//! temporary file is the test double).

mod audit;
mod database;
mod deliver;
mod discard;
mod error;
mod export;
mod item;
mod lease;
mod owner;
mod queue;
mod retention;
mod row;
mod schema;
mod stage;

pub use audit::{AuditEntry, AuditError, AuditEvent, AuditReport};
pub use database::{Outbox, OutboxParams};
pub use deliver::Delivery;
pub use error::{OpenError, OutboxError};
pub use item::{Attempt, Counts, Item, ItemId, Lease, NewItem, Reason, Record, SendMark, Sending, State};
pub use retention::{Purged, Retention};
pub use stage::NewStage;

//! The durable encrypted queue in SQLite: leases, attempts, receipts, audit chain.

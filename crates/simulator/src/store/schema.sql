CREATE TABLE IF NOT EXISTS api_keys (
    digest TEXT PRIMARY KEY,
    scopes TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS device_secrets (
    secret TEXT PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    nik TEXT,
    phone TEXT,
    email TEXT,
    external_id TEXT UNIQUE,
    kyc_level TEXT NOT NULL DEFAULT 'none',
    kyc_last_verified_ms INTEGER,
    created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS challenges (
    id TEXT PRIMARY KEY,
    nonce TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers(id),
    purpose TEXT NOT NULL DEFAULT 'ktp',
    colors TEXT NOT NULL,
    hold_ms TEXT NOT NULL,
    hmac_secret TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    consumed_ms INTEGER,
    created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS verifications (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers(id),
    method TEXT NOT NULL,
    status TEXT NOT NULL,
    score INTEGER NOT NULL,
    actor_user_id TEXT,
    created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS captures (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers(id),
    verification_id TEXT NOT NULL UNIQUE REFERENCES verifications(id),
    bundle_sha256 TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    nonce TEXT UNIQUE,
    sdk_version TEXT NOT NULL,
    platform TEXT NOT NULL,
    frames_sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL,
    assurance_tier TEXT NOT NULL,
    received_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS faces (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers(id),
    verification_id TEXT NOT NULL UNIQUE REFERENCES verifications(id),
    call TEXT NOT NULL,
    bundle_sha256 TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    nonce TEXT UNIQUE,
    frames_sha256 TEXT NOT NULL,
    fused TEXT NOT NULL,
    assurance_tier TEXT NOT NULL,
    allowed INTEGER,
    received_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS kyc_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers(id),
    from_tier TEXT NOT NULL,
    to_tier TEXT NOT NULL,
    actor_user_id TEXT,
    reason TEXT NOT NULL,
    created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    headers TEXT NOT NULL,
    signature TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks(id),
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'pending',
    last_status INTEGER,
    next_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_ms);
CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint TEXT NOT NULL,
    status INTEGER NOT NULL,
    faults TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);

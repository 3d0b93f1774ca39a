// Written by `cargo xtask bindings` from src-tauri/src/view.rs. Do not edit.

export type StatusView = { version: string, models: ModelsView, queue: QueueView, };

export type ModelsView = { "state": "ready", models: Array<ModelView>, } | { "state": "unavailable", detail: string, };

export type ModelView = { name: string, sha256: string, sizeBytes: number, };

export type QueueView = { "state": "open", path: string, counts: CountsView, } | { "state": "notCreated", path: string, } | { "state": "unavailable", path: string | null, problem: QueueProblem, detail: string, };

export type CountsView = { waiting: number, sending: number, delivered: number, parked: number, };

export type QueueProblem = "keyMissing" | "keyUnavailable" | "wrongKey" | "damaged" | "newerVersion" | "diskFull" | "busy" | "settings" | "other";

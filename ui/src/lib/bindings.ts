// Written by `cargo xtask bindings` from src-tauri/src/view.rs. Do not edit.

export type StatusView = { 
/**
 * Version of the application.
 */
version: string, 
/**
 * The nets that read cards.
 */
models: ModelsView, 
/**
 * The encrypted queue.
 */
queue: QueueView, };

export type ModelsView = { "state": "ready", 
/**
 * In the manifest's order.
 */
models: Array<ModelView>, } | { "state": "unavailable", 
/**
 * What was found instead.
 */
detail: string, };

export type ModelView = { 
/**
 * Its name in the manifest.
 */
name: string, 
/**
 * The first twelve hex digits of its digest: enough to tell two releases apart by eye.
 */
sha256: string, 
/**
 * Size of its file.
 */
sizeBytes: number, };

export type QueueView = { "state": "open", 
/**
 * Its file.
 */
path: string, 
/**
 * How many items are in which state.
 */
counts: CountsView, } | { "state": "notCreated", 
/**
 * Where its file will be.
 */
path: string, } | { "state": "unavailable", 
/**
 * Its file, unless not even the data folder is known.
 */
path: string | null, 
/**
 * Which advice helps.
 */
problem: QueueProblem, 
/**
 * What the system said, for whoever mends it.
 */
detail: string, };

export type CountsView = { 
/**
 * Not sent yet.
 */
waiting: number, 
/**
 * Sent, answer unknown.
 */
sending: number, 
/**
 * Receipt stored, capture destroyed.
 */
delivered: number, 
/**
 * A person decides.
 */
parked: number, };

export type QueueProblem = "keyMissing" | "keyUnavailable" | "wrongKey" | "damaged" | "newerVersion" | "diskFull" | "busy" | "settings" | "other";

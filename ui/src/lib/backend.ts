import { invoke, isTauri } from '@tauri-apps/api/core';
import type { StatusView } from './bindings';

/** Everything the window asks of Rust. */
export interface Backend {
  status(): Promise<StatusView>;
}

const native: Backend = {
  status: () => invoke<StatusView>('status'),
};

/** Rust inside the window; in a plain browser the scene that the address names (`?scene=parked`). */
export async function connect(): Promise<Backend> {
  if (isTauri()) return native;
  const { mockBackend } = await import('./mock');
  return mockBackend(new URLSearchParams(location.search).get('scene'));
}

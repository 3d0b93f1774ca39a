import { isTauri } from '@tauri-apps/api/core';
import type { Action, AppView } from './bindings';

/** Everything the window asks of Rust, and the one thing Rust tells it unasked. */
export interface Backend {
  /** What to show now. */
  view(): Promise<AppView>;
  /** Calls `onChange` with every later view; the promise settles once none can be missed, with what stops it. */
  onView(onChange: (view: AppView) => void): Promise<() => void>;
  /** What a person did. */
  act(action: Action): Promise<void>;
  /** A frame newer than `after`, framed as in `preview.ts`; empty if none came within a second. */
  frame(after: number): Promise<ArrayBuffer>;
  /** The straightened card of the review, a JPEG. */
  cardPicture(): Promise<ArrayBuffer>;
  /** The partner's logo, an SVG or a PNG. */
  logo(): Promise<ArrayBuffer>;
}

/** Rust inside the window; in a plain browser a scripted stand-in that the address sets up (`?screen=queue&mode=field`). */
export async function connect(): Promise<Backend> {
  if (isTauri()) return (await import('./native')).native;
  const { mockBackend } = await import('./mock/backend');
  return mockBackend(new URLSearchParams(location.search));
}

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Backend } from './backend';
import type { AppView } from './bindings';

/** Rust, behind Tauri's commands and its one event. */
export const native: Backend = {
  view: () => invoke<AppView>('view'),
  onView: (onChange) => listen<AppView>('view', (event) => onChange(event.payload)),
  act: (action) => invoke<void>('act', { action }),
  frame: (after) => invoke<ArrayBuffer>('frame', { after }),
  cardPicture: () => invoke<ArrayBuffer>('card_picture'),
  logo: () => invoke<ArrayBuffer>('logo'),
};

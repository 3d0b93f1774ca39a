import type { SettingsValues } from './bindings';

const isSame = (a: SettingsValues, b: SettingsValues): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The settings as they are being changed; nothing counts until it is saved. */
export class SettingsDraft {
  values = $state<SettingsValues>()!;
  #saved = $state.raw<SettingsValues>()!;
  isDirty = $derived(!isSame(this.values, this.#saved));

  constructor(saved: SettingsValues) {
    this.#saved = saved;
    this.values = { ...saved };
  }

  /** What is set now, as Rust says. Changes that were not saved stay. */
  follow(saved: SettingsValues): void {
    const wasDirty = this.isDirty;
    if (isSame(saved, this.#saved)) return;
    this.#saved = saved;
    if (!wasDirty) this.values = { ...saved };
  }

  revert(): void {
    this.values = { ...this.#saved };
  }
}

import { describe, expect, it } from 'vitest';
import type { SettingsValues } from '../src/lib/bindings';
import { SettingsDraft } from '../src/lib/settings-draft.svelte';

const saved: SettingsValues = {
  mode: 'staff',
  language: 'id',
  appearance: 'system',
  theme: null,
  camera: null,
  virtualCameras: 'warn',
  gatewayUrl: null,
  usesFlash: true, gestures: 2,
  showsMeasures: false,
  idleS: 30,
};

describe('settings being changed', () => {
  it('are dirty until they are as they were', () => {
    const draft = new SettingsDraft(saved);
    draft.values.idleS = 60;
    expect(draft.isDirty).toBe(true);
    draft.values.idleS = 30;
    expect(draft.isDirty).toBe(false);
  });

  it('follow what is saved while nothing was changed', () => {
    const draft = new SettingsDraft(saved);
    draft.follow({ ...saved, mode: 'field' });
    expect([draft.values.mode, draft.isDirty]).toEqual(['field', false]);
  });

  it('stay as the person left them when something else is saved', () => {
    const draft = new SettingsDraft(saved);
    draft.values.idleS = 60;
    draft.follow({ ...saved, mode: 'field' });
    expect([draft.values.idleS, draft.values.mode, draft.isDirty]).toEqual([60, 'staff', true]);
  });

  it('are clean once they are what is saved', () => {
    const draft = new SettingsDraft(saved);
    draft.values.idleS = 60;
    draft.follow({ ...saved, idleS: 60 });
    expect(draft.isDirty).toBe(false);
  });

  it('can be taken back without touching what is saved', () => {
    const draft = new SettingsDraft(saved);
    draft.values.appearance = 'dark';
    draft.revert();
    expect([draft.values, draft.isDirty, saved.appearance]).toEqual([saved, false, 'system']);
  });
});

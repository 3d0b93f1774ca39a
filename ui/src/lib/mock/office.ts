import type { DiagnosticView, SettingsProblem, SettingsValues, SettingsView } from '../bindings';
import { SETTINGS } from './sample';

const FINDINGS: DiagnosticView[] = [
  { part: 'folder', health: 'good', detail: '/home/petugas/.local/share/loket' },
  { part: 'disk', health: 'good', detail: '48.3 GB free' },
  { part: 'key', health: 'good', detail: 'system keyring' },
  { part: 'queue', health: 'good', detail: 'schema 3, 12 items' },
  { part: 'models', health: 'good', detail: '4 of 4 nets match the manifest' },
  { part: 'camera', health: 'poor', detail: 'Kamera Contoh HD: 1280×720 at 24 fps, 30 were asked for' },
  { part: 'gateway', health: 'good', detail: 'answered in 84 ms' },
  { part: 'secrets', health: 'bad', detail: 'the device secret expires in 3 days' },
];

function problemOf(values: SettingsValues): SettingsProblem | null {
  if (values.gatewayUrl !== null && !/^https?:\/\/\S+$/.test(values.gatewayUrl)) return 'gatewayUrl';
  return values.idleS < 15 || values.idleS > 300 ? 'idleTime' : null;
}

/** The settings and what is behind their buttons. */
export class MockOffice {
  values: SettingsValues;
  #rejected: SettingsProblem | null = null;
  #diagnostics: DiagnosticView[] | null = null;
  #exportedTo: string | null = null;

  constructor(values: Partial<SettingsValues>) {
    this.values = { ...SETTINGS, ...values };
  }

  /** Whether they were taken. */
  save(values: SettingsValues): boolean {
    this.#rejected = problemOf(values);
    if (this.#rejected === null) this.values = values;
    return this.#rejected === null;
  }

  diagnose(isDone: boolean): void {
    this.#diagnostics = isDone ? FINDINGS : [];
  }

  exportSupport(): void {
    this.#exportedTo = '/home/petugas/Dokumen/loket-support.zip';
  }

  /** Nothing that was asked for before is shown to the next one who opens them. */
  close(): void {
    [this.#rejected, this.#diagnostics, this.#exportedTo] = [null, null, null];
  }

  view(): { name: 'settings' } & SettingsView {
    return {
      name: 'settings',
      values: this.values,
      cameras: [
        { key: 'usb-046d:0825', name: 'Kamera Contoh HD', isVirtual: false, isInfrared: false },
        { key: 'usb-04f2:b6be', name: 'Integrated IR Camera', isVirtual: false, isInfrared: true },
        { key: 'v4l2loopback-0', name: 'OBS Virtual Camera', isVirtual: true, isInfrared: false },
      ],
      camera: { state: 'live', name: 'Kamera Contoh HD', widthPx: 1280, heightPx: 720, fps: 30, isVirtual: false },
      themes: ['bank-contoh'],
      dataDir: '/home/petugas/.local/share/loket',
      diagnostics: this.#diagnostics,
      rejected: this.#rejected,
      exportedTo: this.#exportedTo,
    };
  }
}

import type { Backend } from './backend';
import type { ModelView, QueueProblem, QueueView, StatusView } from './bindings';

const path = '/home/petugas/.local/share/loket/queue.db';

const models: ModelView[] = [
  { name: 'localiser', sha256: '992c9726b5d7', sizeBytes: 1_296_328 },
  { name: 'line-finder', sha256: 'a0e1451e1218', sizeBytes: 401_227 },
  { name: 'recogniser', sha256: '9ff7b5f81748', sizeBytes: 2_593_889 },
];

const open = (waiting: number, sending: number, delivered: number, parked: number): QueueView => ({
  state: 'open',
  path,
  counts: { waiting, sending, delivered, parked },
});

const unavailable = (problem: QueueProblem, detail: string): QueueView => ({ state: 'unavailable', path, problem, detail });

/** Every state of the queue that the window can meet. */
export const scenes: Record<string, QueueView> = {
  waiting: open(3, 1, 128, 0),
  settled: open(0, 0, 131, 0),
  parked: open(2, 0, 128, 1),
  notCreated: { state: 'notCreated', path },
  keyMissing: unavailable('keyMissing', 'no key file at /run/keys/loket'),
  keyUnavailable: unavailable('keyUnavailable', 'no usable keyring in this session; set LOKET_KEY_FILE to a key file instead'),
  wrongKey: unavailable('wrongKey', 'made with key 8c1f09d2a6b34e70, but the key at hand is 01b7c5'),
  settings: { state: 'unavailable', path: null, problem: 'settings', detail: 'config.toml, line 3: unknown key' },
};

/** A backend for browsers and tests: answers like Rust, from a fixed scene. */
export function mockBackend(scene: string | null): Backend {
  const queue = scenes[scene ?? 'waiting'] ?? open(3, 1, 128, 0);
  const status: StatusView = {
    version: '0.1.0',
    models: { state: 'ready', models },
    queue,
  };
  return { status: async () => status };
}

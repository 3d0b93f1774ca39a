import type { Backend } from './backend';
import type { ModelView, QueueProblem, QueueView, StatusView } from './bindings';

const path = '/home/petugas/.local/share/loket/queue.db';

const models: ModelView[] = [
  { name: 'localiser', sha256: '3f1c09a7be42', sizeBytes: 1_316_212 },
  { name: 'linefinder', sha256: '9b77d2e05c18', sizeBytes: 421_960 },
  { name: 'recogniser', sha256: 'c40aa81f6d93', sizeBytes: 2_644_871 },
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

import { defineConfig } from 'vitest/config';

/** Long enough for a machine that compiles beside this; a test waits for what it expects, never for a time. */
const PATIENCE_MS = 120_000;

// One file after another: a browser alone keeps a small machine busy.
export default defineConfig({
  test: { environment: 'node', include: ['tests/browser/*.spec.ts'], fileParallelism: false, testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS, expect: { poll: { timeout: PATIENCE_MS / 2 } } },
});

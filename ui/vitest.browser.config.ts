import { defineConfig } from 'vitest/config';

// One file after another: they share one browser's worth of a small machine, and times are part of what is tested.
export default defineConfig({
  test: { environment: 'node', include: ['tests/browser/*.spec.ts'], fileParallelism: false, testTimeout: 60_000, expect: { poll: { timeout: 20_000 } }, hookTimeout: 60_000 },
});

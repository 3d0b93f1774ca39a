import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Colours are pairs that follow the nearest `color-scheme`: rewritten for older web views they would follow the root's.
// Nothing is inlined as a data: address: the window's content policy does not allow any.
export default defineConfig({
  plugins: [svelte()],
  server: { port: 5173, strictPort: true },
  build: { target: 'es2022', cssTarget: ['chrome123', 'safari17.5'], assetsInlineLimit: 0 },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
});

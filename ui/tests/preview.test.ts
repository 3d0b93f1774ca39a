import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../src/lib/backend';
import { headerOf, Preview } from '../src/lib/preview.svelte';

function frameOf(seq: number, bodyBytes = 10): ArrayBuffer {
  const bytes = new ArrayBuffer(24 + bodyBytes);
  const data = new DataView(bytes);
  data.setBigUint64(0, BigInt(seq), true);
  data.setFloat64(8, 1_700_000_000_123.5, true);
  data.setUint32(16, 1280, true);
  data.setUint32(20, 720, true);
  return bytes;
}

afterEach(() => vi.unstubAllGlobals());

describe('a frame', () => {
  it('carries its number, its time and its size', () => {
    expect(headerOf(frameOf(42))).toEqual({ seq: 42, takenAtMs: 1_700_000_000_123.5, widthPx: 1280, heightPx: 720 });
  });

  it.each([0, 10, 24])('of %i bytes is none', (bytes) => expect(headerOf(new ArrayBuffer(bytes))).toBeNull());
});

describe('the preview', () => {
  /** Serves `frames`, then nothing; counts bitmaps that were made and closed. */
  function watching(frames: (ArrayBuffer | Error)[]): { preview: Preview; asked: number[]; open: () => number; made: () => number } {
    const asked: number[] = [];
    let made = 0;
    let closed = 0;
    vi.stubGlobal('createImageBitmap', async () => {
      made += 1;
      return { width: 1280, height: 720, close: () => (closed += 1) };
    });
    const backend: Pick<Backend, 'frame'> = {
      frame: async (after) => {
        asked.push(after);
        const next = frames.shift() ?? new ArrayBuffer(0);
        if (next instanceof Error) throw next;
        return next;
      },
    };
    return { preview: new Preview(backend as Backend), asked, open: () => made - closed, made: () => made };
  }

  const shown = (canvas: HTMLCanvasElement, count: number): Promise<number[]> =>
    new Promise((resolve) => {
      const seqs: number[] = [];
      canvas.addEventListener('frameshown', (event) => {
        seqs.push((event as CustomEvent<{ seq: number }>).detail.seq);
        if (seqs.length === count) resolve(seqs);
      });
    });

  it('asks for what is newer than the last, survives a failed answer and closes every bitmap', async () => {
    const { preview, asked, open, made } = watching([frameOf(1), new Error('busy'), frameOf(4), frameOf(9)]);
    const canvas = document.createElement('canvas');
    const seen = shown(canvas, 3);
    const stop = preview.draw(canvas);
    expect(await seen).toEqual([1, 4, 9]);
    stop();
    expect(asked.slice(0, 4)).toEqual([0, 1, 1, 4]);
    expect([made(), open()]).toEqual([3, 0]);
    expect([preview.widthPx, preview.heightPx, canvas.width]).toEqual([1280, 720, 1280]);
  });

  it('draws nothing once it was stopped', async () => {
    const { preview, open, made } = watching([frameOf(1)]);
    const stop = preview.draw(document.createElement('canvas'));
    stop();
    await Promise.resolve();
    await Promise.resolve();
    expect([made(), open(), preview.isShowing]).toEqual([0, 0, false]);
  });
});

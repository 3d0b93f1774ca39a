import { vi } from 'vitest';

/** Frames of the screen by hand: the callbacks of `requestAnimationFrame` run when `tick` says so. */
export function fakeFrames(): { now: () => number; tick: (ms?: number) => void; pending: () => number } {
  let now = 1_000;
  let last = 0;
  let waiting = new Map<number, FrameRequestCallback>();
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    last += 1;
    waiting.set(last, callback);
    return last;
  });
  vi.stubGlobal('cancelAnimationFrame', (request: number) => waiting.delete(request));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return {
    now: () => now,
    tick: (ms = 1_000 / 60) => {
      now += ms;
      const due = waiting;
      waiting = new Map();
      for (const callback of due.values()) callback(now);
    },
    pending: () => waiting.size,
  };
}

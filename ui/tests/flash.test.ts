import { afterEach, describe, expect, it, vi } from 'vitest';
import { colourOf, playFlash } from '../src/lib/flash';
import type { FlashStepView } from '../src/lib/bindings';
import { fakeFrames } from './frames';

const steps: FlashStepView[] = [
  { r: 255, g: 255, b: 255, holdMs: 400 },
  { r: 0, g: 80, b: 255, holdMs: 350 },
  { r: 0, g: 0, b: 0, holdMs: 400 },
];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Event {
  what: string;
  atMs: number;
}

function recorded(): { events: Event[]; frames: ReturnType<typeof fakeFrames>; stop: () => void } {
  const frames = fakeFrames();
  const events: Event[] = [];
  const say = (what: string): number => events.push({ what, atMs: frames.now() });
  const stop = playFlash(steps, {
    show: (colour) => say(`show ${colour}`),
    shown: (index) => say(`shown ${index}`),
    done: () => say('done'),
  });
  return { events, frames, stop };
}

describe('the flash', () => {
  it('shows every colour in the order that was asked for, then says that it is over', () => {
    const { events, frames } = recorded();
    for (let i = 0; i < 200; i += 1) frames.tick();
    const expected = steps.flatMap((step, i) => [`show ${colourOf(step)}`, `shown ${i}`]);
    expect(events.map((event) => event.what)).toEqual([...expected, 'done']);
    expect(frames.pending()).toBe(0);
  });

  it.each([1_000 / 144, 1_000 / 60, 50])('never holds a colour shorter than asked, with %f ms a frame', (frameMs) => {
    const { events, frames } = recorded();
    for (let i = 0; i < 1_000; i += 1) frames.tick(frameMs);
    const at = (what: string): number => events.find((event) => event.what === what)!.atMs;
    const ends = [at(`show ${colourOf(steps[1]!)}`), at(`show ${colourOf(steps[2]!)}`), at('done')];
    steps.forEach((step, i) => expect(ends[i]! - at(`shown ${i}`)).toBeGreaterThanOrEqual(step.holdMs));
  });

  it('reports a colour only in the second frame after it was set, when it is painted', () => {
    const { events, frames } = recorded();
    frames.tick();
    expect(events).toHaveLength(1);
    frames.tick();
    expect(events[1]!.what).toBe('shown 0');
  });

  it('falls silent when it is stopped', () => {
    const { events, frames, stop } = recorded();
    frames.tick();
    stop();
    for (let i = 0; i < 200; i += 1) frames.tick();
    expect(events).toHaveLength(1);
  });
});

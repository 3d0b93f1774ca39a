import { afterEach, describe, expect, it, vi } from 'vitest';
import { Follower } from '../src/lib/follower.svelte';
import { middleFrame, type Quad } from '../src/lib/quad';
import { fakeFrames } from './frames';

const here = middleFrame(1280, 720);
const there = here.map((p) => ({ x: p.x + 0.1, y: p.y })) as Quad;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the frame that follows the card', () => {
  it('is there at once the first time', () => {
    fakeFrames();
    const follower = new Follower();
    follower.go(here, true);
    expect(follower.quad).toEqual(here);
  });

  it('glides, always nearer, arrives and then rests', () => {
    const frames = fakeFrames();
    const follower = new Follower();
    follower.go(here, true);
    follower.go(there, true);
    const way = (): number => there[0].x - follower.quad![0].x;
    let before = way();
    expect(before).toBeCloseTo(0.1, 9);
    for (let i = 0; frames.pending() > 0 && i < 100; i += 1) {
      frames.tick();
      expect(way()).toBeLessThan(before);
      before = way();
    }
    expect(follower.quad).toEqual(there);
    expect(frames.pending()).toBe(0);
  });

  it('goes as far in one slow frame as in several fast ones', () => {
    const after = (ticks: number, ms: number): number => {
      const frames = fakeFrames();
      const follower = new Follower();
      follower.go(here, true);
      follower.go(there, true);
      for (let i = 0; i < ticks; i += 1) frames.tick(ms);
      return follower.quad![0].x;
    };
    expect(after(1, 50)).toBeCloseTo(after(3, 50 / 3), 6);
  });

  it('jumps where motion is not wanted', () => {
    const frames = fakeFrames();
    const follower = new Follower();
    follower.go(here, false);
    follower.go(there, false);
    expect(follower.quad).toEqual(there);
    expect(frames.pending()).toBe(0);
  });

  it('can be stopped on the way and go on later', () => {
    const frames = fakeFrames();
    const follower = new Follower();
    follower.go(here, true);
    follower.go(there, true);
    follower.stop();
    frames.tick();
    expect(follower.quad).toEqual(here);
    follower.go(there, true);
    frames.tick();
    expect(follower.quad![0].x).toBeGreaterThan(here[0].x);
  });
});

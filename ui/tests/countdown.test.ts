import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Countdown } from '../src/lib/countdown.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('counts down in whole seconds, ends at zero and stops by itself', () => {
  const countdown = new Countdown();
  countdown.from(3);
  expect(countdown.secondsLeft).toBe(3);
  vi.advanceTimersByTime(1_000);
  expect(countdown.secondsLeft).toBe(2);
  vi.advanceTimersByTime(9_000);
  expect(countdown.secondsLeft).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

it('stands still once it was stopped', () => {
  const countdown = new Countdown();
  const stop = countdown.from(10);
  stop();
  vi.advanceTimersByTime(5_000);
  expect(countdown.secondsLeft).toBe(10);
});

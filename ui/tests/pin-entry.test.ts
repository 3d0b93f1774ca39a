import { describe, expect, it } from 'vitest';
import { PinEntry, PIN_DIGITS } from '../src/lib/pin-entry.svelte';

function typing(isChosen: boolean): { type: (pin: string) => void; entry: PinEntry; given: string[] } {
  const given: string[] = [];
  const entry = new PinEntry((pin) => given.push(pin));
  return { entry, given, type: (pin) => [...pin].forEach((digit) => entry.press(digit, isChosen)) };
}

describe('a PIN that opens something', () => {
  it('is handed over with its last digit and forgotten at once', () => {
    const { type, entry, given } = typing(false);
    type('12345');
    expect([given.length, entry.typed.length]).toEqual([0, PIN_DIGITS - 1]);
    type('6');
    expect([given, entry.typed]).toEqual([['123456'], '']);
  });

  it('loses its last digit on demand, and none where there is none', () => {
    const { type, entry, given } = typing(false);
    entry.erase();
    type('19');
    entry.erase();
    type('23456');
    expect(given).toEqual(['123456']);
  });
});

describe('a PIN that is chosen', () => {
  it('is asked for twice', () => {
    const { type, entry, given } = typing(true);
    type('246810');
    expect([given.length, entry.stage]).toEqual([0, 'repeat']);
    type('246810');
    expect([given, entry.stage]).toEqual([['246810'], 'first']);
  });

  it('begins again when the two differ, and says so until the next digit', () => {
    const { type, entry, given } = typing(true);
    type('246810246811');
    expect([given.length, entry.isDifferent, entry.stage]).toEqual([0, true, 'first']);
    type('1');
    expect(entry.isDifferent).toBe(false);
    entry.erase();
    type('135791135791');
    expect(given).toEqual(['135791']);
  });
});

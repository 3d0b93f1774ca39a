import { expect, it } from 'vitest';
import { ovalIn, ovalOutline } from '../src/lib/oval';

it.each([
  [1280, 720],
  [640, 480],
  [720, 1280],
])('the oval stands in the middle of %i × %i and is taller than wide', (width, height) => {
  const { x, y, rx, ry } = ovalIn(width, height);
  expect([x, y]).toEqual([width / 2, height / 2]);
  expect(ry).toBeGreaterThan(rx);
  expect(y - ry).toBeGreaterThan(0);
  expect(x - rx).toBeGreaterThan(0);
});

it('its line begins at the top, passes the bottom and closes', () => {
  expect(ovalOutline({ x: 100, y: 80, rx: 30, ry: 40 })).toBe('M100.0 40.0A30.0 40.0 0 0 1 100.0 120.0A30.0 40.0 0 0 1 100.0 40.0Z');
});

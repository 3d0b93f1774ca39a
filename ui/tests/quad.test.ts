import { describe, expect, it } from 'vitest';
import { alignedTo, between, boxAround, brackets, CARD_ASPECT, middleFrame, outline, roundOutline, type Quad } from '../src/lib/quad';

const square: Quad = [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.75, y: 0.75 },
  { x: 0.25, y: 0.75 },
];
const turned = (by: number): Quad => square.map((_, i) => square[(i + by) % 4]) as Quad;

describe('the frame in the middle', () => {
  it.each([
    [1280, 720],
    [640, 480],
    [720, 1280],
    [1920, 1080],
  ])('has the shape of a card and lies inside %i×%i', (width, height) => {
    const frame = middleFrame(width, height);
    const wide = (frame[1].x - frame[0].x) * width;
    const high = (frame[3].y - frame[0].y) * height;
    expect(wide / high).toBeCloseTo(CARD_ASPECT, 5);
    for (const corner of frame) {
      expect(corner.x).toBeGreaterThan(0);
      expect(corner.x).toBeLessThan(1);
      expect(corner.y).toBeGreaterThan(0);
      expect(corner.y).toBeLessThan(1);
    }
    expect(frame[0].x + frame[1].x).toBeCloseTo(1, 9);
    expect(frame[0].y + frame[3].y).toBeCloseTo(1, 9);
  });
});

describe('following', () => {
  it.each([0, 1, 2, 3])('does not twist for a card turned by %i quarters', (by) => {
    expect(alignedTo(square, turned(by))).toEqual(square);
  });

  it('goes the share of the way that is asked for', () => {
    const there = square.map((p) => ({ x: p.x + 0.2, y: p.y - 0.1 })) as Quad;
    expect(between(square, there, 0)).toEqual(square);
    expect(between(square, there, 0.5)[0].x).toBeCloseTo(0.35, 9);
    expect(between(square, there, 1)[2].y).toBeCloseTo(0.65, 9);
  });
});

describe('paths', () => {
  it('are written in the pixels of the picture', () => {
    expect(outline(square, 100, 200)).toBe('M25.0 50.0L75.0 50.0L75.0 150.0L25.0 150.0Z');
  });

  it('cover more than what they are drawn around', () => {
    const box = boxAround(turned(1), 0.1, 0.05);
    expect(box[0]).toEqual({ x: 0.15, y: 0.2 });
    expect(box[2].x).toBeCloseTo(0.85, 9);
    expect(box[2].y).toBeCloseTo(0.8, 9);
  });

  it('close around four round corners, from the middle of the upper edge', () => {
    const path = roundOutline(square, 100, 100);
    expect(path.startsWith('M50.0 25.0L')).toBe(true);
    expect(path.match(/Q/g)).toHaveLength(4);
    expect(path.endsWith('Z')).toBe(true);
  });

  it('draw four brackets that stay within their sides', () => {
    const path = brackets(square, 100, 100);
    expect(path.match(/M/g)).toHaveLength(4);
    const numbers = path.match(/-?\d+\.\d/g)!.map(Number);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(75);
  });
});

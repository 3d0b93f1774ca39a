import type { PointView } from './bindings';

export type Quad = [PointView, PointView, PointView, PointView];

/** Width over height of an ID-1 card (ISO/IEC 7810: 85.60 × 53.98 mm). */
export const CARD_ASPECT = 1.586;

/** A card-shaped frame in the middle of a picture, in shares of it; `share` of its width, less where it is too low. */
export function middleFrame(widthPx: number, heightPx: number, share = 0.62): Quad {
  const width = Math.min(share * widthPx, share * 1.15 * heightPx * CARD_ASPECT);
  const height = width / CARD_ASPECT;
  const [left, top] = [(widthPx - width) / 2 / widthPx, (heightPx - height) / 2 / heightPx];
  const [right, bottom] = [1 - left, 1 - top];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const distance = (a: Quad, b: Quad): number => a.reduce((sum, p, i) => sum + (p.x - b[i]!.x) ** 2 + (p.y - b[i]!.y) ** 2, 0);

/** `to` begun at the corner that lies nearest to `from`'s first: a card that was turned must not twist its frame. */
export function alignedTo(from: Quad, to: Quad): Quad {
  const turns = [0, 1, 2, 3].map((by) => to.map((_, i) => to[(i + by) % 4]!) as Quad);
  return turns.reduce((best, turn) => (distance(from, turn) < distance(from, best) ? turn : best));
}

/** A step from `from` to `to`; `share` 1 arrives. */
export function between(from: Quad, to: Quad, share: number): Quad {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return from.map((p, i) => ({ x: mix(p.x, to[i]!.x), y: mix(p.y, to[i]!.y) })) as Quad;
}

/** Points as an SVG path in a picture's pixels. */
export function outline(points: PointView[], widthPx: number, heightPx: number): string {
  const at = points.map((p) => `${(p.x * widthPx).toFixed(1)} ${(p.y * heightPx).toFixed(1)}`);
  return `M${at.join('L')}Z`;
}

/** An upright box around points, larger by a share of the picture on each side. */
export function boxAround(points: PointView[], across: number, down: number): Quad {
  const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
  const [left, right] = [Math.min(...xs) - across, Math.max(...xs) + across];
  const [top, bottom] = [Math.min(...ys) - down, Math.max(...ys) + down];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

/** The outline of a card with round corners, beginning at the middle of its upper edge. */
export function roundOutline(quad: Quad, widthPx: number, heightPx: number, radius = 0.07): string {
  const px = quad.map((p) => ({ x: p.x * widthPx, y: p.y * heightPx }));
  const along = (a: PointView, b: PointView, share: number): string =>
    `${(a.x + (b.x - a.x) * share).toFixed(1)} ${(a.y + (b.y - a.y) * share).toFixed(1)}`;
  // A side's corner radius as a share of that side: short sides are 1.586 times shorter.
  const cut = (i: number): number => (i % 2 === 0 ? radius / CARD_ASPECT : radius);
  const [a, b] = [px[0]!, px[1]!];
  let path = `M${along(a, b, 0.5)}`;
  for (let i = 1; i <= 4; i += 1) {
    const [before, corner, after] = [px[(i + 3) % 4]!, px[i % 4]!, px[(i + 1) % 4]!];
    path += `L${along(corner, before, cut(i + 3))}Q${along(corner, corner, 0)} ${along(corner, after, cut(i))}`;
  }
  return `${path}Z`;
}

/** The four corners alone, as brackets. */
export function brackets(quad: Quad, widthPx: number, heightPx: number, length = 0.16): string {
  const px = quad.map((p) => ({ x: p.x * widthPx, y: p.y * heightPx }));
  const along = (a: PointView, b: PointView, share: number): string =>
    `${(a.x + (b.x - a.x) * share).toFixed(1)} ${(a.y + (b.y - a.y) * share).toFixed(1)}`;
  const arm = (i: number, times: number): number => (i % 2 === 0 ? length / CARD_ASPECT : length) * times;
  return px
    .map((corner, i) => {
      const [before, after] = [px[(i + 3) % 4]!, px[(i + 1) % 4]!];
      const [back, on] = [i + 3, i];
      return (
        `M${along(corner, before, arm(back, 1))}L${along(corner, before, arm(back, 0.35))}` +
        `Q${along(corner, corner, 0)} ${along(corner, after, arm(on, 0.35))}L${along(corner, after, arm(on, 1))}`
      );
    })
    .join('');
}

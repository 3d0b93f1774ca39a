/** Half the oval's width and height, as shares of the picture's height: the part of it that is judged. */
const HALF_WIDTH = 0.27;
const HALF_HEIGHT = 0.36;

export interface Oval {
  x: number;
  y: number;
  rx: number;
  ry: number;
}

/** The oval that a face is to fill: in the middle of the picture, in its pixels. */
export const ovalIn = (widthPx: number, heightPx: number): Oval => ({ x: widthPx / 2, y: heightPx / 2, rx: HALF_WIDTH * heightPx, ry: HALF_HEIGHT * heightPx });

/** Its line, beginning at the top and going round clockwise. */
export function ovalOutline({ x, y, rx, ry }: Oval): string {
  const [top, bottom] = [`${x.toFixed(1)} ${(y - ry).toFixed(1)}`, `${x.toFixed(1)} ${(y + ry).toFixed(1)}`];
  const arc = `A${rx.toFixed(1)} ${ry.toFixed(1)} 0 0 1 `;
  return `M${top}${arc}${bottom}${arc}${top}Z`;
}

import { drawCard, drawScene, jpegOf, type Scenery } from './drawing';
import { CARD_PX } from './sample';

const [WIDTH, HEIGHT] = [1280, 720];
const HEADER_BYTES = 24;

function canvasOf(width: number, height: number): { canvas: HTMLCanvasElement; draw: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const draw = canvas.getContext('2d', { alpha: false });
  if (draw === null) throw new Error('this browser draws no pictures');
  return { canvas, draw };
}

/** A camera that films what `scenery` says, so many times a second at most; nothing while it says `null`. */
export class MockCamera {
  #scenery: () => Scenery | null;
  #frameMs: number;
  #seq = 0;
  #takenAt = -Infinity;
  #film = canvasOf(WIDTH, HEIGHT);

  constructor(scenery: () => Scenery | null, framesPerSecond: number) {
    this.#scenery = scenery;
    this.#frameMs = 1_000 / framesPerSecond;
  }

  frame = async (): Promise<ArrayBuffer> => {
    const wait = this.#takenAt + this.#frameMs - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const scenery = this.#scenery();
    if (scenery === null) return new ArrayBuffer(0);
    this.#takenAt = performance.now();
    drawScene(this.#film.draw, WIDTH, HEIGHT, scenery);
    const jpeg = await jpegOf(this.#film.canvas);
    const bytes = new Uint8Array(HEADER_BYTES + jpeg.byteLength);
    const header = new DataView(bytes.buffer);
    header.setBigUint64(0, BigInt((this.#seq += 1)), true);
    header.setFloat64(8, Date.now(), true);
    header.setUint32(16, WIDTH, true);
    header.setUint32(20, HEIGHT, true);
    bytes.set(new Uint8Array(jpeg), HEADER_BYTES);
    return bytes.buffer;
  };

  /** The straightened card. */
  card = async (): Promise<ArrayBuffer> => {
    const { canvas, draw } = canvasOf(CARD_PX.width, CARD_PX.height);
    drawCard(draw);
    return jpegOf(canvas);
  };
}

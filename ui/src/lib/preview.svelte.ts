import type { Backend } from './backend';

/** What stands before the JPEG: u64 sequence, f64 milliseconds since 1970 when it was taken, u32 width, u32 height. */
const HEADER_BYTES = 24;
/** Wait after an empty answer, so that a backend without a camera is not asked without pause. */
const PAUSE_MS = 100;

export interface FrameHeader {
  seq: number;
  takenAtMs: number;
  widthPx: number;
  heightPx: number;
}

/** Reads the header of a frame; `null` for an empty answer. */
export function headerOf(bytes: ArrayBuffer): FrameHeader | null {
  if (bytes.byteLength <= HEADER_BYTES) return null;
  const data = new DataView(bytes);
  return {
    seq: Number(data.getBigUint64(0, true)),
    takenAtMs: data.getFloat64(8, true),
    widthPx: data.getUint32(16, true),
    heightPx: data.getUint32(20, true),
  };
}

/**
 * Draws the newest frame on a canvas, again and again. One question is under way at a time: what the window is too
 * slow for is dropped by Rust, not queued here.
 *
 * After each frame the canvas sends the event `frameshown`, whose detail is the frame's header, for whoever measures.
 */
export class Preview {
  widthPx = $state(1280);
  heightPx = $state(720);
  /** Whether anything was drawn yet. */
  isShowing = $state(false);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** An attachment for a canvas. */
  draw = (canvas: HTMLCanvasElement): (() => void) => {
    let isDrawing = true;
    const run = async (): Promise<void> => {
      let after = 0;
      while (isDrawing) {
        const header = await this.#next(canvas, after, () => isDrawing).catch(() => null);
        if (header) after = header.seq;
        else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    void run();
    return () => {
      isDrawing = false;
      this.isShowing = false;
    };
  };

  async #next(canvas: HTMLCanvasElement, after: number, isWanted: () => boolean): Promise<FrameHeader | null> {
    const bytes = await this.#backend.frame(after);
    const header = headerOf(bytes);
    if (header === null || !isWanted()) return header;
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes, HEADER_BYTES)], { type: 'image/jpeg' }));
    try {
      if (isWanted()) this.#show(canvas, bitmap, header);
    } finally {
      bitmap.close();
    }
    return header;
  }

  #show(canvas: HTMLCanvasElement, bitmap: ImageBitmap, header: FrameHeader): void {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
    this.widthPx = bitmap.width;
    this.heightPx = bitmap.height;
    this.isShowing = true;
    canvas.dispatchEvent(new CustomEvent('frameshown', { detail: header, bubbles: true }));
  }
}

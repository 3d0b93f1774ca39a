import { alignedTo, between, type Quad } from './quad';

/** Share of the remaining way that is gone in a frame at 60 Hz. */
const STEP = 0.35;
const FRAME_MS = 1_000 / 60;
const ARRIVED = 1e-7;

/** A quad that glides to where the card is now, between two views. */
export class Follower {
  quad = $state.raw<Quad | null>(null);
  #target: Quad | null = null;
  #request = 0;
  #lastAt = 0;

  /** Goes there from now on; at once where motion is not wanted. */
  go(target: Quad, isMotionWanted: boolean): void {
    const from = this.quad;
    if (from === null || !isMotionWanted) {
      this.quad = target;
      this.#target = target;
      return;
    }
    this.#target = alignedTo(from, target);
    if (this.#request === 0) {
      this.#lastAt = performance.now();
      this.#request = requestAnimationFrame(this.#step);
    }
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  #step = (now: number): void => {
    if (this.quad === null || this.#target === null) return;
    const frames = Math.max(0.25, (now - this.#lastAt) / FRAME_MS);
    this.#lastAt = now;
    const next = between(this.quad, this.#target, 1 - (1 - STEP) ** frames);
    const isThere = next.every((p, i) => (p.x - this.#target![i]!.x) ** 2 + (p.y - this.#target![i]!.y) ** 2 < ARRIVED);
    this.quad = isThere ? this.#target : next;
    this.#request = isThere ? 0 : requestAnimationFrame(this.#step);
  };
}

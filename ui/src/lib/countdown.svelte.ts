const TICK_MS = 250;

/** Counts seconds down from the last number Rust gave, so that the window need not be told every second. */
export class Countdown {
  secondsLeft = $state(0);
  #endsAt = 0;

  /** Starts again from here; returns what stops it. */
  from(seconds: number): () => void {
    this.#endsAt = performance.now() + seconds * 1_000;
    this.secondsLeft = seconds;
    const timer = setInterval(() => {
      this.secondsLeft = Math.max(0, Math.ceil((this.#endsAt - performance.now()) / 1_000));
      if (this.secondsLeft === 0) clearInterval(timer);
    }, TICK_MS);
    return () => clearInterval(timer);
  }
}

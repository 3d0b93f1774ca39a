import type { FlashStepView } from './bindings';

export interface FlashStage {
  /** Fills the screen with a colour. */
  show(colour: string): void;
  /** The colour at this place of the order is on the screen. */
  shown(index: number): void;
  /** The last colour's time is over. */
  done(): void;
}

export const colourOf = ({ r, g, b }: FlashStepView): string => `rgb(${r}, ${g}, ${b})`;

/**
 * Plays colours, each for at least its time, counted from the frame after the one that painted it. Reports a colour
 * only when it is painted: Rust measures the light from then on. Returns what stops it.
 */
export function playFlash(steps: FlashStepView[], stage: FlashStage): () => void {
  let request = 0;
  const next = (step: (now: number) => void): void => {
    request = requestAnimationFrame(step);
  };
  const play = (index: number): void => {
    const step = steps[index];
    if (step === undefined) {
      stage.done();
      return;
    }
    stage.show(colourOf(step));
    // The first callback still runs before the colour is painted, the second one after.
    next(() =>
      next((paintedAt) => {
        stage.shown(index);
        const hold = (now: number): void => {
          if (now - paintedAt >= step.holdMs) play(index + 1);
          else next(hold);
        };
        next(hold);
      }),
    );
  };
  play(0);
  return () => cancelAnimationFrame(request);
}

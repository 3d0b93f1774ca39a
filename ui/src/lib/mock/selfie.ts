import type { SelfieHintCode, SelfieView, StepView } from '../bindings';
import { LIVE, LOST } from './capture';
import type { Scenery } from './drawing';

type Head = NonNullable<Scenery['head']>;

const GOOD: Head = { x: 0.5, y: 0.5, height: 0.62 };

const PLACES: Partial<Record<SelfieHintCode, Head>> = {
  nobodyThere: { x: 0.08, y: 0.62, height: 0.5 },
  moving: { x: 0.54, y: 0.52, height: 0.6 },
};

const LIGHTS: Partial<Record<SelfieHintCode, number>> = { tooDark: 0.35, tooBright: 1.7 };

/** What the camera films of a person. */
export const selfieScenery = (code: SelfieHintCode): Scenery => ({ card: null, head: PLACES[code] ?? GOOD, glare: null, finger: null, light: LIGHTS[code] ?? 1 });

/** How a selfie goes: what is wrong, and for how long; from the scene that the demo plays. */
export function selfieScript(scene: string): [SelfieHintCode, number][] {
  const trouble: Record<string, SelfieHintCode> = { dark: 'tooDark', blurry: 'blurry', unplugged: 'cameraLost' };
  return [
    ['nobodyThere', 1_600],
    [trouble[scene] ?? 'moving', trouble[scene] ? 3_000 : 1_500],
  ];
}

export interface SelfieMoment {
  code: SelfieHintCode;
  step: StepView;
  hold: number;
  elapsedMs: number;
  hasTimedOut: boolean;
  again: string | null;
}

/** The selfie's screen at a moment of the script. */
export const selfieView = ({ code, step, hold, elapsedMs, hasTimedOut, again }: SelfieMoment): { name: 'selfie' } & SelfieView => ({
  name: 'selfie',
  step,
  camera: code === 'cameraLost' ? LOST : LIVE,
  hint: code,
  hold,
  offersHelp: elapsedMs > 5_000,
  offersShutter: elapsedMs > 10_000,
  hasTimedOut,
  again,
});

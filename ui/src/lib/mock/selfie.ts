import type { FaceVoteView, FailedTryView, GestureCode, GesturePromptView, SelfieFailure, SelfieHintCode, SelfieLockedView, SelfieView, StepView } from '../bindings';
import { LIVE, LOST } from './capture';
import type { Scenery } from './drawing';

type Head = NonNullable<Scenery['head']>;

const GOOD: Head = { x: 0.5, y: 0.5, height: 0.62 };

const PLACES: Partial<Record<SelfieHintCode, Head>> = {
  nobodyThere: { x: 0.08, y: 0.62, height: 0.5 },
  tooFar: { x: 0.5, y: 0.5, height: 0.34 },
  tooClose: { x: 0.5, y: 0.5, height: 0.95 },
  offCentre: { x: 0.62, y: 0.54, height: 0.6 },
  moving: { x: 0.54, y: 0.52, height: 0.6 },
};

const LIGHTS: Partial<Record<SelfieHintCode, number>> = { tooDark: 0.35, backlit: 0.5, tooBright: 1.7 };

/** What the camera films of a person. */
export const selfieScenery = (code: SelfieHintCode): Scenery => ({ card: null, head: PLACES[code] ?? GOOD, glare: null, finger: null, light: LIGHTS[code] ?? 1 });

/** Tries before staff are needed. */
export const MOST_TRIES = 3;

/** How a selfie goes: what is wrong, and for how long; from the scene that the demo plays. */
export function selfieScript(scene: string): [SelfieHintCode, number][] {
  const trouble: Record<string, SelfieHintCode> = { dark: 'tooDark', blurry: 'blurry', unplugged: 'cameraLost', far: 'tooFar', close: 'tooClose', 'cut-off': 'offCentre' };
  return [
    ['nobodyThere', 1_600],
    [trouble[scene] ?? 'moving', trouble[scene] ? 3_000 : 1_500],
  ];
}

/** The gestures that a visit asks for; drawn by chance in the product, told by the address here. */
export const GESTURES: GestureCode[] = ['turnLeft', 'blink'];

export const promptOf = (gesture: GestureCode, number: number, of: number, spent: number): GesturePromptView => ({ gesture, number, of, spent, isSecondTry: false });

export interface SelfieMoment {
  code: SelfieHintCode;
  step: StepView;
  hold: number;
  elapsedMs: number;
  gesture: GesturePromptView | null;
  isChecking: boolean;
  failed: FailedTryView | null;
  again: string | null;
}

/** The selfie's screen at a moment of the script. */
export const selfieView = ({ code, step, hold, elapsedMs, gesture, isChecking, failed, again }: SelfieMoment): { name: 'selfie' } & SelfieView => ({
  name: 'selfie',
  step,
  camera: code === 'cameraLost' ? LOST : LIVE,
  hint: code,
  gesture,
  hold,
  offersHelp: elapsedMs > 5_000,
  offersShutter: elapsedMs > 10_000,
  isChecking,
  failed,
  again,
});

/** What this device saw in a try that did not convince. */
export const VOTES: FaceVoteView[] = [
  { voter: 'challengeResponse', outcome: 'passed' },
  { voter: 'flashReflectance', outcome: 'failed' },
  { voter: 'flashDepth', outcome: 'failed' },
  { voter: 'silentPassive', outcome: 'passed' },
  { voter: 'screenPattern', outcome: 'failed' },
  { voter: 'motionParallax', outcome: 'abstained' },
  { voter: 'streamIntegrity', outcome: 'passed' },
  { voter: 'faceContinuity', outcome: 'passed' },
  { voter: 'faceGrain', outcome: 'passed' },
];

/** The locked screen. */
export const lockedView = (step: StepView, isUnlocked: boolean, reason: SelfieFailure = 'notConvincing', failedTries = MOST_TRIES): { name: 'selfieLocked' } & SelfieLockedView => ({
  name: 'selfieLocked',
  step,
  reason,
  failedTries,
  isUnlocked,
  offersWithoutGestures: true,
  votes: isUnlocked && reason === 'notConvincing' ? VOTES : [],
});

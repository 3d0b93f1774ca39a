import type { Appearance, FlowView, GestureCode, HintCode, Language, Mode, Notice, ScreenView, SelfieFailure, SelfieHintCode } from '../bindings';

/** What the address asks for: `?screen=outcome.queued&mode=field&flow=selfieLiveness&lang=en&look=dark&speed=4&ends=NOT_LIVE`. */
export interface Address {
  screen: ScreenView['name'];
  /** What follows the screen's name: a hint of the card, a result or a reason code of the outcome, a topic of the help. */
  variant: string | null;
  mode: Mode;
  flow: FlowView;
  /** How the partner answers, once: a result, a reason code. It is content with what is captured again. */
  ends: string | null;
  /** How the first tries with the face fail: `fails=missed,timedOut`. */
  fails: SelfieFailure[];
  /** Why the partner wants another picture, on the screens before the camera. */
  again: string | null;
  language: Language;
  appearance: Appearance;
  isOnline: boolean;
  /** Waits are so many times shorter. */
  speed: number;
  /** Nothing happens by itself: for pictures. */
  isStill: boolean;
  isDemo: boolean;
  isIdle: boolean;
  hasPartner: boolean;
  isEmpty: boolean;
  notice: Notice | null;
}

const SCREENS: ScreenView['name'][] = ['opening', 'start', 'consent', 'card', 'selfie', 'selfieLocked', 'flash', 'reading', 'review', 'submitting', 'outcome', 'queue', 'pin', 'settings', 'help'];

const oneOf = <Word extends string>(words: readonly Word[], word: string | null | undefined): Word | null => words.find((known) => known === word) ?? null;

export function addressOf(query: URLSearchParams): Address {
  const [screen, variant] = (query.get('screen') ?? '').split('.');
  return {
    screen: oneOf(SCREENS, screen) ?? 'start',
    variant: variant ?? null,
    mode: oneOf(['staff', 'selfService', 'field'], query.get('mode')) ?? 'staff',
    flow: oneOf(['ktpScan', 'selfieLiveness', 'identityVerification'], query.get('flow')) ?? 'ktpScan',
    ends: query.get('ends'),
    fails: (query.get('fails') ?? '').split(',').flatMap((word) => failureNamed(word) ?? []),
    again: query.get('again'),
    language: oneOf(['id', 'en'], query.get('lang')) ?? 'id',
    appearance: oneOf(['system', 'light', 'dark', 'contrast'], query.get('look')) ?? 'system',
    isOnline: query.get('online') !== '0',
    speed: Math.max(0.1, Number(query.get('speed') ?? 1) || 1),
    isStill: query.has('still'),
    isDemo: query.has('demo'),
    isIdle: query.has('idle'),
    hasPartner: query.has('partner'),
    isEmpty: query.has('empty'),
    notice: oneOf(['wiped', 'cancelled', 'declined', 'settingsSaved', 'exported', 'notNow', 'wrongPin', 'noPin', 'launchRefused'], query.get('notice')),
  };
}

const HINTS: HintCode[] = [
  'cameraLost', 'noCard', 'otherDocument', 'backSide', 'upsideDown', 'cutOff', 'tooFar', 'tooClose', 'tilted', 'obstructed',
  'glare', 'tooDark', 'tooBright', 'blurry', 'moving', 'hold', 'captured',
];

export const hintNamed = (variant: string | null): HintCode | null => oneOf(HINTS, variant);

const SELFIE_HINTS: SelfieHintCode[] = [
  'cameraLost', 'tooDark', 'nobodyThere', 'manyFaces', 'tooFar', 'tooClose', 'offCentre', 'turnToCamera', 'covered', 'backlit',
  'tooBright', 'moving', 'blurry', 'hold', 'captured',
];

const GESTURES: GestureCode[] = ['blink', 'turnLeft', 'smile'];

export const gestureNamed = (variant: string | null): GestureCode | null => oneOf(GESTURES, variant);

const FAILURES: SelfieFailure[] = ['timedOut', 'missed', 'notConvincing'];

export const failureNamed = (variant: string | null): SelfieFailure | null => oneOf(FAILURES, variant);

export const selfieHintNamed = (variant: string | null): SelfieHintCode | null => oneOf(SELFIE_HINTS, variant);

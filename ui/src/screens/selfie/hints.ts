import CameraOff from '@lucide/svelte/icons/camera-off';
import Check from '@lucide/svelte/icons/check';
import Expand from '@lucide/svelte/icons/expand';
import Eye from '@lucide/svelte/icons/eye';
import Focus from '@lucide/svelte/icons/focus';
import Hand from '@lucide/svelte/icons/hand';
import Hourglass from '@lucide/svelte/icons/hourglass';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Move from '@lucide/svelte/icons/move';
import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ScanFace from '@lucide/svelte/icons/scan-face';
import Shrink from '@lucide/svelte/icons/shrink';
import Smile from '@lucide/svelte/icons/face-slightly-smiling';
import Sun from '@lucide/svelte/icons/sun';
import Sunrise from '@lucide/svelte/icons/sunrise';
import Timer from '@lucide/svelte/icons/timer';
import Users from '@lucide/svelte/icons/users';
import VenetianMask from '@lucide/svelte/icons/venetian-mask';
import ScanEye from '@lucide/svelte/icons/scan-eye';
import type { LucideIcon } from '@lucide/svelte';
import type { GestureCode, SelfieHintCode, SelfieView } from '../../lib/bindings';
import { speech } from '../../lib/speech.svelte';
import type { Hint, Tone } from '../capture/HintBar.svelte';

const icons: Record<SelfieHintCode, LucideIcon> = {
  cameraLost: CameraOff,
  tooDark: Lightbulb,
  nobodyThere: ScanFace,
  manyFaces: Users,
  tooFar: Expand,
  tooClose: Shrink,
  offCentre: Move,
  turnToCamera: Eye,
  covered: VenetianMask,
  backlit: Sunrise,
  tooBright: Sun,
  moving: Hand,
  blurry: Focus,
  hold: Timer,
  captured: Check,
};

const tones: Record<SelfieHintCode, Tone> = {
  cameraLost: 'problem',
  tooDark: 'problem',
  nobodyThere: 'neutral',
  manyFaces: 'problem',
  tooFar: 'neutral',
  tooClose: 'neutral',
  offCentre: 'neutral',
  turnToCamera: 'neutral',
  covered: 'problem',
  backlit: 'problem',
  tooBright: 'problem',
  moving: 'neutral',
  blurry: 'neutral',
  hold: 'good',
  captured: 'good',
};

const gestures: Record<GestureCode, LucideIcon> = { blink: ScanEye, turnLeft: ArrowLeft, smile: Smile };

/** Colour of the oval for a hint. */
export const toneOf = (code: SelfieHintCode): Tone => tones[code];

/** The one thing to do now: what stands in the way, else the gesture that is asked for, else the hint. */
export function shown(selfie: SelfieView): Hint {
  const text = speech.text.selfie;
  const { hint: code, gesture } = selfie;
  if (selfie.isChecking) return { code: 'checking', icon: Hourglass, words: text.checking, tone: 'neutral' };
  if (gesture !== null && code === 'hold') {
    const words = text.gestures.words[gesture.gesture];
    return { code: gesture.gesture, icon: gestures[gesture.gesture], words: gesture.isSecondTry ? text.gestures.again(words) : words, tone: 'good' };
  }
  return { code, icon: icons[code], words: text.hints[code], tone: tones[code] };
}

import Ban from '@lucide/svelte/icons/ban';
import CameraOff from '@lucide/svelte/icons/camera-off';
import Check from '@lucide/svelte/icons/check';
import Expand from '@lucide/svelte/icons/expand';
import Fingerprint from '@lucide/svelte/icons/pointer';
import Focus from '@lucide/svelte/icons/focus';
import Hand from '@lucide/svelte/icons/hand';
import IdCard from '@lucide/svelte/icons/id-card';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Move from '@lucide/svelte/icons/move-3d';
import MoveRight from '@lucide/svelte/icons/arrow-right';
import Rotate from '@lucide/svelte/icons/rotate-cw';
import Rotate3d from '@lucide/svelte/icons/rotate-3d';
import Shrink from '@lucide/svelte/icons/shrink';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Sun from '@lucide/svelte/icons/sun';
import Timer from '@lucide/svelte/icons/timer';
import type { LucideIcon } from '@lucide/svelte';
import type { Direction, HintCode, HintView } from '../../lib/bindings';
import { speech } from '../../lib/speech.svelte';
import { names } from '../../lib/names';
import type { Hint, Tone } from '../capture/HintBar.svelte';

/** More hidden fields than this are not named one by one. */
const MAX_NAMED = 3;

export const icons: Record<HintCode, LucideIcon> = {
  cameraLost: CameraOff,
  noCard: IdCard,
  otherDocument: Ban,
  backSide: Rotate3d,
  upsideDown: Rotate,
  cutOff: MoveRight,
  tooFar: Expand,
  tooClose: Shrink,
  tilted: Move,
  obstructed: Fingerprint,
  glare: Sparkles,
  tooDark: Lightbulb,
  tooBright: Sun,
  blurry: Focus,
  moving: Hand,
  hold: Timer,
  captured: Check,
};

export function toneOf(code: HintCode): Tone {
  switch (code) {
    case 'hold':
    case 'captured':
      return 'good';
    case 'noCard':
    case 'blurry':
    case 'moving':
      return 'neutral';
    case 'cameraLost':
    case 'otherDocument':
    case 'backSide':
    case 'upsideDown':
    case 'cutOff':
    case 'tooFar':
    case 'tooClose':
    case 'tilted':
    case 'obstructed':
    case 'glare':
    case 'tooDark':
    case 'tooBright':
      return 'problem';
  }
}

/** Fields by name; nothing where they are too many. */
export const namesOf = (fields: string[]): string => (fields.length > MAX_NAMED ? '' : names(fields));

/** The hint in words. */
export function wordsOf(hint: HintView): string {
  const fields = namesOf(hint.fields);
  return speech.text.card.hints[hint.code](hint.direction, fields);
}

const TURNS: Record<Direction, number> = { right: 0, down: 90, left: 180, up: 270 };

/** The hint as the bar shows it; an arrow's icon points where the card is to go. */
export function shown(hint: HintView): Hint {
  const turn = hint.code === 'cutOff' && hint.direction ? TURNS[hint.direction] : 0;
  return { code: hint.code, icon: icons[hint.code], words: wordsOf(hint), tone: toneOf(hint.code), turn };
}

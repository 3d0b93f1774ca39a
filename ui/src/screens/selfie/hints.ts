import CameraOff from '@lucide/svelte/icons/camera-off';
import Check from '@lucide/svelte/icons/check';
import Focus from '@lucide/svelte/icons/focus';
import Hand from '@lucide/svelte/icons/hand';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import ScanFace from '@lucide/svelte/icons/scan-face';
import Sun from '@lucide/svelte/icons/sun';
import Timer from '@lucide/svelte/icons/timer';
import type { LucideIcon } from '@lucide/svelte';
import type { SelfieHintCode } from '../../lib/bindings';
import { speech } from '../../lib/speech.svelte';
import type { Hint, Tone } from '../capture/HintBar.svelte';

const icons: Record<SelfieHintCode, LucideIcon> = {
  cameraLost: CameraOff,
  nobodyThere: ScanFace,
  tooDark: Lightbulb,
  tooBright: Sun,
  blurry: Focus,
  moving: Hand,
  hold: Timer,
  captured: Check,
};

const tones: Record<SelfieHintCode, Tone> = {
  cameraLost: 'problem',
  nobodyThere: 'neutral',
  tooDark: 'problem',
  tooBright: 'problem',
  blurry: 'neutral',
  moving: 'neutral',
  hold: 'good',
  captured: 'good',
};

/** The hint as the bar and the oval show it. */
export const shown = (code: SelfieHintCode): Hint => ({ code, icon: icons[code], words: speech.text.selfie.hints[code], tone: tones[code] });

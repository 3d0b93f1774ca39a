import type { Language } from '../bindings';
import { capture } from './capture';
import { card } from './card';
import { common } from './common';
import { consent } from './consent';
import { flash } from './flash';
import { help } from './help';
import { opening } from './opening';
import { outcome } from './outcome';
import { pin } from './pin';
import { queue } from './queue';
import { reading } from './reading';
import { reasons } from './reasons';
import { review } from './review';
import { selfie } from './selfie';
import { settings } from './settings';
import { start } from './start';
import { submitting } from './submitting';
import { words } from './words';

const screens = { common, opening, start, consent, capture, card, selfie, flash, reading, review, submitting, outcome, queue, pin, settings, help, words, reasons };

type Screens = typeof screens;

/** Every word of the window in one language, by screen. */
export type Messages = { [Screen in keyof Screens]: Screens[Screen]['id'] };

const of = (language: Language): Messages =>
  Object.fromEntries(Object.entries(screens).map(([screen, texts]) => [screen, texts[language]])) as Messages;

/** Indonesian and English, complete: a missing key does not compile. */
export const messages: Record<Language, Messages> = { id: of('id'), en: of('en') };

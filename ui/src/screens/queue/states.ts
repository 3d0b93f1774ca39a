import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Clock from '@lucide/svelte/icons/clock';
import Search from '@lucide/svelte/icons/search';
import Send from '@lucide/svelte/icons/send';
import type { LucideIcon } from '@lucide/svelte';
import type { ItemState } from '../../lib/bindings';

/** The states in the order they are shown: what needs a person first. */
export const states: ItemState[] = ['needsYou', 'waiting', 'sending', 'inReview', 'done'];

export const icons: Record<ItemState, LucideIcon> = {
  waiting: Clock,
  sending: Send,
  inReview: Search,
  done: CircleCheck,
  needsYou: CircleAlert,
};

/** The class of a state's badge. */
export const tones: Record<ItemState, string> = { waiting: '', sending: 'accent', inReview: 'accent', done: 'good', needsYou: 'warning' };

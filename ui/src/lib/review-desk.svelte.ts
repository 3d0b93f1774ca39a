import { SvelteSet } from 'svelte/reactivity';
import type { ReviewView } from './bindings';

/**
 * Where the person checking is: which field is looked at, edited, done. What was uncertain when the screen opened
 * stays first until it closes, or rows would jump away under the hand that corrects them.
 */
export class ReviewDesk {
  /** The field whose place on the card is lit. */
  active = $state<string | null>(null);
  editing = $state<string | null>(null);
  /** The editor's value was handed over; the next view tells what came of it. */
  isSent = $state(false);
  readonly checked = new SvelteSet<string>();
  readonly uncertain: readonly string[];
  readonly #order: readonly string[];

  constructor(review: ReviewView) {
    this.uncertain = review.fields.filter((field) => field.needsCheck).map((field) => field.key);
    const rest = review.fields.map((field) => field.key).filter((key) => !this.uncertain.includes(key));
    this.#order = [...this.uncertain, ...rest];
  }

  /** This one is right; answers the one to look at next, `null` after the last. */
  accept(key: string): string | null {
    this.checked.add(key);
    this.editing = null;
    this.isSent = false;
    const next = this.#order[this.#order.indexOf(key) + 1] ?? null;
    this.active = next;
    return next;
  }

  edit(key: string): void {
    this.active = key;
    this.editing = key;
    this.isSent = false;
  }

  close(): void {
    this.editing = null;
    this.isSent = false;
  }
}

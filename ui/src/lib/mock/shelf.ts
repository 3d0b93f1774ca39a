import type { QueueItemView, QueueScreenView } from '../bindings';
import { detailOf, queueItems } from './sample';

export const MOCK_PIN = '123456';

/** The queue: items that can be opened, sent again, exported and discarded. */
export class MockShelf {
  items: QueueItemView[];
  #open: string | null = null;
  #exportedTo: string | null = null;
  isSending = false;

  constructor(isEmpty: boolean) {
    this.items = isEmpty ? [] : queueItems();
  }

  get counts(): QueueScreenView['counts'] {
    const of = (...states: QueueItemView['state'][]): number => this.items.filter((item) => states.includes(item.state)).length;
    return { waiting: of('waiting'), sending: of('sending'), delivered: of('done', 'inReview'), parked: of('needsYou') };
  }

  add(item: QueueItemView): void {
    this.items = [item, ...this.items];
  }

  open(id: string | null): void {
    [this.#open, this.#exportedTo] = [id, null];
  }

  retry(id: string): void {
    this.#change(id, { state: 'waiting', reason: null, nextAttemptAt: null });
  }

  exportItem(id: string): void {
    this.#exportedTo = `/home/petugas/Dokumen/loket-${id}.zip`;
  }

  discard(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
    this.open(null);
  }

  /** Sending is over: what waited was taken by the partner. */
  sent(): void {
    this.isSending = false;
    for (const item of this.items) {
      if (item.state === 'waiting' || item.state === 'sending') this.#change(item.id, { state: 'done', reason: null, verdict: 'passed', nextAttemptAt: null });
    }
  }

  view(): { name: 'queue' } & QueueScreenView {
    const open = this.items.find((item) => item.id === this.#open);
    return {
      name: 'queue',
      counts: this.counts,
      items: this.items,
      open: open ? detailOf(open) : null,
      isSending: this.isSending,
      freeBytes: 48_300_000_000,
      capturesLeft: 18_400,
      exportedTo: this.#exportedTo,
      problem: null,
    };
  }

  #change(id: string, to: Partial<QueueItemView>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...to, attempts: item.attempts + 1 } : item));
  }
}

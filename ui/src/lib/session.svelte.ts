import type { Backend } from './backend';
import type { Action, AppView } from './bindings';

/** How often the view is asked for although nothing was pushed: a lost event must not freeze the window. */
const REFRESH_MS = 3_000;
/** Somebody is there: told at most so often. */
const TOUCH_MS = 1_000;

/** The last view that Rust gave, whether Rust still answers, and the way to tell it what a person did. */
export class Session {
  view = $state.raw<AppView | null>(null);
  isLost = $state(false);
  readonly backend: Backend;
  #touchedAt = -Infinity;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** Listens, then asks; returns what stops it. */
  watch(): () => void {
    let isWatching = true;
    let stopListening: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const refresh = async (): Promise<void> => {
      try {
        this.#take(await this.backend.view());
        this.isLost = false;
      } catch {
        // The last view stays on screen, marked as old.
        this.isLost = true;
      }
      if (isWatching) timer = setTimeout(refresh, REFRESH_MS);
    };
    void this.backend.onView((view) => this.#take(view)).then((stop) => {
      if (isWatching) stopListening = stop;
      else stop();
    });
    void refresh();
    return () => {
      isWatching = false;
      clearTimeout(timer);
      stopListening?.();
    };
  }

  act = (action: Action): void => {
    this.backend.act(action).then(
      () => (this.isLost = false),
      () => (this.isLost = true),
    );
  };

  /** Somebody touched anything. */
  touch = (): void => {
    const now = performance.now();
    if (now - this.#touchedAt < TOUCH_MS) return;
    this.#touchedAt = now;
    this.act({ do: 'touch' });
  };

  #take(view: AppView): void {
    if (this.view === null || view.revision >= this.view.revision) this.view = view;
  }
}

import type { Backend } from './backend';
import type { StatusView } from './bindings';

/** How often the window looks again. The queue may change under it: the command line uses the same one. */
const REFRESH_MS = 2_000;

/** The last status that Rust gave, and whether it is still current. */
export class Status {
  view = $state<StatusView | null>(null);
  isStale = $state(false);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async refresh(): Promise<void> {
    try {
      this.view = await this.#backend.status();
      this.isStale = false;
    } catch {
      // The last answer stays on screen, marked as old.
      this.isStale = true;
    }
  }

  /** Refreshes now and then regularly; returns what stops it. */
  watch(): () => void {
    let isWatching = true;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      await this.refresh();
      if (isWatching) timer = setTimeout(look, REFRESH_MS);
    };
    void look();
    return () => {
      isWatching = false;
      clearTimeout(timer);
    };
  }
}

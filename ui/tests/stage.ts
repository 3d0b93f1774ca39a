import type { Backend } from '../src/lib/backend';
import type { Action, AppView } from '../src/lib/bindings';
import { Session } from '../src/lib/session.svelte';

/** A session whose actions are only noted. */
export function noted(): { session: Session; acted: Action[] } {
  const acted: Action[] = [];
  const nothing = async (): Promise<ArrayBuffer> => new ArrayBuffer(0);
  const backend: Backend = {
    view: () => new Promise<AppView>(() => undefined),
    onView: async () => () => undefined,
    act: async (action) => void acted.push(action),
    frame: nothing,
    cardPicture: nothing,
    logo: nothing,
  };
  return { session: new Session(backend), acted };
}

import type { Backend } from '../backend';
import type { AppView } from '../bindings';
import { addressOf } from './address';
import { MockCamera } from './camera';
import { Machine } from './machine';

/** A backend for a plain browser: the whole flow, played by a script. */
export function mockBackend(query: URLSearchParams): Backend {
  const listeners = new Set<(view: AppView) => void>();
  const address = addressOf(query);
  const machine = new Machine(address, (view) => {
    for (const tell of listeners) tell(view);
  });
  const camera = new MockCamera(machine.scenery, address.isStill ? 2 : 30);
  return {
    view: async () => machine.view,
    onView: async (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    act: async (action) => machine.act(action),
    frame: camera.frame,
    cardPicture: camera.card,
    logo: async () => new ArrayBuffer(0),
  };
}

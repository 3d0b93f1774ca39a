import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../src/lib/backend';
import type { Action, AppView } from '../src/lib/bindings';
import { Session } from '../src/lib/session.svelte';

const viewOf = (revision: number): AppView => ({
  revision,
  version: '0.1.0',
  mode: 'staff',
  language: 'id',
  theme: { appearance: 'system', partner: null },
  link: 'online',
  counts: null,
  demo: null,
  idle: null,
  notice: null,
  screen: { name: 'help', topic: 'general' },
});

/** A backend whose every answer the test decides. */
class Scripted implements Backend {
  current = viewOf(1);
  isDeaf = false;
  readonly acted: Action[] = [];
  push: (view: AppView) => void = () => undefined;
  stopped = 0;

  view = async (): Promise<AppView> => {
    if (this.isDeaf) throw new Error('gone');
    return this.current;
  };
  onView = async (onChange: (view: AppView) => void): Promise<() => void> => {
    this.push = onChange;
    return () => (this.stopped += 1);
  };
  act = async (action: Action): Promise<void> => {
    if (this.isDeaf) throw new Error('gone');
    this.acted.push(action);
  };
  frame = async (): Promise<ArrayBuffer> => new ArrayBuffer(0);
  cardPicture = async (): Promise<ArrayBuffer> => new ArrayBuffer(0);
  logo = async (): Promise<ArrayBuffer> => new ArrayBuffer(0);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('the session', () => {
  it('shows what is pushed, and never an older view', async () => {
    const backend = new Scripted();
    const session = new Session(backend);
    const stop = session.watch();
    await settle();
    expect(session.view?.revision).toBe(1);
    backend.push(viewOf(5));
    backend.push(viewOf(4));
    expect(session.view?.revision).toBe(5);
    stop();
  });

  it('asks again by itself, so that a lost event does not freeze the window', async () => {
    const backend = new Scripted();
    const session = new Session(backend);
    const stop = session.watch();
    await settle();
    backend.current = viewOf(9);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(session.view?.revision).toBe(9);
    stop();
  });

  it('keeps the last view while nobody answers, says so, and recovers', async () => {
    const backend = new Scripted();
    const session = new Session(backend);
    const stop = session.watch();
    await settle();
    backend.isDeaf = true;
    await vi.advanceTimersByTimeAsync(3_100);
    expect([session.isLost, session.view?.revision]).toEqual([true, 1]);
    backend.isDeaf = false;
    await vi.advanceTimersByTimeAsync(3_100);
    expect(session.isLost).toBe(false);
    stop();
  });

  it('says that an action was not taken', async () => {
    const backend = new Scripted();
    backend.isDeaf = true;
    const session = new Session(backend);
    session.act({ do: 'agree' });
    await settle();
    expect(session.isLost).toBe(true);
  });

  it('tells of touches at most once a second', async () => {
    const backend = new Scripted();
    const session = new Session(backend);
    for (let i = 0; i < 10; i += 1) {
      session.touch();
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(backend.acted).toEqual([{ do: 'touch' }, { do: 'touch' }, { do: 'touch' }]);
  });

  it('stops listening and asking', async () => {
    const backend = new Scripted();
    const stop = new Session(backend).watch();
    await settle();
    stop();
    expect([backend.stopped, vi.getTimerCount()]).toEqual([1, 0]);
  });
});

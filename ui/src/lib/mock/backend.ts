import type { Backend } from '../backend';
import type { Action, AppView, HelpTopic, ScreenView } from '../bindings';

const start: ScreenView = { name: 'start', capturedToday: 12, deliveredToday: 9, asksCustomerId: true, trouble: null };
const consent: ScreenView = { name: 'consent', textVersion: '1', recipient: 'Mitra Contoh', receiptDays: 90, captureDays: 30 };
const help = (topic: HelpTopic): ScreenView => ({ name: 'help', topic });

/** The screen that follows; the same one where the action does not fit it. */
function next(screen: ScreenView, action: Action): ScreenView {
  if (action.do === 'begin') return consent;
  if (action.do === 'openHelp') return help('general');
  if (action.do === 'decline' || action.do === 'cancel' || action.do === 'back') return start;
  return screen;
}

/** A backend for a plain browser: start, consent and help, without a camera. */
export function mockBackend(query: URLSearchParams): Backend {
  let view: AppView = {
    revision: 1,
    version: '0.1.0',
    mode: query.get('mode') === 'selfService' ? 'selfService' : query.get('mode') === 'field' ? 'field' : 'staff',
    language: query.get('lang') === 'en' ? 'en' : 'id',
    theme: { appearance: 'system', partner: null },
    link: 'online',
    counts: { waiting: 3, sending: 0, delivered: 9, parked: 0 },
    demo: null,
    idle: null,
    notice: null,
    screen: start,
  };
  const listeners = new Set<(view: AppView) => void>();
  return {
    view: async () => view,
    onView: async (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    act: async (action) => {
      const language = action.do === 'chooseLanguage' ? action.language : view.language;
      view = { ...view, revision: view.revision + 1, language, screen: next(view.screen, action) };
      for (const tell of listeners) tell(view);
    },
    frame: async () => new ArrayBuffer(0),
    cardPicture: async () => new ArrayBuffer(0),
    logo: async () => new ArrayBuffer(0),
  };
}

import type { FaceOutcomeView, FlashOutcome, OutcomeView } from '../../lib/bindings';
import { knownWord, reasonOf, wordOf } from '../../lib/names';
import { speech } from '../../lib/speech.svelte';

/** The outcome in words, for who stands before it. */
export interface Told {
  title: string;
  lead: string;
  /** What is captured again, on its button; nothing where that would not help. */
  retake: string | null;
  /** Why, for staff. */
  reason: string | null;
  /** A code that we have no words for, for staff. */
  code: string | null;
}

/** Reasons that lie in the selfie alone. */
const OF_THE_FACE = ['liveness_check_failed', 'not_live', 'face_match_failed'];

const isRefusal = ({ result }: OutcomeView): boolean => result === 'refused' || result === 'failed';

/** Whether another picture is the next thing to do. */
export const isAgain = (outcome: OutcomeView): boolean => outcome.retake !== null && isRefusal(outcome);

/** The face was refused, and the card has to be captured with it. */
const isBoth = (outcome: OutcomeView): boolean => outcome.retake === 'card' && OF_THE_FACE.includes(codeOf(outcome)?.toLowerCase() ?? '');

/** A kiosk is not told which partner judged, and OneKYC may have judged a face: no word of the card alone there, nor where a
 * face was captured. */
const isIdentity = (outcome: OutcomeView, isKiosk: boolean): boolean => outcome.result === 'verified' && (isKiosk || outcome.onekyc !== null || outcome.face !== null);

function titleOf(outcome: OutcomeView, isKiosk: boolean): string {
  const text = speech.text.outcome;
  if (outcome.retake !== null && isAgain(outcome)) return isBoth(outcome) ? text.againBoth : text.again[outcome.retake];
  if (isKiosk && isRefusal(outcome)) return text.sorry;
  return isIdentity(outcome, isKiosk) ? text.identity.title : text.results[outcome.result].title;
}

function leadOf(outcome: OutcomeView, isKiosk: boolean): string {
  const text = speech.text.outcome;
  const result = isIdentity(outcome, isKiosk) ? text.identity : text.results[outcome.result];
  const helps = isRefusal(outcome) ? reasonOf(isKiosk ? outcome.reason : codeOf(outcome)) : undefined;
  const otherwise = isAgain(outcome) ? text.againLead : undefined;
  const lead = isKiosk ? (helps?.customer ?? otherwise ?? result.customer) : (helps?.staff ?? otherwise ?? result.next);
  return isAgain(outcome) && isBoth(outcome) ? `${lead} ${text.bothLead}` : lead;
}

function retakeOf(outcome: OutcomeView): string | null {
  const text = speech.text.outcome;
  if (outcome.retake === null) return null;
  return isBoth(outcome) ? text.retakeBoth : text.retake[outcome.retake];
}

/** Why there is no light in the evidence, for staff; nothing where there is. */
const withoutLight = (flash: FlashOutcome): string[] => (flash === 'played' ? [] : [speech.text.outcome.noLight[flash]]);

/** What keeps the card's assurance from being high. A visit without a card has none to be lowered. */
export const loweredCard = ({ tier, flash }: OutcomeView): string[] => (tier === null || tier === 'high' ? [] : withoutLight(flash));

/** What keeps the face's assurance from being high: known here before the partner says its tier. */
export function loweredFace({ tier, flash, isWithoutGestures, verdict }: FaceOutcomeView, asksForLight: boolean): string[] {
  if (tier === 'high') return [];
  const { face } = speech.text.outcome;
  return [
    ...(asksForLight ? withoutLight(flash) : []),
    ...(isWithoutGestures ? [face.withoutGestures] : []),
    ...(verdict === 'unclear' ? [face.inDoubt] : []),
  ];
}

/** OneKYC's own code says more than the queue's word for it. */
const codeOf = (outcome: OutcomeView): string | null => outcome.onekyc?.reasonCode ?? outcome.reason;

/** What is said of an outcome. At a kiosk a reason is given only as what the customer can do. */
export function toldOf(outcome: OutcomeView, isKiosk: boolean): Told {
  const said = { title: titleOf(outcome, isKiosk), lead: leadOf(outcome, isKiosk), retake: retakeOf(outcome) };
  const code = codeOf(outcome);
  // That it is being processed is the title already.
  if (isKiosk || code === null || outcome.result === 'processing') return { ...said, reason: null, code: null };
  const known = knownWord('reasons', code);
  if (known !== undefined || !isRefusal(outcome)) return { ...said, reason: known ?? wordOf('reasons', code), code: null };
  return { ...said, reason: speech.text.outcome.unknownReason, code };
}

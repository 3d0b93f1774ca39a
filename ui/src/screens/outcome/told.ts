import type { OutcomeView } from '../../lib/bindings';
import { knownWord, reasonOf, wordOf } from '../../lib/names';
import { speech } from '../../lib/speech.svelte';

/** The outcome in words, for who stands before it. */
export interface Told {
  title: string;
  lead: string;
  /** Why, for staff. */
  reason: string | null;
  /** A code that we have no words for, for staff. */
  code: string | null;
}

const isRefusal = ({ result }: OutcomeView): boolean => result === 'refused' || result === 'failed';

/** Whether another picture is the next thing to do. */
export const isAgain = (outcome: OutcomeView): boolean => outcome.retake !== null && isRefusal(outcome);

/** A kiosk is not told which partner judged, and OneKYC may have judged a face: no word of the card alone. */
const isIdentity = (outcome: OutcomeView, isKiosk: boolean): boolean => outcome.result === 'verified' && (isKiosk || outcome.onekyc !== null);

function titleOf(outcome: OutcomeView, isKiosk: boolean): string {
  const text = speech.text.outcome;
  if (outcome.retake !== null && isAgain(outcome)) return text.again[outcome.retake];
  if (isKiosk && isRefusal(outcome)) return text.sorry;
  return isIdentity(outcome, isKiosk) ? text.identity.title : text.results[outcome.result].title;
}

function leadOf(outcome: OutcomeView, isKiosk: boolean): string {
  const text = speech.text.outcome;
  const result = isIdentity(outcome, isKiosk) ? text.identity : text.results[outcome.result];
  const helps = isRefusal(outcome) ? reasonOf(isKiosk ? outcome.reason : codeOf(outcome)) : undefined;
  const otherwise = isAgain(outcome) ? text.againLead : undefined;
  return isKiosk ? (helps?.customer ?? otherwise ?? result.customer) : (helps?.staff ?? otherwise ?? result.next);
}

/** OneKYC's own code says more than the queue's word for it. */
const codeOf = (outcome: OutcomeView): string | null => outcome.onekyc?.reasonCode ?? outcome.reason;

/** What is said of an outcome. At a kiosk a reason is given only as what the customer can do. */
export function toldOf(outcome: OutcomeView, isKiosk: boolean): Told {
  const [title, lead] = [titleOf(outcome, isKiosk), leadOf(outcome, isKiosk)];
  const code = codeOf(outcome);
  // That it is being processed is the title already.
  if (isKiosk || code === null || outcome.result === 'processing') return { title, lead, reason: null, code: null };
  const known = knownWord('reasons', code);
  if (known !== undefined || !isRefusal(outcome)) return { title, lead, reason: known ?? wordOf('reasons', code), code: null };
  return { title, lead, reason: speech.text.outcome.unknownReason, code };
}

import type { CheckView, FaceOutcomeView, FlashOutcome, FlashStepView, FlowView, OneKycView, OutcomeResult, OutcomeView, RetakeView, StatusView, SubmitStage, SubmittingView } from '../bindings';
import { VOTES } from './selfie';

export const FLASH_STEPS: FlashStepView[] = [
  { r: 255, g: 255, b: 255, holdMs: 420 },
  { r: 0, g: 96, b: 255, holdMs: 420 },
  { r: 0, g: 190, b: 90, holdMs: 420 },
  { r: 255, g: 190, b: 0, holdMs: 420 },
];

export const FLASH_SECONDS = 2;

const CHECKS: CheckView[] = [
  {
    name: 'antiSpoof',
    hasPassed: true,
    voters: [
      { name: 'hologram_check', hasPassed: true, reason: null },
      { name: 'flash_reflectance', hasPassed: true, reason: null },
      { name: 'screen_moire', hasPassed: true, reason: null },
    ],
  },
  {
    name: 'tamper',
    hasPassed: true,
    voters: [
      { name: 'font_match', hasPassed: true, reason: null },
      { name: 'nik_consistency', hasPassed: false, reason: 'district differs' },
    ],
  },
];

const REASONS: Partial<Record<OutcomeResult, string>> = { queued: 'offline', refused: 'unknown_customer', failed: 'disk_full', processing: 'processing' };

/** Reasons that another picture mends, and those that a customer alone can do something about. */
const RETAKES: Record<string, RetakeView> = {
  NOT_EKTP: 'card',
  REFERENCE_IMAGE_VALIDATION_FAILED: 'card',
  INVALID_DOCUMENT: 'card',
  picture_refused: 'card',
  LIVENESS_CHECK_FAILED: 'selfie',
  NOT_LIVE: 'selfie',
  FACE_MATCH_FAILED: 'selfie',
  DOCUMENT_NOT_FOUND: 'card',
};
const FOR_STAFF = ['FRAUD_REJECT', 'DUKCAPIL_REJECTED', 'AETHER_VERIFICATION_FAILED'];

const oneKyc = (result: OutcomeResult, code: string | null): OneKycView => ({
  status: result === 'processing' ? 'PROCESSING' : 'COMPLETED',
  result: result === 'verified' ? 'VALID' : result === 'refused' ? 'INVALID' : null,
  reasonCode: code !== null && code === code.toUpperCase() ? code : null,
  correlationId: '00000000-0000-4000-8000-000000000013',
});

/** How OneKYC ends: `ends` is a result, or the reason of a refusal. */
export function oneKycOutcome(ends: string, flow: FlowView, isKiosk: boolean): { name: 'outcome' } & OutcomeView {
  const result = RESULTS.find((known) => known === ends) ?? 'refused';
  const code = result === ends ? null : ends;
  const view = outcomeView(result, 'offline', isKiosk);
  const wanted = code === null ? null : (RETAKES[code] ?? null);
  // Card and face of one visit are judged together: such a visit begins with its card.
  const retake = wanted === null || flow === 'ktpScan' ? wanted : flow === 'selfieLiveness' ? 'selfie' : 'card';
  const reason = code ?? view.reason;
  const isTold = !isKiosk || (reason !== null && !FOR_STAFF.includes(reason));
  return {
    ...view,
    reason: isTold ? reason : null,
    tier: null,
    checks: [],
    retake,
    onekyc: isKiosk ? null : oneKyc(result, code),
  };
}

export const RESULTS: OutcomeResult[] = ['verified', 'review', 'processing', 'queued', 'refused', 'failed'];

export function outcomeView(result: OutcomeResult, flash: FlashOutcome, isKiosk: boolean): { name: 'outcome' } & OutcomeView {
  const hasReceipt = result === 'verified' || result === 'review';
  return {
    name: 'outcome',
    result,
    item: result === 'failed' ? null : '01JCONTOH000000000000013',
    reference: hasReceipt ? 'REF-2026-00481516' : null,
    tier: hasReceipt ? (flash === 'played' ? 'high' : 'standard') : null,
    checks: isKiosk || !hasReceipt ? [] : CHECKS.map((check) => (result === 'review' && check.name === 'tamper' ? { ...check, hasPassed: null } : check)),
    reason: REASONS[result] ?? null,
    flash,
    face: null,
    retake: null,
    onekyc: null,
    leavesInS: isKiosk ? 15 : null,
  };
}

/** What staff are told of a face. */
export function faceOutcome(ends: string, flash: FlashOutcome, isWithoutGestures: boolean, hasTier: boolean): FaceOutcomeView {
  const isInDoubt = ends === 'review' || isWithoutGestures;
  const tier = ends === 'review' ? 'low' : flash === 'played' && !isInDoubt ? 'high' : 'standard';
  const votes = VOTES.map((vote) => {
    if (vote.voter === 'challengeResponse' && isWithoutGestures) return { ...vote, outcome: 'abstained' as const };
    if (vote.voter === 'flashReflectance' || vote.voter === 'flashDepth') return { ...vote, outcome: flash === 'played' ? ('passed' as const) : ('abstained' as const) };
    return vote.voter === 'screenPattern' && ends !== 'review' ? { ...vote, outcome: 'passed' as const } : vote;
  });
  return { tier: hasTier && (ends === 'verified' || ends === 'review') ? tier : null, flash, verdict: isInDoubt ? 'unclear' : 'live', votes, isWithoutGestures, check: null };
}

export const submittingView = (stage: SubmitStage, stepsOf: number, sentBytes = 0, isSlow = false): { name: 'submitting' } & SubmittingView => ({
  name: 'submitting',
  step: { number: stepsOf, of: stepsOf },
  stage,
  sentBytes,
  totalBytes: stage === 'sending' ? 2_640_000 : 0,
  isSlow,
});

export const statusView = (isBlocked: boolean): StatusView => ({
  version: '0.1.0',
  models: {
    state: 'ready',
    models: [
      { name: 'localiser', sha256: 'e0a9766edb65', sizeBytes: 1_296_328 },
      { name: 'tracker', sha256: '0ec6cd7045e8', sizeBytes: 478_166 },
      { name: 'line-finder', sha256: '8f4ff4aaa3b6', sizeBytes: 202_745 },
      { name: 'glancer', sha256: 'bd19d27882bc', sizeBytes: 1_822_533 },
      { name: 'recogniser', sha256: '57040c91a998', sizeBytes: 2_593_889 },
      { name: 'visibility', sha256: 'ab199d677064', sizeBytes: 565_467 },
      { name: 'face-detector', sha256: 'bae3d2eba521', sizeBytes: 1_953_588 },
      { name: 'face-crop', sha256: '5bdeb16c442e', sizeBytes: 1_308_309 },
      { name: 'face-passive', sha256: '3f1cbba1e867', sizeBytes: 416_467 },
    ],
  },
  queue: isBlocked
    ? { state: 'unavailable', path: '/home/petugas/.local/share/loket/queue.db', problem: 'keyMissing', detail: 'no entry "queue" in the keyring' }
    : { state: 'notCreated', path: '/home/petugas/.local/share/loket/queue.db' },
});

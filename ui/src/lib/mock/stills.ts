import type { CheckView, FlashOutcome, FlashStepView, OutcomeResult, OutcomeView, StatusView, SubmitStage, SubmittingView } from '../bindings';

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

const REASONS: Partial<Record<OutcomeResult, string>> = { queued: 'offline', refused: 'unknown_customer', failed: 'disk_full' };

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
    leavesInS: isKiosk ? 15 : null,
  };
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
      { name: 'localiser', sha256: '8d1f0a44b2c9', sizeBytes: 1_240_000 },
      { name: 'line-finder', sha256: '3bb07e51c6da', sizeBytes: 2_410_000 },
      { name: 'recogniser', sha256: 'f02e5d9a7714', sizeBytes: 4_980_000 },
    ],
  },
  queue: isBlocked
    ? { state: 'unavailable', path: '/home/petugas/.local/share/loket/queue.db', problem: 'keyMissing', detail: 'no entry "queue" in the keyring' }
    : { state: 'notCreated', path: '/home/petugas/.local/share/loket/queue.db' },
});

import type { FieldView, PointView, QueueItemDetailView, QueueItemView, SettingsValues } from '../bindings';
import { FIELD_KEYS, type FieldKey } from '../fields';

/** Nobody's card: a NIK that ends in 0000 is never issued. */
export const PERSON: Record<FieldKey, string> = {
  nik: '3174052609890000',
  fullName: 'BUDI SANTOSO CONTOH',
  placeOfBirth: 'JAKARTA',
  dateOfBirth: '1989-09-26',
  gender: 'LAKI-LAKI',
  bloodType: 'O',
  address: 'JL. MELATI CONTOH NO. 12',
  rtRw: '004/007',
  kelurahan: 'GROGOL UTARA',
  kecamatan: 'KEBAYORAN LAMA',
  religion: 'ISLAM',
  maritalStatus: 'KAWIN',
  occupation: 'KARYAWAN SWASTA',
  nationality: 'WNI',
  validUntil: 'SEUMUR HIDUP',
  issueDate: '2012-10-04',
  province: 'DKI JAKARTA',
  city: 'JAKARTA SELATAN',
};

const CHOICES: Partial<Record<FieldKey, string[]>> = {
  gender: ['LAKI-LAKI', 'PEREMPUAN'],
  bloodType: ['A', 'B', 'AB', 'O', '-'],
  religion: ['ISLAM', 'KRISTEN', 'KATOLIK', 'HINDU', 'BUDHA', 'KHONGHUCU'],
  maritalStatus: ['BELUM KAWIN', 'KAWIN', 'CERAI HIDUP', 'CERAI MATI'],
  nationality: ['WNI'],
};

const OPTIONAL: FieldKey[] = ['bloodType', 'issueDate'];

/** Size of the straightened card in the units that the places below and `drawing.ts` use. */
export const CARD_PX = { width: 1586, height: 1000 };

/** Left, top, width and height of each value on the card. */
export const PLACES: Record<FieldKey, [number, number, number, number]> = {
  province: [470, 36, 640, 54],
  city: [500, 92, 580, 54],
  nik: [250, 180, 720, 52],
  fullName: [440, 262, 720, 48],
  placeOfBirth: [440, 314, 200, 48],
  dateOfBirth: [650, 314, 260, 48],
  gender: [440, 366, 240, 48],
  bloodType: [1010, 366, 80, 48],
  address: [440, 418, 700, 48],
  rtRw: [440, 470, 200, 48],
  kelurahan: [440, 522, 400, 48],
  kecamatan: [440, 574, 420, 48],
  religion: [440, 626, 200, 48],
  maritalStatus: [440, 678, 200, 48],
  occupation: [440, 730, 480, 48],
  nationality: [440, 782, 120, 48],
  validUntil: [440, 834, 380, 48],
  issueDate: [1210, 776, 250, 48],
};

function placeOf(key: FieldKey): [PointView, PointView, PointView, PointView] {
  const [left, top, width, height] = PLACES[key];
  const at = (x: number, y: number): PointView => ({ x: x / CARD_PX.width, y: y / CARD_PX.height });
  return [at(left, top), at(left + width, top), at(left + width, top + height), at(left, top + height)];
}

/** What was read: one digit of the birth date is wrong, and the address is uncertain. */
export const fieldsRead = (): FieldView[] =>
  FIELD_KEYS.map((key) => ({
    key,
    value: key === 'dateOfBirth' ? '1989-09-28' : PERSON[key],
    original: null,
    needsCheck: key === 'dateOfBirth' || key === 'address',
    isRequired: !OPTIONAL.includes(key),
    choices: CHOICES[key] ?? [],
    place: placeOf(key),
    rejected: null,
  }));

const HOUR_MS = 3_600_000;

/** A moment some hours ago, so that the list never looks old. */
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();

const item = (number: number, state: QueueItemView['state'], hours: number, more: Partial<QueueItemView> = {}): QueueItemView => ({
  id: `01JCONTOH00000000000${String(number).padStart(4, '0')}`,
  customerId: `NSB-2026-${String(1_480 + number)}`,
  state,
  capturedAt: hoursAgo(hours),
  nextAttemptAt: null,
  attempts: state === 'waiting' ? 0 : 1,
  reason: null,
  verdict: null,
  ...more,
});

export const queueItems = (): QueueItemView[] => [
  item(7, 'needsYou', 26, { attempts: 1, reason: 'unknown_customer' }),
  item(12, 'waiting', 0.2),
  item(11, 'waiting', 0.6, { attempts: 2, reason: 'timed_out', nextAttemptAt: new Date(Date.now() + HOUR_MS / 6).toISOString() }),
  item(10, 'waiting', 1.1, { reason: 'offline' }),
  item(9, 'sending', 1.4),
  item(8, 'inReview', 2.5, { verdict: 'review' }),
  ...[1, 2, 3, 4, 5, 6].map((number) => item(number, 'done', 30 - 4 * number, { verdict: 'passed' })),
];

export function detailOf(item: QueueItemView): QueueItemDetailView {
  const history = [{ at: item.capturedAt, event: 'accepted', reason: null as string | null }];
  if (item.attempts > 0) history.push({ at: item.capturedAt, event: 'attempt_began', reason: null });
  if (item.state === 'waiting' && item.reason) history.push({ at: hoursAgo(0.1), event: 'deferred', reason: item.reason });
  if (item.state === 'needsYou') history.push({ at: hoursAgo(25), event: 'parked', reason: item.reason });
  if (item.state === 'done' || item.state === 'inReview') {
    history.push({ at: item.capturedAt, event: 'delivered', reason: null }, { at: item.capturedAt, event: 'shredded', reason: null });
  }
  const isJudged = item.state === 'done' || item.state === 'inReview';
  return { tier: isJudged ? 'standard' : null, faceTier: item.state === 'inReview' ? 'low' : null, item, remark: item.state === 'needsYou' ? 'Foto tidak sesuai dengan yang pernah diserahkan' : null, history, canRetry: item.state === 'needsYou' || item.state === 'waiting', canDiscard: item.state === 'needsYou' };
}

export const SETTINGS: SettingsValues = {
  mode: 'staff',
  language: 'id',
  appearance: 'system',
  theme: null,
  camera: null,
  virtualCameras: 'warn',
  gatewayUrl: 'https://gateway.mitra.example/v1',
  usesFlash: true,
  gestures: 2,
  showsMeasures: false,
  idleS: 30,
};

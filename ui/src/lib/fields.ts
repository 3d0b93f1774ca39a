/** Keys of `ktp::Field`, in card order. */
export const FIELD_KEYS = [
  'nik',
  'fullName',
  'placeOfBirth',
  'dateOfBirth',
  'gender',
  'bloodType',
  'address',
  'rtRw',
  'kelurahan',
  'kecamatan',
  'religion',
  'maritalStatus',
  'occupation',
  'nationality',
  'validUntil',
  'issueDate',
  'province',
  'city',
] as const;

export type FieldKey = (typeof FIELD_KEYS)[number];

const DATES: readonly string[] = ['dateOfBirth', 'validUntil', 'issueDate'] satisfies FieldKey[];

export const isDate = (key: string): boolean => DATES.includes(key);

/** `1989-09-26` as the card prints it, `26-09-1989`; anything else as it is. */
export function asPrinted(key: string, value: string): string {
  const parts = isDate(key) ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  return parts ? `${parts[3]}-${parts[2]}-${parts[1]}` : value;
}

/** The reverse: what a person typed, as Rust takes it. */
export function asSent(key: string, typed: string): string {
  const value = typed.trim();
  const parts = isDate(key) ? /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(value) : null;
  return parts ? `${parts[3]}-${parts[2]!.padStart(2, '0')}-${parts[1]!.padStart(2, '0')}` : value;
}

/** `3174 0526 0989 0000`: a NIK in groups of four, masked or not. */
export const grouped = (nik: string): string => nik.replace(/(.{4})(?=.)/gu, '$1 ');

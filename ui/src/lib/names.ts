import { FIELD_KEYS, type FieldKey } from './fields';
import type { ReasonText } from './messages/reasons';
import { speech } from './speech.svelte';

const isKnown = (key: string): key is FieldKey => (FIELD_KEYS as readonly string[]).includes(key);

/** A field's name in the window's language. */
export const nameOf = (key: string): string => (isKnown(key) ? speech.text.common.fields[key] : key);

/** A name or sentence in the middle of another: abbreviations keep their capitals. */
export const inPhrase = (name: string): string => (/^[A-Z]{2}/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));

/** Several fields in one phrase: `NIK, nama, dan alamat`. */
export const names = (keys: string[]): string => speech.list(keys.map(nameOf).map(inPhrase));

/** Why a partner did not accept a capture, and what helps: `NOT_EKTP`. Nothing for a reason that brings no advice. */
export const reasonOf = (code: string | null): ReasonText | undefined => (code === null ? undefined : speech.text.reasons[wordKey(code)]);

/** A word of the queue or the partner in the window's language; an unknown one as it is. */
export const wordOf = (table: 'reasons' | 'events' | 'verdicts', word: string): string =>
  knownWord(table, word) ?? word.replaceAll(/[_-]/g, ' ');

/** The same, but nothing for an unknown one. */
export const knownWord = (table: 'reasons' | 'events' | 'verdicts', word: string): string | undefined =>
  speech.text.words[table][wordKey(word)] ?? (table === 'reasons' ? reasonOf(word)?.title : undefined);

/** The partner writes `NOT_EKTP`, the queue `timed-out` or `timed_out`. */
const wordKey = (word: string): string => word.toLowerCase().replaceAll('-', '_');

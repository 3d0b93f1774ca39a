import { FIELD_KEYS, type FieldKey } from './fields';
import { speech } from './speech.svelte';

const isKnown = (key: string): key is FieldKey => (FIELD_KEYS as readonly string[]).includes(key);

/** A field's name in the window's language. */
export const nameOf = (key: string): string => (isKnown(key) ? speech.text.common.fields[key] : key);

/** Several fields in one phrase: `NIK, nama, dan alamat`. Abbreviations keep their capitals. */
export function names(keys: string[]): string {
  const inPhrase = (name: string): string => (/^[A-Z]{2}/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));
  return speech.list(keys.map(nameOf).map(inPhrase));
}

/** A word of the queue or the partner in the window's language; an unknown one as it is. */
export const wordOf = (table: 'reasons' | 'events' | 'verdicts', word: string): string =>
  speech.text.words[table][word.replaceAll('-', '_')] ?? word.replaceAll(/[_-]/g, ' ');

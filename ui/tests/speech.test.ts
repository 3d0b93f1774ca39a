import { afterEach, describe, expect, it } from 'vitest';
import { names, nameOf, wordOf } from '../src/lib/names';
import { speech } from '../src/lib/speech.svelte';

afterEach(() => speech.use('id', {}));

describe('the words of the window', () => {
  it('change with the language', () => {
    expect(speech.text.start.begin).toBe('Nasabah baru');
    speech.use('en', {});
    expect(speech.text.start.begin).toBe('New customer');
  });

  it('give way to the partner’s, where they are plain words', () => {
    const copy = { 'start.begin': { id: 'Anggota baru', en: 'New member' }, 'card.hints.glare': { id: 'x', en: 'x' } };
    speech.use('en', copy);
    expect(speech.text.start.begin).toBe('New member');
    expect(speech.text.card.hints.glare(null, '')).toContain('reflection');
    speech.use('id', copy);
    expect(speech.text.start.begin).toBe('Anggota baru');
  });

  it.each([
    ['id', 1_234, '1.234'],
    ['en', 1_234, '1,234'],
  ] as const)('count in %s', (language, value, words) => {
    speech.use(language, {});
    expect(speech.count(value)).toBe(words);
  });

  it.each([
    ['id', 2_600_000, '2,6 MB'],
    ['en', 2_600_000, '2.6 MB'],
    ['en', 64_000_000_000, '64.0 GB'],
  ] as const)('measure files in %s', (language, bytes, words) => {
    speech.use(language, {});
    expect(speech.size(bytes)).toBe(words);
  });

  it('name fields inside a sentence, abbreviations in capitals', () => {
    expect(names(['nik', 'fullName', 'rtRw'])).toBe('NIK, nama, dan RT/RW');
    speech.use('en', {});
    expect(names(['nik', 'dateOfBirth'])).toBe('NIK and date of birth');
  });

  it('show an unknown word as it is', () => {
    expect(nameOf('shoeSize')).toBe('shoeSize');
    expect(wordOf('reasons', 'timed_out')).toBe('Mitra tidak menjawab tepat waktu');
    expect(wordOf('reasons', 'moon-phase')).toBe('moon phase');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELD_KEYS } from '../src/lib/fields';
import { messages } from '../src/lib/messages';

type Tree = { [key: string]: unknown };

/** Every word of a language by its path, `card.hints.glare`; a sentence with a gap as what it says for a sample. */
function flat(tree: unknown, path = ''): Map<string, string> {
  if (typeof tree === 'string') return new Map([[path, tree]]);
  if (typeof tree === 'function') {
    const gaps = path.startsWith('card.hints.') ? ['left', 'NIK'] : ['7', '9', '30'];
    return new Map([[path, String(Reflect.apply(tree, null, gaps))]]);
  }
  const entries = Object.entries(tree as Tree);
  return new Map(entries.flatMap(([key, value]) => [...flat(value, path === '' ? key : `${path}.${key}`)]));
}

const id = flat(messages.id);
const en = flat(messages.en);

describe('the two languages', () => {
  it('have the same sentences', () => {
    expect([...en.keys()].sort()).toEqual([...id.keys()].sort());
    expect(id.size).toBeGreaterThan(350);
  });

  it.each([
    ['Indonesian', id],
    ['English', en],
  ])('leave nothing empty or unfilled in %s', (_, text) => {
    const bad = [...text].filter(([, words]) => words.trim() === '' || /undefined|null|NaN|\[object|TO[D]O/.test(words));
    expect(bad).toEqual([]);
  });

  it('differ, but for names, numbers and loan words', () => {
    const isSentence = (words: string): boolean => words.trim().split(/\s+/).length > 3;
    const same = [...id].filter(([path, words]) => en.get(path) === words && isSentence(words));
    expect(same).toEqual([]);
  });

  it('speak plainly: no signs of computers in what a customer reads', () => {
    const shown = [...id, ...en].filter(([path]) => /^(card\.hints|capture|selfie|start\.kiosk|start\.flows|consent|flash|reading)\b|^reasons\..*\.customer$/.test(path));
    expect(shown.length).toBeGreaterThan(60);
    expect(shown.filter(([, words]) => /error|null|detected|terdeteksi|%/i.test(words))).toEqual([]);
  });
});

describe('what Rust names', () => {
  const source = (path: string): string => readFileSync(join(process.cwd(), '..', path), 'utf8');

  it('has a reason for every issue of the card', () => {
    const codes = [...source('crates/ktp/src/check.rs').matchAll(/=> "([a-z-]+)"/g)].map((match) => match[1]!);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => messages.id.review.reasons[code] === undefined)).toEqual([]);
  });

  it('has words and advice for every reason of OneKYC', () => {
    const codes = [...source('crates/gateway/src/onekyc/reason.rs').matchAll(/= "([A-Z_]+)"/g)].map((match) => match[1]!);
    expect(codes.length).toBeGreaterThan(15);
    for (const { reasons } of [messages.id, messages.en]) {
      expect(codes.filter((code) => !reasons[code.toLowerCase()]?.title || !reasons[code.toLowerCase()]?.staff)).toEqual([]);
    }
  });

  it('has words for every reason of the queue', () => {
    const codes = [...source('crates/gateway/src/rejection.rs').matchAll(/=> "([a-z_]+)"/g)].map((match) => match[1]!);
    expect(codes.length).toBeGreaterThan(10);
    for (const { reasons, words } of [messages.id, messages.en]) {
      expect(codes.filter((code) => words.reasons[code] === undefined && reasons[code] === undefined)).toEqual([]);
    }
  });

  it('has a name for every field', () => {
    for (const language of [messages.id, messages.en]) {
      expect(Object.keys(language.common.fields).sort()).toEqual([...FIELD_KEYS].sort());
    }
  });
});

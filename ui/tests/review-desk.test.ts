import { describe, expect, it } from 'vitest';
import type { FieldView, ReviewView } from '../src/lib/bindings';
import { ReviewDesk } from '../src/lib/review-desk.svelte';

const field = (key: string, needsCheck = false): FieldView => ({
  key,
  value: 'X',
  original: null,
  needsCheck,
  isRequired: true,
  choices: [],
  place: null,
  rejected: null,
});

const review = (...fields: FieldView[]): ReviewView => ({
  step: { number: 2, of: 3 },
  fields,
  issues: [],
  signs: [],
  isNikShown: false,
  missing: [],
  undoSteps: 0,
});

const three = (): ReviewDesk => new ReviewDesk(review(field('nik'), field('fullName', true), field('address'), field('gender', true)));

describe('checking', () => {
  it('leads through the uncertain fields first, then the others, then to the end', () => {
    const desk = three();
    const order = [];
    for (let key: string | null = 'fullName'; key !== null; key = desk.accept(key)) order.push(key);
    expect(order).toEqual(['fullName', 'gender', 'nik', 'address']);
    expect(desk.active).toBeNull();
  });

  it('keeps the order of the opening, whatever later views say', () => {
    const opened = review(field('nik'), field('fullName', true));
    const desk = new ReviewDesk(opened);
    opened.fields[1]!.needsCheck = false;
    expect(desk.uncertain).toEqual(['fullName']);
    expect(desk.accept('fullName')).toBe('nik');
  });

  it('remembers what was accepted', () => {
    const desk = three();
    desk.accept('gender');
    expect(desk.checked.has('gender')).toBe(true);
    expect(desk.checked.has('nik')).toBe(false);
  });

  it('edits one field at a time and forgets what was under way', () => {
    const desk = three();
    desk.edit('nik');
    desk.isSent = true;
    desk.edit('address');
    expect([desk.editing, desk.active, desk.isSent]).toEqual(['address', 'address', false]);
    desk.close();
    expect([desk.editing, desk.active]).toEqual([null, 'address']);
  });

  it('ends the editing of a field that is accepted', () => {
    const desk = three();
    desk.edit('fullName');
    desk.isSent = true;
    desk.accept('fullName');
    expect([desk.editing, desk.isSent]).toEqual([null, false]);
  });
});

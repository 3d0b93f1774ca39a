import type { FieldProblem, FieldView, IssueView, ReviewView, SignView } from '../bindings';
import { isDate } from '../fields';
import { masked } from './capture';
import { fieldsRead, PERSON } from './sample';

function problemOf(field: FieldView, value: string): FieldProblem | null {
  if (value === '') return field.isRequired ? 'empty' : null;
  if (field.key === 'nik' && !/^\d{16}$/.test(value)) return 'notSixteenDigits';
  if (isDate(field.key) && value !== 'SEUMUR HIDUP' && !/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(value)) return 'notADate';
  if (field.key === 'rtRw' && !/^\d{3}\/\d{3}$/.test(value)) return 'notRtRw';
  if (field.choices.length > 0 && !field.choices.includes(value)) return 'unknownWord';
  return null;
}

/** The fields being checked: corrections keep what was read, and can be taken back one by one. */
export class MockReview {
  #fields = fieldsRead();
  #past: FieldView[][] = [];
  isNikShown = false;
  /** What the device noticed about the card. */
  signs: SignView[] = [];

  correct(key: string, typed: string): void {
    const value = typed.trim().toUpperCase();
    const before = this.#fields;
    const of = (field: FieldView): FieldView => {
      if (field.key !== key) return { ...field, rejected: null };
      const rejected = problemOf(field, value);
      if (rejected) return { ...field, rejected };
      const read = field.original ?? field.value;
      return { ...field, value: value || null, original: read === value ? null : read, needsCheck: false, rejected: null };
    };
    this.#fields = before.map(of);
    if (this.#fields.every((field) => field.rejected === null)) this.#past.push(before);
  }

  undo(): void {
    this.#fields = this.#past.pop() ?? this.#fields;
  }

  clear(key: string): void {
    this.#fields = this.#fields.map((field) => (field.key === key ? { ...field, value: null, needsCheck: true } : field));
  }

  view(stepsOf: number): { name: 'review' } & ReviewView {
    const shown = (field: FieldView): FieldView =>
      field.key === 'nik' && !this.isNikShown && field.value ? { ...field, value: masked(field.value), original: field.original && masked(field.original) } : field;
    return {
      name: 'review',
      step: { number: 2, of: stepsOf },
      fields: this.#fields.map(shown),
      issues: this.#issues(),
      signs: this.signs,
      isNikShown: this.isNikShown,
      missing: this.#fields.filter((field) => field.isRequired && field.value === null).map((field) => field.key),
      undoSteps: this.#past.length,
    };
  }

  #issues(): IssueView[] {
    const born = this.#fields.find((field) => field.key === 'dateOfBirth')?.value;
    const differs: IssueView = {
      code: 'nik-birth-date-differs',
      isWarning: true,
      fields: ['nik', 'dateOfBirth'],
      fix: { key: 'dateOfBirth', value: PERSON.dateOfBirth },
    };
    const note: IssueView = { code: 'nik-serial-zero', isWarning: false, fields: ['nik'], fix: null };
    return born === PERSON.dateOfBirth ? [note] : [differs, note];
  }
}

import { describe, expect, it } from 'vitest';
import { asPrinted, asSent, grouped } from '../src/lib/fields';

describe('dates', () => {
  it.each([
    ['dateOfBirth', '1989-09-26', '26-09-1989'],
    ['validUntil', 'SEUMUR HIDUP', 'SEUMUR HIDUP'],
    ['address', '1989-09-26', '1989-09-26'],
  ])('of %s are shown as the card prints them', (key, value, printed) => expect(asPrinted(key, value)).toBe(printed));

  it.each([
    ['dateOfBirth', '26-09-1989', '1989-09-26'],
    ['dateOfBirth', ' 6/9/1989 ', '1989-09-06'],
    ['issueDate', '6.9.2012', '2012-09-06'],
    ['issueDate', '2012-09-06', '2012-09-06'],
    ['validUntil', ' seumur hidup', 'seumur hidup'],
    ['rtRw', '06-09-1989', '06-09-1989'],
  ])('of %s typed as "%s" are sent as %s', (key, typed, sent) => expect(asSent(key, typed)).toBe(sent));

  it('come back as they went', () => {
    for (const date of ['1989-09-26', '2000-02-29', '1970-01-01']) expect(asSent('dateOfBirth', asPrinted('dateOfBirth', date))).toBe(date);
  });
});

describe('a NIK', () => {
  it.each([
    ['3174052609890000', '3174 0526 0989 0000'],
    ['3174••••••••0000', '3174 •••• •••• 0000'],
    ['31740', '3174 0'],
    ['', ''],
  ])('%s is shown in groups of four', (nik, shown) => expect(grouped(nik)).toBe(shown));
});

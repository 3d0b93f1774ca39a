import type { CopyView, Language } from './bindings';
import { messages, type Messages } from './messages';

type Copy = { [key in string]: CopyView };
type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Our words with the partner's in their place: `{ 'start.title': … }`. Only plain words can be replaced. */
function withCopy(text: Messages, copy: Copy, language: Language): Messages {
  const replaced = (tree: Tree, path: string): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => {
        const own = path + key;
        if (isTree(value)) return [key, replaced(value, `${own}.`)];
        return [key, typeof value === 'string' ? (copy[own]?.[language] ?? value) : value];
      }),
    );
  return replaced(text, '') as Messages;
}

/** The words of the window, in the language of the view: Indonesian until somebody chooses otherwise. */
class Speech {
  language = $state<Language>('id');
  #copy = $state.raw<Copy>({});
  #text = $derived(
    Object.keys(this.#copy).length === 0 ? messages[this.language] : withCopy(messages[this.language], this.#copy, this.language),
  );

  get text(): Messages {
    return this.#text;
  }

  use(language: Language, copy: Copy): void {
    this.language = language;
    this.#copy = copy;
  }

  count(value: number): string {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /** `2,6 MB`; decimal, as file managers show them. */
  size(bytes: number): string {
    const isLarge = bytes >= 1_000_000_000;
    const format = new Intl.NumberFormat(this.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return `${format.format(bytes / (isLarge ? 1_000_000_000 : 1_000_000))} ${isLarge ? 'GB' : 'MB'}`;
  }

  percent(share: number): string {
    return new Intl.NumberFormat(this.language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
  }

  /** `21 Nov, 10.42`, in the machine's own time zone. */
  time(rfc3339: string): string {
    const format = new Intl.DateTimeFormat(this.language === 'id' ? 'id' : 'en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    return format.format(new Date(rfc3339));
  }

  /** `NIK, nama dan alamat`. */
  list(words: string[]): string {
    return new Intl.ListFormat(this.language, { type: 'conjunction' }).format(words);
  }
}

export const speech = new Speech();

import { messages, type Language, type Messages } from './messages';

const STORED_AS = 'loket.language';

/** The language of the window: Indonesian until somebody chooses otherwise. */
class Speech {
  language = $state<Language>(localStorage.getItem(STORED_AS) === 'en' ? 'en' : 'id');

  get text(): Messages {
    return messages[this.language];
  }

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(STORED_AS, language);
  }

  count(value: number): string {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /** `2,6 MB`; decimal megabytes, as file managers show them. */
  size(bytes: number): string {
    const megabytes = new Intl.NumberFormat(this.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return `${megabytes.format(bytes / 1_000_000)} MB`;
  }
}

export const speech = new Speech();

import { speech } from './speech.svelte';

/** Reads a text aloud with a voice of the machine, where there is one for the language. */
export class Aloud {
  isReading = $state(false);
  #voices = $state.raw<SpeechSynthesisVoice[]>([]);
  #voice = $derived(this.#voices.find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(speech.language)));

  /** Whether there is a voice: a machine without one must not offer it, and none may come from the network. */
  get isOffered(): boolean {
    return this.#voice !== undefined;
  }

  /** Looks for voices, which systems load late; returns what stops it. */
  watch(): (() => void) | undefined {
    if (!('speechSynthesis' in window)) return undefined;
    const look = (): void => {
      this.#voices = speechSynthesis.getVoices();
    };
    look();
    speechSynthesis.addEventListener('voiceschanged', look);
    return () => {
      speechSynthesis.removeEventListener('voiceschanged', look);
      speechSynthesis.cancel();
    };
  }

  read(text: string): void {
    if (this.#voice === undefined) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = this.#voice;
    utterance.lang = this.#voice.lang;
    utterance.onend = utterance.onerror = () => (this.isReading = false);
    this.isReading = true;
    speechSynthesis.speak(utterance);
  }

  stop(): void {
    speechSynthesis.cancel();
    this.isReading = false;
  }
}

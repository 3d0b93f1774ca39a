export const PIN_DIGITS = 6;

/** Digits as they are typed; a new PIN is typed twice. Never kept once it was handed over. */
export class PinEntry {
  typed = $state('');
  stage = $state<'first' | 'repeat'>('first');
  isDifferent = $state(false);
  #first = '';
  #onPin: (pin: string) => void;

  constructor(onPin: (pin: string) => void) {
    this.#onPin = onPin;
  }

  press(digit: string, isChosen: boolean): void {
    this.isDifferent = false;
    if (this.typed.length < PIN_DIGITS) this.typed += digit;
    if (this.typed.length < PIN_DIGITS) return;
    const pin = this.typed;
    this.typed = '';
    if (!isChosen) this.#onPin(pin);
    else if (this.stage === 'first') this.#repeat(pin);
    else this.#compare(pin);
  }

  erase(): void {
    this.typed = this.typed.slice(0, -1);
  }

  #repeat(pin: string): void {
    this.#first = pin;
    this.stage = 'repeat';
  }

  #compare(pin: string): void {
    const isSame = pin === this.#first;
    this.#first = '';
    this.stage = 'first';
    this.isDifferent = !isSame;
    if (isSame) this.#onPin(pin);
  }
}

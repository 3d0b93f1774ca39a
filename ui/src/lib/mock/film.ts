import type { HintCode, ScreenView, SelfieHintCode } from '../bindings';
import { between, type Quad } from '../quad';
import { hintNamed, selfieHintNamed, type Address } from './address';
import { cardView, poseOf, SCENES, sceneryOf } from './capture';
import type { Scenery } from './drawing';
import { selfieScenery, selfieScript, selfieView } from './selfie';

const TICK_MS = 60;
const HOLD_MS = 1_000;
const CAPTURED_MS = 700;

/** What the film needs of the machine that plays it. */
interface Theatre {
  address: Address;
  stepsOf: () => number;
  showsMeasures: () => boolean;
  show: (screen: ScreenView) => void;
  after: (ms: number, then: () => void) => void;
  stop: () => void;
  /** What follows the card, and the face. */
  onCard: () => void;
  onFace: () => void;
}

/** What happens before the camera, by a script: a trouble or two, then held well, then captured. */
export class MockFilm {
  scene = 'happy';
  /** Why the partner wants another picture. */
  again: string | null;
  #theatre: Theatre;
  #code: HintCode = 'noCard';
  #quad: Quad | null = null;
  #face: SelfieHintCode = 'nobodyThere';

  constructor(theatre: Theatre) {
    this.#theatre = theatre;
    this.again = theatre.address.again;
  }

  reset(): void {
    [this.#code, this.#quad, this.again] = ['noCard', null, null];
  }

  /** What the camera films; `null` where it is unplugged. */
  scenery(screen: ScreenView['name']): Scenery | null {
    if (screen === 'settings') return sceneryOf('hold', poseOf('hold'));
    if (screen === 'selfie') return this.#face === 'cameraLost' ? null : selfieScenery(this.#face);
    return this.#code === 'cameraLost' ? null : sceneryOf(this.#code, this.#quad);
  }

  /** A card that is held well. */
  holdCard(): void {
    [this.#code, this.#quad] = ['hold', poseOf('hold')];
  }

  /** The card's screen as the address asks for it. */
  openCard(variant: string | null): void {
    const code = hintNamed(variant);
    if (code === null && variant !== 'retry' && !this.#theatre.address.isStill) return this.playCard();
    this.#code = code ?? 'noCard';
    this.#quad = poseOf(this.#code);
    if (variant === 'retry') this.holdCard();
    this.#showCard(code === 'hold' ? 0.6 : 0, 6_000, variant === 'retry');
  }

  openFace(variant: string | null): void {
    const code = selfieHintNamed(variant);
    if (variant === null && !this.#theatre.address.isStill) return this.playFace();
    this.#face = code ?? 'nobodyThere';
    this.#showFace(code === 'hold' ? 0.6 : 0, variant === 'shutter' ? 11_000 : 6_000, variant === 'timedOut');
  }

  playCard(): void {
    this.#quad = null;
    const show = (code: HintCode, hold: number, elapsedMs: number): void => {
      this.#code = code;
      const to = poseOf(code);
      this.#quad = to && this.#quad ? between(this.#quad, to, 0.35) : to;
      this.#showCard(hold, elapsedMs);
    };
    this.#play<HintCode>(SCENES[this.scene] ?? SCENES['happy']!, show, () => this.captureCard());
  }

  playFace(): void {
    const show = (code: SelfieHintCode, hold: number, elapsedMs: number): void => {
      this.#face = code;
      this.#showFace(hold, elapsedMs);
    };
    this.#play<SelfieHintCode>(selfieScript(this.scene), show, () => this.captureFace());
  }

  captureCard(): void {
    this.#theatre.stop();
    this.#code = 'captured';
    this.#showCard(1, 0);
    this.#theatre.after(CAPTURED_MS, this.#theatre.onCard);
  }

  captureFace(): void {
    this.#theatre.stop();
    this.#face = 'captured';
    this.#showFace(1, 0);
    this.#theatre.after(CAPTURED_MS, this.#theatre.onFace);
  }

  #play<Code>(troubles: [Code, number][], show: (code: Code | 'hold', hold: number, elapsedMs: number) => void, then: () => void): void {
    const { address, after, stop } = this.#theatre;
    stop();
    const script = [...troubles];
    const startedAt = performance.now();
    let phaseAt = startedAt;
    const step = (): void => {
      const now = performance.now();
      const spent = (now - phaseAt) * address.speed;
      const [code, lasts] = script[0] ?? (['hold', HOLD_MS] as const);
      show(code, script.length === 0 ? Math.min(1, spent / HOLD_MS) : 0, (now - startedAt) * address.speed);
      if (spent >= lasts) {
        phaseAt = now;
        if (script.shift() === undefined) return then();
      }
      after(TICK_MS * address.speed, step);
    };
    step();
  }

  #showCard(hold: number, elapsedMs: number, isRetry = false): void {
    const { address, show, stepsOf, showsMeasures } = this.#theatre;
    show(
      cardView({
        code: this.#code,
        quad: this.#quad,
        hold,
        elapsedMs,
        failedTries: isRetry ? 1 : 0,
        retry: isRetry ? { reasons: ['glare', 'obstructed'], fields: ['nik', 'fullName'] } : null,
        showsMeasures: showsMeasures() || address.variant === 'measures',
        stepsOf: stepsOf(),
        again: this.again,
      }),
    );
  }

  /** The last step but one: sending follows. */
  #showFace(hold: number, elapsedMs: number, hasTimedOut = false): void {
    const of = this.#theatre.stepsOf();
    this.#theatre.show(selfieView({ code: this.#face, step: { number: of - 1, of }, hold, elapsedMs, hasTimedOut, again: this.again }));
  }
}

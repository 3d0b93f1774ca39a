import type { GestureCode, HintCode, ScreenView, SelfieFailure, SelfieHintCode } from '../bindings';
import { between, type Quad } from '../quad';
import { failureNamed, gestureNamed, hintNamed, selfieHintNamed, type Address } from './address';
import { cardView, poseOf, SCENES, sceneryOf } from './capture';
import type { Scenery } from './drawing';
import { GESTURES, MOST_TRIES, promptOf, selfieScenery, selfieScript, selfieView, type SelfieMoment } from './selfie';

const TICK_MS = 60;
const HOLD_MS = 1_000;
const CAPTURED_MS = 700;
const GESTURE_MS = 1_500;
const CHECK_MS = 600;

/** What the film needs of the machine that plays it. */
interface Theatre {
  address: Address;
  stepsOf: () => number;
  showsMeasures: () => boolean;
  show: (screen: ScreenView) => void;
  after: (ms: number, then: () => void) => void;
  stop: () => void;
  /** Gestures that a selfie asks for. */
  gestures: () => number;
  /** What follows the card, the face, and the look at what was captured of it. */
  onCard: () => void;
  onFace: () => void;
  onChecked: () => void;
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
  #isOfFace = false;

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
    if (screen === 'selfie' || (screen === 'flash' && this.#isOfFace)) return this.#face === 'cameraLost' ? null : selfieScenery(this.#face);
    return this.#code === 'cameraLost' ? null : sceneryOf(this.#code, this.#quad);
  }

  /** A card that is held well. */
  holdCard(): void {
    this.#isOfFace = false;
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
    const [gesture, failure] = [gestureNamed(variant), failureNamed(variant)];
    this.holdFace();
    if (gesture) return this.#showFace({ gesture: promptOf(gesture, 2, 2, 0.3) });
    if (variant === 'checking') return this.#showFace({ isChecking: true });
    if (failure) return this.failFace(failure, 1);
    this.#face = code ?? 'nobodyThere';
    this.#showFace({ hold: code === 'hold' ? 0.6 : 0, elapsedMs: variant === 'shutter' ? 11_000 : 6_000 });
  }

  /** A face that looks into the camera. */
  holdFace(): void {
    [this.#face, this.#isOfFace] = ['hold', true];
  }

  /** A try that failed. */
  failFace(reason: SelfieFailure, failedTries: number): void {
    this.#theatre.stop();
    this.#showFace({ failed: { reason, triesLeft: MOST_TRIES - failedTries } });
  }

  /** What was captured is looked at. */
  checkFace(): void {
    this.#theatre.stop();
    this.#face = 'captured';
    this.#showFace({ isChecking: true });
    this.#theatre.after(CHECK_MS, this.#theatre.onChecked);
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
    this.#isOfFace = true;
    const show = (code: SelfieHintCode, hold: number, elapsedMs: number): void => {
      this.#face = code;
      this.#showFace({ hold, elapsedMs });
    };
    this.#play<SelfieHintCode>(selfieScript(this.scene), show, () => this.#ask(GESTURES.slice(0, this.#theatre.gestures())));
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
    this.#showFace({ hold: 1 });
    this.#theatre.after(CAPTURED_MS, this.#theatre.onFace);
  }

  /** One gesture after the other, each done in a moment. */
  #ask(gestures: GestureCode[]): void {
    const { address, after } = this.#theatre;
    const ask = (index: number): void => {
      const gesture = gestures[index];
      if (gesture === undefined) return this.captureFace();
      this.holdFace();
      this.#showFace({ gesture: promptOf(gesture, index + 1, gestures.length, 0.1) });
      after(GESTURE_MS, () => ask(index + 1));
    };
    if (!address.isStill) ask(0);
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
  #showFace(moment: Partial<SelfieMoment>): void {
    const of = this.#theatre.stepsOf();
    const still = { hold: 0, elapsedMs: 0, gesture: null, isChecking: false, failed: null };
    this.#theatre.show(selfieView({ ...still, code: this.#face, step: { number: of - 1, of }, again: this.again, ...moment }));
  }
}

import type { Action, AppView, FlashOutcome, FlashSubject, HelpTopic, Mode, Notice, OutcomeResult, PinPurpose, PinView, ScreenView, SelfieFailure, StepView } from '../bindings';
import type { Address } from './address';
import { SCENES } from './capture';
import type { Scenery } from './drawing';
import { MockFilm } from './film';
import { MockOffice } from './office';
import { MockReview } from './review';
import { hoursAgo } from './sample';
import { MOCK_PIN, MockShelf } from './shelf';
import { lockedView, MOST_TRIES } from './selfie';
import { faceOutcome, FLASH_SECONDS, FLASH_STEPS, oneKycOutcome, outcomeView, RESULTS, statusView, submittingView } from './stills';

const FLASH_IN_MS = 6_000;
const IDLE_COUNTDOWN_S = 15;
const ITEMS_AT_START = 8;
const PIN_TRIES = 3;
const PIN_LOCK_S = 30;

const TOPICS: Partial<Record<ScreenView['name'], HelpTopic>> = { card: 'card', selfie: 'selfie', selfieLocked: 'selfie', flash: 'card', review: 'review', queue: 'queue' };
const VISIT: ScreenView['name'][] = ['consent', 'card', 'selfie', 'selfieLocked', 'flash', 'reading', 'review', 'submitting', 'outcome'];

/**
 * The product's flow in small, for a plain browser: one visit after another, with a script in the place of the camera
 * and the partner. It decides nothing that Rust decides better; it only has to reach every screen.
 */
export class Machine {
  readonly #address: Address;
  readonly #tell: (view: AppView) => void;
  #shelf: MockShelf;
  #office: MockOffice;
  #review = new MockReview();
  #screen: ScreenView;
  #under: ScreenView | null = null;
  #revision = 1;
  #language;
  #isOnline: boolean;
  readonly #film: MockFilm;
  #notice: Notice | null;
  #idleS: number | null = null;
  #touchedAt = performance.now();
  #flash: FlashOutcome = 'offline';
  #captured = 3;
  #wrongPins = 0;
  #subject: FlashSubject = 'card';
  #faceFlash: FlashOutcome = 'offline';
  #isWithoutGestures = false;
  #failedTries = 0;
  /** How the next tries with the face fail. */
  #fails: SelfieFailure[];
  /** What the partner says next. */
  #ends: string | null;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(address: Address, tell: (view: AppView) => void) {
    this.#address = address;
    this.#tell = tell;
    this.#shelf = new MockShelf(address.isEmpty);
    this.#office = new MockOffice({ mode: address.mode, language: address.language, appearance: address.appearance });
    this.#language = address.language;
    this.#isOnline = address.isOnline;
    this.#notice = address.notice;
    this.#ends = address.ends;
    this.#fails = address.fails;
    this.#film = new MockFilm({
      address,
      stepsOf: () => this.#stepsOf,
      showsMeasures: () => this.#office.values.showsMeasures,
      show: (screen) => (this.#screen = screen),
      after: (ms, then) => this.#after(ms, then),
      stop: () => this.#stopTimers(),
      onCard: () => (this.#isOnline && this.#office.values.usesFlash ? this.#announce('card') : this.#read('offline')),
      gestures: () => (this.#isWithoutGestures ? 0 : this.#office.values.gestures),
      onFace: () => (this.#lightsFaces ? this.#announce('face') : this.#film.checkFace()),
      onChecked: () => this.#judgeFace(),
    });
    if (address.isIdle) this.#idleS = 12;
    this.#screen = this.#start();
    this.#open();
    if (!address.isStill) setInterval(() => this.#watchIdle(), 1_000);
  }

  get view(): AppView {
    return {
      revision: this.#revision,
      version: '0.1.0',
      mode: this.#mode,
      language: this.#language,
      theme: {
        appearance: this.#office.values.appearance,
        partner: this.#address.hasPartner || this.#office.values.theme
          ? { name: 'Bank Contoh', accent: '#1d4e89', accentDark: '#9cc9ff', font: null, hasLogo: false, copy: {} }
          : null,
      },
      link: this.#isOnline ? 'online' : 'offline',
      counts: this.#shelf.counts,
      demo: this.#address.isDemo ? { isOnline: this.#isOnline, scene: this.#film.scene, scenes: Object.keys(SCENES) } : null,
      idle: this.#idleS === null ? null : { secondsLeft: this.#idleS },
      notice: this.#notice,
      screen: this.#screen,
    };
  }

  scenery = (): Scenery | null => this.#film.scenery(this.#screen.name);

  act(action: Action): void {
    this.#touchedAt = performance.now();
    if (this.#idleS !== null && action.do === 'touch') this.#idleS = null;
    this.#notice = null;
    this.#take(action);
    this.#say();
  }

  get #mode(): Mode {
    return this.#office.values.mode;
  }

  /** Card, its review, selfie, sending: those that this visit has. */
  get #stepsOf(): number {
    const { flow } = this.#address;
    const card = flow === 'selfieLiveness' ? 0 : this.#mode === 'selfService' ? 1 : 2;
    return card + (this.#hasFace ? 1 : 0) + 1;
  }

  get #hasFace(): boolean {
    return this.#address.flow !== 'ktpScan';
  }

  /** Before the camera: the face where the visit has only that or has come so far, else the card. */
  #look(): void {
    if (this.#address.flow === 'selfieLiveness' || this.#screen.name === 'selfie') this.#film.playFace();
    else this.#film.playCard();
  }

  #take(action: Action): void {
    switch (action.do) {
      case 'touch':
        return;
      case 'shutter':
        if (this.#screen.name === 'selfie') this.#film.captureFace();
        else this.#film.captureCard();
        return;
      case 'chooseLanguage':
        this.#language = action.language;
        return;
      case 'chooseAppearance':
        this.#office.values = { ...this.#office.values, appearance: action.appearance };
        return;
      case 'setDemoOnline':
        this.#isOnline = action.isOnline;
        return;
      case 'playScene':
        this.#film.scene = action.scene;
        if (this.#screen.name === 'card' || this.#screen.name === 'selfie') this.#look();
        return;
      case 'openHelp':
        this.#cover({ name: 'help', topic: TOPICS[this.#screen.name] ?? 'general' });
        return;
      case 'back':
        this.#uncover();
        return;
      case 'cancel':
      case 'decline':
        this.#leave(action.do === 'decline' ? 'declined' : 'cancelled');
        return;
      case 'finish':
        this.#leave(null);
        return;
      case 'begin':
        this.#screen = this.#consent();
        return;
      case 'agree':
      case 'tryAgain':
        this.#look();
        return;
      case 'retake':
        this.#retake();
        return;
      case 'beginFlash':
        this.#play();
        return;
      case 'skipFlash':
        this.#endFlash('declined');
        return;
      case 'flashShown':
        return;
      case 'flashDone':
        this.#endFlash('played');
        return;
      case 'unlockSelfie':
        this.#cover(this.#pin('selfieLock'));
        return;
      case 'oneMoreTry':
      case 'withoutGestures':
        this.#isWithoutGestures = action.do === 'withoutGestures';
        this.#film.playFace();
        return;
      case 'correct':
        this.#review.correct(action.key, action.value);
        this.#screen = this.#review.view(this.#stepsOf);
        return;
      case 'undo':
        this.#review.undo();
        this.#screen = this.#review.view(this.#stepsOf);
        return;
      case 'showNik':
        this.#review.isNikShown = action.isShown;
        this.#screen = this.#review.view(this.#stepsOf);
        return;
      case 'accept':
        this.#afterCard();
        return;
      case 'goOn':
        this.#conclude('queued');
        return;
      case 'openQueue':
        this.#stopTimers();
        this.#cover(this.#shelf.view());
        return;
      case 'openItem':
        if (this.#screen.name === 'start') this.#cover(this.#shelf.view());
        this.#onShelf(() => this.#shelf.open(action.id));
        return;
      case 'retryItem':
        this.#onShelf(() => this.#shelf.retry(action.id));
        return;
      case 'exportItem':
        this.#onShelf(() => this.#shelf.exportItem(action.id));
        this.#notice = 'exported';
        return;
      case 'discardItem':
        if (action.pin === MOCK_PIN) this.#onShelf(() => this.#shelf.discard(action.id));
        else this.#notice = 'wrongPin';
        return;
      case 'sendNow':
        this.#onShelf(() => (this.#shelf.isSending = true));
        this.#after(1_500, () => this.#onShelf(() => this.#shelf.sent()));
        return;
      case 'openSettings':
        this.#cover(this.#pin(this.#mode === 'selfService' ? 'leaveKiosk' : 'settings'));
        return;
      case 'changePin':
        this.#screen = this.#pin('choose');
        return;
      case 'enterPin':
        this.#enter(action.pin);
        return;
      case 'saveSettings':
        if (this.#office.save(action.values)) {
          this.#language = action.values.language;
          this.#notice = 'settingsSaved';
        }
        this.#screen = this.#office.view();
        return;
      case 'diagnose':
        this.#office.diagnose(false);
        this.#screen = this.#office.view();
        this.#after(900, () => {
          this.#office.diagnose(true);
          if (this.#screen.name === 'settings') this.#screen = this.#office.view();
        });
        return;
      case 'exportSupport':
        this.#office.exportSupport();
        this.#screen = this.#office.view();
        this.#notice = 'exported';
    }
  }

  /** The screen that the address asks for, as if a person had come that far. */
  #open(): void {
    const { screen, variant, isStill } = this.#address;
    switch (screen) {
      case 'opening':
        this.#screen = { name: 'opening', status: statusView(variant === 'blocked') };
        return;
      case 'start':
        return;
      case 'consent':
        this.#screen = this.#consent();
        return;
      case 'card':
        this.#film.openCard(variant);
        return;
      case 'selfie':
        this.#film.openFace(variant);
        return;
      case 'selfieLocked':
        this.#film.holdFace();
        this.#screen = lockedView(this.#faceStep, variant === 'unlocked');
        return;
      case 'flash':
        if (variant === 'face') this.#film.holdFace();
        else this.#film.holdCard();
        this.#subject = variant === 'face' ? 'face' : 'card';
        if (variant === 'playing') this.#play();
        else this.#announce(this.#subject);
        return;
      case 'reading':
        if (isStill) this.#screen = { name: 'reading', step: { number: 1, of: this.#stepsOf }, done: 3, of: 5 };
        else this.#read('played');
        return;
      case 'review':
        if (variant === 'missing') this.#review.clear('kelurahan');
        if (variant === 'corrected') this.#review.correct('dateOfBirth', '1989-09-26');
        if (variant === 'signs') this.#review.signs = [{ code: 'fontMatch', field: 'nik' }, { code: 'photocopy', field: null }];
        this.#screen = this.#review.view(this.#stepsOf);
        return;
      case 'submitting':
        if (isStill) this.#screen = submittingView(variant?.startsWith('judging') ? 'judging' : 'sending', this.#stepsOf, 1_320_000, variant?.toLowerCase().endsWith('slow'));
        else this.#submit();
        return;
      case 'outcome':
        this.#conclude(variant ?? 'verified');
        return;
      case 'queue':
        if (variant === 'open') this.#shelf.open(this.#shelf.items[0]?.id ?? null);
        this.#cover(this.#shelf.view());
        return;
      case 'pin':
        this.#cover(this.#pin(variant === 'choose' ? 'choose' : 'settings', variant === 'wrong', variant === 'locked' ? PIN_LOCK_S : 0));
        return;
      case 'settings':
        if (variant === 'diagnosed') this.#office.diagnose(true);
        this.#cover(this.#office.view());
        return;
      case 'help':
        this.#cover({ name: 'help', topic: variant === 'card' || variant === 'selfie' || variant === 'review' || variant === 'queue' ? variant : 'general' });
    }
  }

  #start(): ScreenView {
    return {
      name: 'start',
      capturedToday: this.#captured,
      deliveredToday: Math.max(0, this.#captured - 1),
      asksCustomerId: this.#mode !== 'selfService',
      items: this.#mode === 'field' ? this.#shelf.items.slice(0, ITEMS_AT_START) : [],
      trouble: this.#address.screen === 'start' && this.#address.variant === 'trouble' ? 'diskFull' : null,
      flow: this.#address.flow,
    };
  }

  #consent(): ScreenView {
    return { name: 'consent', textVersion: '2026-11', flow: this.#address.flow, recipient: 'Bank Contoh', receiptDays: 90, captureDays: 30 };
  }

  #pin(purpose: PinPurpose, isWrong = false, lockedS = 0): { name: 'pin' } & PinView {
    return { name: 'pin', purpose, isWrong, lockedS };
  }

  /** The face follows the card where the visit has one. */
  #afterCard(): void {
    if (this.#hasFace) this.#film.playFace();
    else this.#submit();
  }

  /** What the partner wants again, with its reason on the screen. */
  #retake(): void {
    if (this.#screen.name !== 'outcome') return this.#look();
    const { retake, reason } = this.#screen;
    this.#film.again = reason;
    if (retake === 'selfie') this.#film.playFace();
    else this.#film.playCard();
  }

  get #faceStep(): StepView {
    return { number: this.#stepsOf - 1, of: this.#stepsOf };
  }

  /** OneKYC, which takes faces alone, asks for no light. */
  get #lightsFaces(): boolean {
    return this.#isOnline && this.#office.values.usesFlash && this.#address.flow === 'identityVerification';
  }

  /** The card is read after its light, the face looked at. */
  #endFlash(outcome: FlashOutcome): void {
    if (this.#subject === 'card') return this.#read(outcome);
    this.#faceFlash = outcome;
    this.#film.checkFace();
  }

  #judgeFace(): void {
    const failure = this.#fails.shift();
    if (failure === undefined) return this.#submit();
    this.#failedTries += 1;
    if (this.#failedTries < MOST_TRIES) this.#film.failFace(failure, this.#failedTries);
    else this.#screen = lockedView(this.#faceStep, false, failure, this.#failedTries);
  }

  #announce(subject: FlashSubject): void {
    this.#subject = subject;
    const step = subject === 'face' ? this.#faceStep : { number: 1, of: this.#stepsOf };
    this.#screen = { name: 'flash', phase: 'announced', subject, step, seconds: FLASH_SECONDS, beginsInMs: FLASH_IN_MS };
    this.#after(FLASH_IN_MS, () => this.#play());
  }

  #play(): void {
    this.#stopTimers();
    this.#screen = { name: 'flash', phase: 'playing', subject: this.#subject, steps: FLASH_STEPS };
  }

  #read(flash: FlashOutcome): void {
    this.#stopTimers();
    this.#flash = flash;
    const of = 5;
    const read = (done: number): void => {
      this.#screen = { name: 'reading', step: { number: 1, of: this.#stepsOf }, done, of };
      this.#after(280, () => {
        if (done < of) read(done + 1);
        else if (this.#mode === 'selfService') this.#afterCard();
        else this.#check();
      });
    };
    read(0);
  }

  #check(): void {
    this.#review = new MockReview();
    this.#screen = this.#review.view(this.#stepsOf);
  }

  #submit(): void {
    this.#stopTimers();
    const show = (view: ScreenView): void => void (this.#screen = view);
    show(submittingView('signing', this.#stepsOf));
    this.#after(400, () => {
      show(submittingView('storing', this.#stepsOf));
      this.#after(500, () => (this.#isOnline ? this.#send(0) : this.#conclude('queued')));
    });
  }

  #send(share: number): void {
    this.#screen = submittingView('sending', this.#stepsOf, Math.round(share * 2_640_000));
    this.#after(160, () => {
      if (share < 1) return this.#send(share + 0.125);
      this.#screen = submittingView('judging', this.#stepsOf);
      const ends = this.#ends ?? 'verified';
      this.#ends = null;
      this.#after(900, () => this.#conclude(ends));
    });
  }

  /** With a result, or with the partner's reason for refusing it. */
  #conclude(ends: string): void {
    this.#stopTimers();
    const isKiosk = this.#mode === 'selfService';
    this.#captured += 1;
    if (ends === 'queued') {
      this.#shelf.add({ id: '01JCONTOH000000000000013', customerId: 'NSB-2026-1493', state: 'waiting', capturedAt: hoursAgo(0), nextAttemptAt: null, attempts: 0, reason: 'offline', verdict: null });
    }
    const result: OutcomeResult | undefined = RESULTS.find((known) => known === ends);
    // Card and face without a reason of OneKYC's: the platform that judges both with light.
    const isOneKyc = this.#address.flow === 'selfieLiveness' || result === undefined || result === 'processing';
    this.#screen = isOneKyc ? oneKycOutcome(ends, this.#address.flow, isKiosk) : outcomeView(result, this.#flash, isKiosk);
    if (this.#screen.name === 'outcome' && this.#hasFace && !isKiosk) {
      this.#screen.face = faceOutcome(ends, this.#faceFlash, this.#isWithoutGestures, !isOneKyc);
    }
    if (isKiosk) this.#after(15_000, () => this.#leave(null));
  }

  #leave(notice: Notice | null): void {
    this.#stopTimers();
    [this.#under, this.#notice] = [null, notice];
    [this.#failedTries, this.#isWithoutGestures, this.#faceFlash] = [0, false, 'offline'];
    this.#film.reset();
    this.#screen = this.#start();
  }

  #cover(screen: ScreenView): void {
    if (this.#under === null) this.#under = this.#screen;
    this.#screen = screen;
  }

  #uncover(): void {
    const under = this.#under;
    this.#under = null;
    this.#office.close();
    this.#shelf.open(null);
    if (under?.name === 'card') this.#film.playCard();
    else if (under?.name === 'selfie') this.#film.playFace();
    else if (under?.name === 'submitting') this.#submit();
    else if (under?.name === 'reading') this.#read(this.#flash);
    else if (under?.name === 'review') this.#screen = this.#review.view(this.#stepsOf);
    else if (under && VISIT.includes(under.name)) this.#screen = under;
    else this.#leave(null);
  }

  #onShelf(change: () => void): void {
    change();
    if (this.#screen.name === 'queue') this.#screen = this.#shelf.view();
  }

  #enter(pin: string): void {
    const purpose = this.#screen.name === 'pin' ? this.#screen.purpose : 'settings';
    if (purpose === 'choose' || pin === MOCK_PIN) {
      this.#wrongPins = 0;
      if (purpose === 'selfieLock') [this.#screen, this.#under] = [lockedView(this.#faceStep, true), null];
      else this.#screen = this.#office.view();
      return;
    }
    this.#wrongPins += 1;
    this.#screen = this.#pin(purpose, true, this.#wrongPins >= PIN_TRIES ? PIN_LOCK_S : 0);
  }

  #watchIdle(): void {
    if (this.#mode !== 'selfService' || !VISIT.includes(this.#screen.name) || this.#screen.name === 'card' || this.#screen.name === 'selfie') return;
    const idleS = Math.floor((performance.now() - this.#touchedAt) / 1_000) - this.#office.values.idleS;
    if (idleS < 0) return;
    this.#idleS = IDLE_COUNTDOWN_S - idleS;
    if (this.#idleS <= 0) {
      this.#idleS = null;
      this.#leave('wiped');
    }
    this.#say();
  }

  /** Later, unless nothing is to happen by itself. Help and queue that cover a visit hold it up. */
  #after(ms: number, then: () => void): void {
    if (this.#address.isStill) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#screen.name === 'help') return;
      then();
      this.#say();
    }, ms / this.#address.speed);
    this.#timers.add(timer);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #say(): void {
    this.#revision += 1;
    this.#tell(this.view);
  }
}

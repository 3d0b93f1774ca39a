import type { CameraView, CardView, HintCode, HintView, PointView, RegionView, RetryView } from '../bindings';
import { CARD_ASPECT, type Quad } from '../quad';
import type { Scenery } from './drawing';
import { PERSON } from './sample';

const PICTURE_ASPECT = 1280 / 720;

/** Where the card is held: its middle, its width as a share of the picture, turned and slanted in degrees. */
interface Pose {
  x: number;
  y: number;
  width: number;
  turn: number;
  slant: number;
}

const GOOD: Pose = { x: 0.5, y: 0.48, width: 0.62, turn: -1.5, slant: 0 };

const POSES: Partial<Record<HintCode, Pose>> = {
  tooFar: { ...GOOD, width: 0.32, x: 0.45 },
  tooClose: { ...GOOD, width: 0.94, y: 0.5 },
  tilted: { ...GOOD, slant: 17, turn: 6 },
  cutOff: { ...GOOD, x: 0.8 },
  upsideDown: { ...GOOD, turn: 178 },
  moving: { ...GOOD, x: 0.53, turn: -4 },
};

export function quadOf({ x, y, width, turn, slant }: Pose): Quad {
  const height = (width / CARD_ASPECT) * (1 - slant / 90);
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const shear = Math.tan((slant * Math.PI) / 180);
  const corner = (u: number, v: number): PointView => {
    const [across, down] = [u * width + v * height * shear, v * height];
    return { x: x + across * cos - down * sin, y: y + (across * sin + down * cos) * PICTURE_ASPECT };
  };
  return [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
}

/** A place on the card, in shares of it, as a place in the picture. */
function onCard([a, b, , d]: Quad, x: number, y: number): PointView {
  return { x: a.x + (b.x - a.x) * x + (d.x - a.x) * y, y: a.y + (b.y - a.y) * x + (d.y - a.y) * y };
}

const GLARE: PointView = { x: 0.42, y: 0.26 };
const FINGER: PointView = { x: 0.52, y: 0.2 };

function regionsOf(code: HintCode, quad: Quad): RegionView[] {
  if (code === 'glare') {
    const around = Array.from({ length: 20 }, (_, i) => (i / 20) * 2 * Math.PI);
    return [{ kind: 'glare', outline: around.map((at) => onCard(quad, GLARE.x + 0.12 * Math.cos(at), GLARE.y + 0.19 * Math.sin(at))) }];
  }
  if (code === 'obstructed') {
    const [left, top, bottom] = [FINGER.x, FINGER.y - 0.09, FINGER.y + 0.09];
    return [{ kind: 'obstruction', outline: [onCard(quad, left, top), onCard(quad, 1, top), onCard(quad, 1, bottom), onCard(quad, left, bottom)] }];
  }
  return [];
}

const FIELDS: Partial<Record<HintCode, string[]>> = { obstructed: ['nik'], glare: ['nik', 'fullName'] };

export function hintOf(code: HintCode): HintView {
  return { code, direction: code === 'cutOff' ? 'left' : code === 'glare' ? 'right' : null, fields: FIELDS[code] ?? [] };
}

/** No card is in sight, or none that has corners to follow. */
const WITHOUT_CARD: HintCode[] = ['noCard', 'cameraLost', 'backSide', 'otherDocument'];

export const poseOf = (code: HintCode): Quad | null => (WITHOUT_CARD.includes(code) ? null : quadOf(POSES[code] ?? GOOD));

export function sceneryOf(code: HintCode, card: Quad | null): Scenery {
  return { card, head: null, glare: code === 'glare' ? GLARE : null, finger: code === 'obstructed' ? FINGER : null, light: code === 'tooDark' ? 0.4 : 1 };
}

/** How a capture goes: what is wrong, and for how long. Each scene shows the trouble that it is named after. */
export const SCENES: Record<string, [HintCode, number][]> = {
  happy: [['noCard', 1_600], ['tooFar', 1_600], ['moving', 1_500]],
  glare: [['noCard', 1_500], ['glare', 3_000]],
  finger: [['noCard', 1_500], ['obstructed', 3_000]],
  far: [['noCard', 1_500], ['tooFar', 3_000]],
  close: [['noCard', 1_500], ['tooClose', 3_000]],
  tilted: [['noCard', 1_500], ['tilted', 3_000]],
  'upside-down': [['noCard', 1_500], ['upsideDown', 3_000]],
  'cut-off': [['noCard', 1_500], ['cutOff', 3_000]],
  back: [['noCard', 1_500], ['backSide', 3_000]],
  other: [['noCard', 1_500], ['otherDocument', 3_000]],
  dark: [['noCard', 1_500], ['tooDark', 3_000]],
  blurry: [['noCard', 1_500], ['blurry', 3_000]],
  unplugged: [['noCard', 1_500], ['cameraLost', 4_000]],
};

export interface CardMoment {
  code: HintCode;
  quad: Quad | null;
  hold: number;
  elapsedMs: number;
  failedTries: number;
  retry: RetryView | null;
  showsMeasures: boolean;
  stepsOf: number;
  again: string | null;
}

export const LIVE: CameraView = { state: 'live', name: 'Kamera Contoh HD', widthPx: 1280, heightPx: 720, fps: 30, isVirtual: false };
export const LOST: CameraView = { state: 'lost', problem: 'unplugged', name: 'Kamera Contoh HD' };

/** The card screen at a moment of the script. */
export function cardView({ code, quad, hold, elapsedMs, failedTries, retry, showsMeasures, stepsOf, again }: CardMoment): { name: 'card' } & CardView {
  const widthShare = quad ? Math.hypot(quad[1].x - quad[0].x, (quad[1].y - quad[0].y) / PICTURE_ASPECT) : 0;
  return {
    name: 'card',
    step: { number: 1, of: stepsOf },
    camera: code === 'cameraLost' ? LOST : LIVE,
    hint: hintOf(code),
    quad,
    regions: quad ? regionsOf(code, quad) : [],
    hold,
    offersHelp: elapsedMs > 5_000,
    offersShutter: elapsedMs > 10_000 || failedTries >= 2,
    failedTries,
    retry,
    again,
    measures: showsMeasures
      ? { analysisMs: 11.4, widthShare, tiltDegrees: code === 'tilted' ? 17 : 2, sharpness: 0.82, brightness: 0.71, glare: code === 'glare' ? 0.09 : 0, covered: code === 'obstructed' ? 0.08 : 0 }
      : null,
  };
}

/** The mask that a NIK wears on a staff screen. */
export const masked = (nik: string): string => nik.slice(0, 4) + '•'.repeat(8) + nik.slice(12);
export const maskedNik = masked(PERSON.nik);

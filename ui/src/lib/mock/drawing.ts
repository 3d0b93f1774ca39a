import type { PointView } from '../bindings';
import { asPrinted, FIELD_KEYS, type FieldKey } from '../fields';
import type { Quad } from '../quad';
import { drawHead } from './head';
import { CARD_PX, PERSON, PLACES } from './sample';

type Context = CanvasRenderingContext2D;

const LABELS: Partial<Record<FieldKey, string>> = {
  fullName: 'Nama',
  placeOfBirth: 'Tempat/Tgl Lahir',
  gender: 'Jenis Kelamin',
  address: 'Alamat',
  rtRw: 'RT/RW',
  kelurahan: 'Kel/Desa',
  kecamatan: 'Kecamatan',
  religion: 'Agama',
  maritalStatus: 'Status Perkawinan',
  occupation: 'Pekerjaan',
  nationality: 'Kewarganegaraan',
  validUntil: 'Berlaku Hingga',
};

/** Indented below the address on the card. */
const INDENTED: FieldKey[] = ['rtRw', 'kelurahan', 'kecamatan'];

function paper(draw: Context): void {
  const { width, height } = CARD_PX;
  const ground = draw.createLinearGradient(0, 0, width, height);
  ground.addColorStop(0, '#b9dcea');
  ground.addColorStop(0.55, '#cfe7ee');
  ground.addColorStop(1, '#a9cfe2');
  draw.fillStyle = ground;
  draw.fillRect(0, 0, width, height);
  draw.strokeStyle = 'rgb(70 130 165 / 0.16)';
  draw.lineWidth = 3;
  for (let i = -8; i < 26; i += 1) {
    draw.beginPath();
    for (let y = 0; y <= height; y += 40) draw.lineTo(i * 80 + 46 * Math.sin(y / 90 + i / 3), y);
    draw.stroke();
  }
}

function portrait(draw: Context): void {
  const [left, top, width, height] = [1170, 236, 330, 430];
  draw.save();
  draw.beginPath();
  draw.rect(left, top, width, height);
  draw.clip();
  draw.fillStyle = '#c0392f';
  draw.fillRect(left, top, width, height);
  draw.fillStyle = '#e9eef2';
  draw.beginPath();
  draw.ellipse(left + width / 2, top + height + 40, 170, 190, 0, 0, 7);
  draw.fill();
  draw.fillStyle = '#c99872';
  draw.fillRect(left + width / 2 - 34, top + 230, 68, 80);
  draw.beginPath();
  draw.ellipse(left + width / 2, top + 185, 82, 104, 0, 0, 7);
  draw.fill();
  draw.fillStyle = '#241c18';
  draw.beginPath();
  draw.ellipse(left + width / 2, top + 130, 92, 76, 0, Math.PI, 0);
  draw.fill();
  draw.restore();
}

/** A synthetic card in units of `CARD_PX`, its upper left corner at the origin. */
export function drawCard(draw: Context): void {
  draw.save();
  paper(draw);
  draw.fillStyle = '#14232b';
  draw.textBaseline = 'middle';
  draw.textAlign = 'center';
  draw.font = '600 48px "Inter Variable", sans-serif';
  draw.fillText(`PROVINSI ${PERSON.province}`, CARD_PX.width / 2, 64);
  draw.fillText(`KOTA ${PERSON.city}`, CARD_PX.width / 2, 120);
  draw.textAlign = 'left';
  draw.font = '600 58px ui-monospace, "DejaVu Sans Mono", monospace';
  draw.fillText('NIK', 60, 206);
  draw.fillText(`: ${PERSON.nik}`, 250, 206);
  draw.font = '500 36px "Inter Variable", sans-serif';
  for (const key of FIELD_KEYS) {
    const [left, top, , height] = PLACES[key];
    const [label, middle] = [LABELS[key], top + height / 2];
    if (label) {
      draw.fillText(label, INDENTED.includes(key) ? 96 : 60, middle);
      draw.fillText(':', 412, middle);
    }
    if (key !== 'nik' && key !== 'province' && key !== 'city') draw.fillText(asPrinted(key, PERSON[key]), left, middle);
  }
  draw.fillText('Gol. Darah :', 800, PLACES.bloodType[1] + 24);
  portrait(draw);
  draw.fillText(PERSON.city, 1180, 736);
  draw.strokeStyle = '#14232b';
  draw.lineWidth = 5;
  draw.beginPath();
  draw.moveTo(1220, 880);
  draw.bezierCurveTo(1270, 780, 1290, 960, 1340, 860);
  draw.bezierCurveTo(1370, 810, 1390, 910, 1450, 850);
  draw.stroke();
  draw.restore();
}

function room(draw: Context, width: number, height: number, light: number): void {
  const wall = draw.createRadialGradient(width * 0.3, height * 0.1, 40, width * 0.5, height * 0.5, width * 0.8);
  wall.addColorStop(0, '#8c8578');
  wall.addColorStop(1, '#37352f');
  draw.fillStyle = wall;
  draw.fillRect(0, 0, width, height);
  draw.fillStyle = '#4b4234';
  draw.fillRect(0, height * 0.78, width, height * 0.22);
  draw.fillStyle = `rgb(0 0 0 / ${(1 - light).toFixed(2)})`;
  draw.fillRect(0, 0, width, height);
}

export interface Scenery {
  /** Where the card is, in shares of the picture; its fourth corner follows from the other three. */
  card: Quad | null;
  /** Where a head is: the middle of its face in shares of the picture, its height as a share of the picture's. */
  head: { x: number; y: number; height: number } | null;
  /** A bright spot and a finger, in shares of the card. */
  glare: PointView | null;
  finger: PointView | null;
  /** 1 is well lit. */
  light: number;
}

/** What the camera sees. */
export function drawScene(draw: Context, width: number, height: number, scenery: Scenery): void {
  room(draw, width, height, scenery.light);
  if (scenery.head) drawHead(draw, scenery.head.x * width, scenery.head.y * height, scenery.head.height * height, scenery.light);
  if (scenery.card === null) return;
  const [a, b, , d] = scenery.card;
  draw.save();
  draw.transform(
    ((b.x - a.x) * width) / CARD_PX.width,
    ((b.y - a.y) * height) / CARD_PX.width,
    ((d.x - a.x) * width) / CARD_PX.height,
    ((d.y - a.y) * height) / CARD_PX.height,
    a.x * width,
    a.y * height,
  );
  draw.beginPath();
  draw.roundRect(0, 0, CARD_PX.width, CARD_PX.height, 60);
  draw.clip();
  drawCard(draw);
  if (scenery.glare) {
    const [x, y] = [scenery.glare.x * CARD_PX.width, scenery.glare.y * CARD_PX.height];
    const spot = draw.createRadialGradient(x, y, 20, x, y, 260);
    spot.addColorStop(0, 'rgb(255 255 255 / 1)');
    spot.addColorStop(0.5, 'rgb(255 255 255 / 0.9)');
    spot.addColorStop(1, 'rgb(255 255 255 / 0)');
    draw.fillStyle = spot;
    draw.fillRect(x - 260, y - 260, 520, 520);
  }
  if (scenery.finger) {
    draw.fillStyle = '#b98663';
    draw.beginPath();
    draw.roundRect(scenery.finger.x * CARD_PX.width, scenery.finger.y * CARD_PX.height - 90, CARD_PX.width, 180, 90);
    draw.fill();
  }
  if (scenery.light < 1) {
    draw.fillStyle = `rgb(0 0 0 / ${(1 - scenery.light).toFixed(2)})`;
    draw.fillRect(0, 0, CARD_PX.width, CARD_PX.height);
  }
  draw.restore();
}

/** What a canvas shows, as a JPEG. */
export async function jpegOf(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  return blob ? blob.arrayBuffer() : new ArrayBuffer(0);
}

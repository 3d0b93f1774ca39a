/** Nobody's head: a ball on shoulders, lit from the right so that a mirrored picture shows it. */
export function drawHead(draw: CanvasRenderingContext2D, x: number, y: number, height: number, light: number): void {
  const unit = height / 2;
  const skin = draw.createLinearGradient(x - unit, y, x + unit, y);
  skin.addColorStop(0, '#8f6a52');
  skin.addColorStop(1, '#d9aa86');
  const ball = (dx: number, dy: number, rx: number, ry: number, colour: string | CanvasGradient): void => {
    draw.fillStyle = colour;
    draw.beginPath();
    draw.ellipse(x + dx * unit, y + dy * unit, rx * unit, ry * unit, 0, 0, 2 * Math.PI);
    draw.fill();
  };
  draw.save();
  draw.filter = `brightness(${light})`;
  ball(0, 2.35, 1.55, 1.15, '#3f5d6b');
  draw.fillStyle = '#8a644b';
  draw.fillRect(x - 0.3 * unit, y + 0.7 * unit, 0.6 * unit, 0.7 * unit);
  ball(0, -0.16, 0.86, 0.98, '#2a2320');
  ball(0, 0.06, 0.76, 0.96, skin);
  ball(-0.28, -0.04, 0.075, 0.075, '#2a2320');
  ball(0.28, -0.04, 0.075, 0.075, '#2a2320');
  draw.strokeStyle = '#6e4733';
  draw.lineWidth = 0.05 * unit;
  draw.lineCap = 'round';
  draw.beginPath();
  draw.arc(x, y + 0.36 * unit, 0.24 * unit, 0.25, Math.PI - 0.25);
  draw.stroke();
  draw.restore();
}

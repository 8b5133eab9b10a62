import { KINDS } from './classify.ts';

/** Edge of a sprite, CSS pixels. */
export const SPRITE = 20;

/** Colours a frame may have: the eight of servers, and ink for frames of nobody yet. */
export const COLOURS = 9;

/**
 * Every look of a frame, drawn once, as the pixels round its middle; clear ones are left out. Kinds across,
 * and colour, fill and envelope down; look by look in one row of numbers.
 */
export interface Sprites {
  /** Device pixels. */
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  /** As a little-endian machine has red, green, blue and alpha in one number. */
  readonly colour: Uint32Array;
  /** Where each look begins in these, and at the end their length. */
  readonly starts: Uint32Array;
  /** Device pixels in a CSS pixel. */
  readonly scale: number;
}

/** Outlines in a box of 10 × 10, by kind: shape tells the kind, colour only the server. */
const SHAPES: Readonly<Record<(typeof KINDS)[number], string>> = {
  syn: 'M1 0.8L9.4 5L1 9.2Z',
  data: 'M1 1.4H9V8.6H1Z',
  ack: 'M5 2.4A2.6 2.6 0 1 1 5 7.6A2.6 2.6 0 1 1 5 2.4Z',
  fin: 'M5 0.4L9.6 5L5 9.6L0.4 5Z',
  rst: 'M3 0.5H7L9.5 3V7L7 9.5H3L0.5 7V3Z',
  arp: 'M3.6 0.5H6.4V3.6H9.5V6.4H6.4V9.5H3.6V6.4H0.5V3.6H3.6Z',
  icmp: 'M0.6 1.2H9.4L5 9.4Z',
  udp: 'M3 1.4H7A3.6 3.6 0 0 1 7 8.6H3A3.6 3.6 0 0 1 3 1.4Z',
  vrrp: 'M5 0.5L6.5 3.6L9.8 4L7.3 6.3L8 9.6L5 7.9L2 9.6L2.7 6.3L0.2 4L3.5 3.6Z',
  other: 'M2 2H8V8H2Z',
};

export function shapePath(kind: (typeof KINDS)[number]): string {
  return SHAPES[kind];
}

const SHAPE_PIXELS = 11;

/**
 * Draws all sprites and takes their pixels.
 * @param colours CSS colours: eight servers, then ink
 * @param paper behind hollow ones
 */
export function drawSprites(colours: readonly string[], paper: string, scale: number): Sprites {
  const size = SPRITE * scale;
  const canvas = document.createElement('canvas');
  canvas.width = size * KINDS.length;
  canvas.height = size * COLOURS * 4;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const looks: Look[] = [];
  if (context === null) return inRows(looks, scale);
  for (let row = 0; row < COLOURS * 4; row++) {
    for (const [column, kind] of KINDS.entries()) {
      const colour = colours[row % COLOURS] ?? '#000';
      const [reply, envelope] = [Math.floor(row / COLOURS) % 2 === 1, row >= COLOURS * 2];
      context.save();
      context.scale(scale, scale);
      context.translate(column * SPRITE + SPRITE / 2, row * SPRITE + SPRITE / 2);
      if (envelope) drawEnvelope(context, colour, paper);
      drawShape(context, SHAPES[kind], colour, paper, reply);
      context.restore();
      looks.push(pixelsOf(context.getImageData(column * size, row * size, size, size)));
    }
  }
  return inRows(looks, scale);
}

/** Less than this of a pixel is seen as none. */
const CLEAR = 40;

/** The pixels of one look, three numbers each: across and down from its middle, and the colour. */
type Look = readonly (readonly [number, number, number])[];

function pixelsOf({ data, width, height }: ImageData): Look {
  return Array.from(new Uint32Array(data.buffer), (colour, i): Look[number] => [
    (i % width) - width / 2,
    Math.floor(i / width) - height / 2,
    colour,
  ]).filter((_, i) => (data[4 * i + 3] ?? 0) > CLEAR);
}

/** @param looks as `spriteAt` numbers them */
export function inRows(looks: readonly Look[], scale: number): Sprites {
  const pixels = looks.flat();
  const starts = new Uint32Array(looks.length + 1);
  for (const [i, look] of looks.entries()) starts[i + 1] = (starts[i] ?? 0) + look.length;
  return {
    dx: Int16Array.from(pixels, ([dx]) => dx),
    dy: Int16Array.from(pixels, ([, dy]) => dy),
    colour: Uint32Array.from(pixels, ([, , colour]) => colour),
    starts,
    scale,
  };
}

function drawShape(
  context: CanvasRenderingContext2D,
  outline: string,
  colour: string,
  paper: string,
  hollow: boolean,
): void {
  const shape = new Path2D(outline);
  context.scale(SHAPE_PIXELS / 10, SHAPE_PIXELS / 10);
  context.translate(-5, -5);
  context.lineJoin = 'round';
  // a rim of paper keeps frames apart that lie on each other
  context.lineWidth = hollow ? 3.4 : 2.2;
  context.strokeStyle = paper;
  context.stroke(shape);
  context.fillStyle = hollow ? paper : colour;
  context.fill(shape);
  if (!hollow) return;
  context.lineWidth = 1.6;
  context.strokeStyle = colour;
  context.stroke(shape);
}

/** A letter with its flap: the packet is inside. */
function drawEnvelope(context: CanvasRenderingContext2D, colour: string, paper: string): void {
  context.fillStyle = paper;
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  context.rect(-9, -7, 18, 14);
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(-9, -7);
  context.lineTo(0, -1.5);
  context.lineTo(9, -7);
  context.stroke();
}

/** Place of a look among the sprites. @param colour 0 to 8 */
export function spriteAt(kind: number, colour: number, reply: boolean, envelope: boolean): number {
  return (colour + (reply ? COLOURS : 0) + (envelope ? 2 * COLOURS : 0)) * KINDS.length + kind;
}

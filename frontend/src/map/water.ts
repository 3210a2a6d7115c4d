/** Water on the map: one canvas over the study's window, painted from a level or from depths. */

export type Classes = { from: number; colour: string }[];
export type Paint = { area: number };

const UNSEEN = 0;
const OPACITY = 215;

/** A colour as one number in the order of canvas memory (little endian). */
export function packed(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [(n >> 16) & 255, (n >> 8) & 255, n & 255];
  return ((OPACITY << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Colours by depth in whole centimetres, 0..255. */
export function palette(classes: Classes): Uint32Array {
  const table = new Uint32Array(256).fill(UNSEEN);
  for (const { from, colour } of classes) table.fill(packed(colour), Math.max(1, Math.round(from * 100)));
  return table;
}

/** Paint connected water at a sea level [m]; returns how many dry cells are under it. */
export function paintLevel(
  out: Uint32Array,
  level: number,
  fields: { ground: Float32Array; reach: Float32Array; sea: Uint8Array },
  colours: Uint32Array,
): number {
  const { ground, reach, sea } = fields;
  let wet = 0;
  for (let i = 0; i < out.length; i++) {
    if (sea[i] === 1 || reach[i]! > level) {
      out[i] = UNSEEN;
      continue;
    }
    const depth = Math.min(255, Math.round((level - ground[i]!) * 100));
    const colour = depth > 0 ? colours[depth]! : UNSEEN;
    out[i] = colour;
    if (colour !== UNSEEN) wet++;
  }
  return wet;
}

/** Paint depths in whole centimetres. */
export function paintDepth(out: Uint32Array, depth: Uint8Array, sea: Uint8Array, colours: Uint32Array): number {
  let wet = 0;
  for (let i = 0; i < out.length; i++) {
    const colour = sea[i] === 1 ? UNSEEN : colours[depth[i]!]!;
    out[i] = colour;
    if (colour !== UNSEEN) wet++;
  }
  return wet;
}

/** A canvas of the window's size with its memory as colours. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly colours: Uint32Array;
  private readonly image: ImageData;
  private readonly pen: CanvasRenderingContext2D;

  constructor(columns: number, rows: number) {
    this.canvas = document.createElement("canvas");
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true })!;
    this.image = this.pen.createImageData(columns, rows);
    this.colours = new Uint32Array(this.image.data.buffer);
  }

  show(): void {
    this.pen.putImageData(this.image, 0, 0);
  }

  clear(): void {
    this.colours.fill(UNSEEN);
    this.show();
  }
}

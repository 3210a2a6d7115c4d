/** A work on its way from points to an idea: what it takes, what it is, how it is told. */
import type { Drawn, DrawnKind, Place } from "../api/types";
import { length, METRES, pointsOf, surface } from "../map/work";
import { number, w } from "./words";

/** What the figure is at first [m]: the height of a wall, the depth of a basin (assumption). */
export const USUAL: Record<DrawnKind, number> = { wall: 1.5, basin: 1, rain_bed: 0 };
/** Lengths of a wall or sides of a square that can be chosen without a map [m]. */
export const SIZES = [50, 100, 200, 400, 800];

/** One more point, unless there are `most` of them; a second tap on the same spot is none. */
export function added(points: Place[], [lon, lat]: Place, most = Infinity): Place[] {
  const at: Place = [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
  const last = points.at(-1);
  return points.length >= most || (last?.[0] === at[0] && last[1] === at[1]) ? points : [...points, at];
}

/** A straight wall from west to east through a place, or a square around it, of `size` [m]. */
export function around([lon, lat]: Place, kind: DrawnKind, size: number): Place[] {
  const up = size / 2 / METRES;
  const out = up / Math.cos((lat * Math.PI) / 180);
  const corners: Place[] = kind === "wall" ? [[-1, 0], [1, 0]] : [[-1, 1], [1, 1], [1, -1], [-1, -1]];
  return corners.reduce<Place[]>((points, [x, y]) => added(points, [lon + x * out, lat + y * up]), []);
}

/** The middle of a work's points, for the district that it is in. */
export function middle(work: Drawn): Place {
  const points = pointsOf(work);
  const mean = (k: 0 | 1) => points.reduce((sum, at) => sum + at[k], 0) / points.length;
  return [Math.round(mean(0) * 1e6) / 1e6, Math.round(mean(1) * 1e6) / 1e6];
}

/** A work in words: what it is and how large. */
export function told(work: Drawn): string {
  if (work.kind === "wall") return w("drawn.wall", { n: number(Math.round(length(pointsOf(work)))), high: number(work.height ?? 0, 1) });
  const area = number(Math.round(surface(pointsOf(work))));
  return work.kind === "basin" ? w("drawn.basin", { n: area, deep: number(work.depth ?? 0, 1) }) : w("drawn.rain_bed", { n: area });
}

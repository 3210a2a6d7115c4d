/** A work drawn on the map: how many points it takes, what it is, and how long or large it is on the ground. */
import type { Drawn, DrawnKind, Place } from "../api/types";

export const KINDS: DrawnKind[] = ["wall", "basin", "rain_bed"];
export const METRES = 111_320; // of a degree of latitude

export const least = (kind: DrawnKind): number => (kind === "wall" ? 2 : 3);

/** The work of so many points, `figure` [m] high or deep; null as long as they are too few. */
export function workOf(kind: DrawnKind, points: Place[], figure: number): Drawn | null {
  if (points.length < least(kind)) return null;
  if (kind === "wall") return { kind, line: points, height: figure };
  return kind === "basin" ? { kind, area: points, depth: figure } : { kind, area: points };
}

export const pointsOf = (work: Drawn): Place[] => work.line ?? work.area ?? [];

function flat(points: Place[]): Place[] {
  const east = Math.cos(((points[0]?.[1] ?? 0) * Math.PI) / 180) * METRES;
  return points.map(([lon, lat]) => [lon * east, lat * METRES]);
}

/** [m] */
export function length(line: Place[]): number {
  const at = flat(line);
  return at.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - at[k]![0], y - at[k]![1]), 0);
}

/** [m2] */
export function surface(ring: Place[]): number {
  const at = flat(ring);
  const sum = at.reduce((total, [x, y], k) => {
    const [u, v] = at[(k + 1) % at.length]!;
    return total + x * v - u * y;
  }, 0);
  return Math.abs(sum) / 2;
}

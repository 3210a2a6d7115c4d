/** A plane seen in perspective: what maps points of a flat picture to points on the screen. */

export type Point = readonly [number, number];
/** Rows of a 3 x 3 matrix whose last number is 1. */
export type Homography = readonly [number, number, number, number, number, number, number, number, 1];

/**
 * The perspective that brings `from` nearest to `to` in the sense of least squares; null where the points do not tell.
 * Each pair gives two equations in eight unknowns, as in Hartley and Zisserman, Multiple View Geometry, 4.1.2.
 */
export function homography(from: readonly Point[], to: readonly Point[]): Homography | null {
  if (from.length < 4) return null;
  const [one, oneBack] = [scaled(from), scaled(to)];
  const rows: number[][] = [];
  from.forEach((_, k) => {
    const [[x, y], [u, v]] = [one.points[k]!, oneBack.points[k]!];
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  });
  const found = leastSquares(rows);
  if (!found) return null;
  // H = inverse(scale of the screen) * found * (scale of the picture)
  const { size: a, at: [p, q] } = one;
  const { size: b, at: [r, s] } = oneBack;
  const [h0, h1, h2, h3, h4, h5, h6, h7] = found as [number, number, number, number, number, number, number, number];
  const third = [h6 * a, h7 * a, 1 - a * (h6 * p + h7 * q)] as const;
  const first = [h0 * a, h1 * a, h2 - a * (h0 * p + h1 * q)].map((each, k) => each / b + r * third[k]!);
  const second = [h3 * a, h4 * a, h5 - a * (h3 * p + h4 * q)].map((each, k) => each / b + s * third[k]!);
  if (Math.abs(third[2]) < 1e-12) return null;
  return [...first, ...second, third[0], third[1]].map((each) => each / third[2]).concat(1) as unknown as Homography;
}

export function through(h: Homography, [x, y]: Point): Point {
  const w = h[6] * x + h[7] * y + 1;
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** The same for a style sheet, with its origin in the picture's upper left corner. */
export function matrix3d(h: Homography): string {
  return `matrix3d(${[h[0], h[3], 0, h[6], h[1], h[4], 0, h[7], 0, 0, 1, 0, h[2], h[5], 0, 1].join(",")})`;
}

/** Points about zero and of size one, so that the equations are well conditioned. */
function scaled(points: readonly Point[]): { points: Point[]; at: Point; size: number } {
  const n = points.length;
  const at: Point = [points.reduce((sum, [x]) => sum + x, 0) / n, points.reduce((sum, [, y]) => sum + y, 0) / n];
  const spread = points.reduce((sum, [x, y]) => sum + Math.hypot(x - at[0], y - at[1]), 0) / n || 1;
  return { points: points.map(([x, y]) => [(x - at[0]) / spread, (y - at[1]) / spread]), at, size: 1 / spread };
}

/** The x of least squares of rows [a1 ... a8, b]; null where they are dependent. */
function leastSquares(rows: number[][]): number[] | null {
  const n = rows[0]!.length - 1;
  const m = Array.from({ length: n }, (_, i) => Array.from({ length: n + 1 }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
  for (let k = 0; k < n; k++) {
    const pivot = m.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(m[best]![k]!) ? i + k : best), k);
    [m[k], m[pivot]] = [m[pivot]!, m[k]!];
    if (Math.abs(m[k]![k]!) < 1e-10) return null;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const times = m[i]![k]! / m[k]![k]!;
      for (let j = k; j <= n; j++) m[i]![j]! -= times * m[k]![j]!;
    }
  }
  return m.map((row, i) => row[n]! / row[i]!);
}

/** Sharing out a sum that stays the same: whole percent over areas, always 100 together. */
import type { PeriodAsked, Split } from "./types";

export const WHOLE = 100;

export const sum = (split: Split): number => Object.values(split).reduce((total, each) => total + each, 0);

/** The same for all, what cannot be shared going to the first ones. */
export function equal(ids: readonly string[]): Split {
  return rounded(Object.fromEntries(ids.map((id) => [id, 1])), WHOLE);
}

/** What is shared out when one area is given so much: the others keep their proportions in what is left. */
export function moved(split: Split, id: string, value: number): Split {
  const given = Math.max(0, Math.min(WHOLE, Math.round(value)));
  const { [id]: _, ...others } = split;
  if (Object.keys(others).length === 0) return { [id]: WHOLE };
  const kept = sum(others) > 0 ? others : Object.fromEntries(Object.keys(others).map((each) => [each, 1]));
  const rest = rounded(kept, WHOLE - given);
  return Object.fromEntries(Object.keys(split).map((each) => [each, each === id ? given : (rest[each] ?? 0)]));
}

/** Whole numbers in the proportions of `weights` that add up to `total`: the largest remainders are rounded up. */
export function rounded(weights: Split, total: number): Split {
  const all = sum(weights);
  const exact = Object.entries(weights).map(([id, weight]) => ({ id, value: all > 0 ? (weight / all) * total : 0 }));
  const short = total - exact.reduce((found, each) => found + Math.floor(each.value), 0);
  const order = exact.map((each, place) => ({ place, rest: each.value - Math.floor(each.value) })).sort((a, b) => b.rest - a.rest || a.place - b.place);
  const up = new Set(order.slice(0, short).map((each) => each.place));
  return Object.fromEntries(exact.map(({ id, value }, place) => [id, Math.floor(value) + (up.has(place) ? 1 : 0)]));
}

/** The shares (0..1) by the start of policy codes: an area whose money goes to one stage only is named with it. */
export function asked(split: Split, aims: Readonly<Record<string, string>>): Split {
  return Object.fromEntries(Object.entries(split).filter(([, share]) => share > 0).map(([id, share]) => [id + (aims[id] ?? ""), share / WHOLE]));
}

/** The plan as a file that `genrejs dynamics` plays. */
export function toml(first: number, periods: readonly PeriodAsked[]): string {
  const told = periods.map(({ years, budget, rule, split }) => {
    const shares = Object.entries(split).map(([key, share]) => `${key} = ${share}`).join(", ");
    return `[[period]]\nyears = ${years}\nbudget = ${budget}\nrule = "${rule}"\nsplit = { ${shares} }\n`;
  });
  return [`first_year = ${first}\n`, ...told].join("\n");
}

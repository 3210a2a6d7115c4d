/** Sharing out money and dots: how much is left, and in which steps. */
export type Spend = Record<string, number>;

export const total = (spend: Spend): number => Object.values(spend).reduce((sum, dkk) => sum + dkk, 0);

/** The size of a step [DKK]: 1, 2 or 5 with zeros, so that a cost takes 20 steps at most. */
export function stepOf(cost: number): number {
  const least = Math.max(1, cost / 20);
  const unit = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((each) => each * unit >= least * (1 - 1e-9)) ?? 10) * unit;
}

/** How many steps a cost takes; the last one may be a short one. */
export const steps = (cost: number): number => Math.ceil(cost / stepOf(cost));

export const amount = (cost: number, step: number): number => Math.min(cost, step * stepOf(cost));

export const stepAt = (cost: number, dkk: number): number => (dkk >= cost ? steps(cost) : Math.round(dkk / stepOf(cost)));

/** What is spent when an idea is given so much: never more than it costs, nor than there is. */
export function give(spend: Spend, idea: string, dkk: number, cost: number, budget: number): Spend {
  const { [idea]: _, ...others } = spend;
  const given = Math.floor(Math.max(0, Math.min(dkk, cost, budget - total(others))));
  return given > 0 ? { ...others, [idea]: given } : others;
}

/** One dot more or less on an idea, as long as there are dots. */
export function dot(dots: string[], idea: string, more: boolean, most: number): string[] {
  if (more) return dots.length < most ? [...dots, idea] : dots;
  const at = dots.lastIndexOf(idea);
  return dots.filter((_, place) => place !== at);
}

/** What the votes say, in the order and by the rule of the server's minutes. */
import type { Idea, Spent, State } from "./types";

export type Voice = Idea & { spent: Spent; dots: number; chosen: boolean };

/** The ideas with their votes, the best liked first; `chosen` as far as the budget reaches. */
export function decided(state: State): Voice[] {
  const spent = state.budget === "hidden" ? {} : state.budget.spent;
  const dots = state.dots === "hidden" ? {} : state.dots;
  const voices = state.ideas.map((idea) => ({ ...idea, spent: spent[idea.id] ?? { people: 0, dkk: 0 }, dots: dots[idea.id] ?? 0, chosen: false }));
  voices.sort((a, b) => b.spent.people - a.spent.people || b.spent.dkk - a.spent.dkk || b.dots - a.dots || b.support - a.support);
  const voted = voices.some((each) => each.spent.people > 0 || each.dots > 0);
  let left = state.rules.budget;
  for (const each of voices) {
    const liked = voted ? each.spent.people > 0 || each.dots > 0 : each.support > 0;
    if (!liked || each.cost === null || each.cost > left) continue;
    each.chosen = true;
    left -= each.cost;
  }
  return voices;
}

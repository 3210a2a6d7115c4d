/** What the votes say; which ideas the budget buys, the server tells. */
import type { Idea, Spent, State } from "./types";

export type Voice = Idea & { spent: Spent; dots: number; chosen: boolean };

/** The ideas with their votes, the best liked first. */
export function decided(state: State): Voice[] {
  const spent = state.budget === "hidden" ? {} : state.budget.spent;
  const dots = state.dots === "hidden" ? {} : state.dots;
  const chosen = state.chosen === "hidden" ? [] : state.chosen;
  const voices = state.ideas.map((idea) => ({ ...idea, spent: spent[idea.id] ?? { people: 0, dkk: 0 }, dots: dots[idea.id] ?? 0, chosen: chosen.includes(idea.id) }));
  return voices.sort((a, b) => b.spent.people - a.spent.people || b.spent.dkk - a.spent.dkk || b.dots - a.dots || b.support - a.support);
}

/** What a participant has given, after one more thing that the server may not have heard of yet. */
import type { Given, Mine } from "./types";

const toggled = (held: string[], id: string, on: boolean): string[] => (on ? [...held.filter((each) => each !== id), id] : held.filter((each) => each !== id));

export function applied(mine: Mine, action: Given): Mine {
  switch (action.kind) {
    case "star":
      return { ...mine, stars: toggled(mine.stars, action.card, action.on) };
    case "support":
      return { ...mine, support: toggled(mine.support, action.idea, action.on) };
    case "good":
      return { ...mine, goods: { ...mine.goods, [action.idea]: toggled(mine.goods[action.idea] ?? [], action.good, action.on) } };
    case "budget":
      return { ...mine, budget: action.spend };
    case "dots":
      return { ...mine, dots: action.ideas };
    default:
      return mine;
  }
}

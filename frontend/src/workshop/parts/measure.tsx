/** What an idea costs and whose figure that is; how a measure works. */
import { language, nameOf } from "../../text/text";
import type { Measure } from "../../api/types";
import { city } from "../state";
import type { Idea } from "../types";
import { kroner, w } from "../words";

export function Price({ idea }: { idea: Idea }) {
  if (idea.cost === null) return <>{w("idea.no_cost")}</>;
  return <>{w(idea.cost_source === "leader" ? "idea.cost_leader" : "idea.cost_model", { cost: kroner(idea.cost) })}</>;
}

export function Works({ measure, open = false }: { measure: Measure; open?: boolean }) {
  return (
    <details class="works" open={open}>
      <summary>{w("measure.works")}</summary>
      <p>{language.value === "da" ? measure.mechanism_da : measure.mechanism_en}</p>
      {measure.added_value.map((good) => <p key={good.name_en}>{w("measure.good", { what: nameOf(good), n: kroner(good.yearly) })}</p>)}
      <p class="aside">{w("measure.price", { cost: kroner(measure.cost), upkeep: kroner(measure.upkeep) })}</p>
      <p class="aside">{w("measure.source")}: <span lang="en">{measure.source}</span></p>
    </details>
  );
}

/** The measures that are not built today. */
export function proposable(): Measure[] {
  const standing = city.value?.strategies.find((each) => each.id === "today")?.measures ?? [];
  return (city.value?.measures ?? []).filter((each) => !standing.includes(each.id));
}

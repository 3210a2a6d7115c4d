/** Harvest: what was decided, and thanks. */
import { MyIdeas } from "./mine";
import { decided } from "../decided";
import { Bars } from "../parts/bars";
import { root, terms } from "../state";
import { tongue } from "../tongue";
import type { State } from "../types";
import { inTongue, kroner, w } from "../words";

export function Harvest({ now }: { now: State }) {
  if (now.tally !== "open") {
    return (
      <>
        <p>{w("votes.hidden")}</p>
        <MyIdeas now={now} />
      </>
    );
  }
  const voices = decided(now);
  const chosen = voices.filter((each) => each.chosen);
  return (
    <>
      <section aria-labelledby="chosen">
        <h2 id="chosen">{w("harvest.chosen")}</h2>
        {chosen.length === 0 && <p>{w("harvest.none")}</p>}
        <ol>
          {chosen.map((each) => <li key={each.id}>{each.text} – {kroner(each.cost ?? 0)}</li>)}
        </ol>
        {chosen.length > 0 && <p>{w("harvest.sum", { sum: kroner(chosen.reduce((sum, each) => sum + (each.cost ?? 0), 0)), budget: kroner(now.rules.budget) })}</p>}
      </section>
      <section aria-labelledby="votes">
        <h2 id="votes">{w("votes.title")}</h2>
        <Bars voices={voices} />
        <p class="aside">{inTongue(terms.value?.rule)}</p>
      </section>
      <MyIdeas now={now} />
      <p><a class="button" href={`${root}/minutes.md?language=${tongue.value}`} download>{w("harvest.minutes")}</a></p>
    </>
  );
}

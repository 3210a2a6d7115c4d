/** The votes on the wall, when the leader shows them; at last what the budget reaches to. */
import { decided } from "../decided";
import { Bars } from "../parts/bars";
import type { State } from "../types";
import { kroner, w } from "../words";
import { Fit } from "./fit";

export function VoteWall({ now }: { now: State }) {
  if (now.tally === "open") {
    const voices = decided(now).filter((each) => each.spent.people > 0 || each.dots > 0);
    return <Fit items={voices}>{(shown) => <Bars voices={shown} all={voices} />}</Fit>;
  }
  return (
    <div class="asked">
      <p class="question">{now.rules.dots > 0 ? w("screen.vote_dots", { n: now.rules.dots }) : w("screen.vote_money", { budget: kroner(now.rules.budget) })}</p>
      <p class="under">{w("votes.hidden")}</p>
    </div>
  );
}

export function Outcome({ now }: { now: State }) {
  const chosen = now.tally === "open" ? decided(now).filter((each) => each.chosen) : [];
  return (
    <>
      {chosen.length > 0 && (
        <>
          <h2>{w("harvest.chosen")}</h2>
          <Fit items={chosen}>
            {(ideas) => (
              <ol class="plain columns">
                {ideas.map((idea) => <li key={idea.id} class="note">{idea.text}<p class="under">{kroner(idea.cost ?? 0)}</p></li>)}
              </ol>
            )}
          </Fit>
        </>
      )}
      <p class="question">{w("harvest.thanks")}</p>
    </>
  );
}

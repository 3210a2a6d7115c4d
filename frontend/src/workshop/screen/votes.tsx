/** The votes on the wall, when the leader shows them; at last what the budget reaches to. */
import { money } from "../../text/text";
import { decided } from "../decided";
import { Bars } from "../parts/bars";
import type { State } from "../types";
import { w } from "../words";
import { Fit } from "./fit";

export function VoteWall({ now }: { now: State }) {
  if (now.tally === "open") return <Bars state={now} most={7} />;
  return (
    <div class="asked">
      <p class="question">{now.rules.dots > 0 ? w("screen.vote_dots", { n: now.rules.dots }) : w("screen.vote_money", { budget: money(now.rules.budget) })}</p>
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
                {ideas.map((idea) => <li key={idea.id} class="note">{idea.text}<p class="under">{money(idea.cost ?? 0)}</p></li>)}
              </ol>
            )}
          </Fit>
        </>
      )}
      <p class="question">{w("harvest.thanks")}</p>
    </>
  );
}

/** What the model says of the ideas: for the whole city and for one's own district. */
import { titleOf } from "../../text/text";
import { Districts } from "../parts/districts";
import { Effect, eventTitle, ideaTexts, LocalEffect } from "../parts/effect";
import { Loading } from "../parts/line";
import { city } from "../state";
import type { Run, State } from "../types";
import { w, type Word } from "../words";
import { own } from "../own";
import { Supported } from "./ideas";
import { MyIdeas } from "./mine";
import { district, mine } from "./session";

export const STATUS: Record<Run["status"], Word> = { running: "runs.running", successful: "runs.successful", failed: "runs.failed" };

export function Runs({ now }: { now: State }) {
  const held = own(now, mine.value?.ideas ?? []).map((each) => each.now.id);
  return (
    <>
      <Loading />
      <div class="field">
        <label for="district">{w("runs.district")}</label>
        <Districts id="district" none="runs.no_district" value={district.value} pick={(id) => (district.value = id)} />
      </div>
      <div aria-live="polite">
        {now.runs.length === 0 && <p>{w("runs.none")}</p>}
        {[...now.runs].reverse().map((run) => <One key={run.job} run={run} mine={held.some((id) => run.ideas.includes(id))} />)}
      </div>
      <MyIdeas now={now} />
      <Supported now={now} />
    </>
  );
}

function One({ run, mine: held }: { run: Run; mine: boolean }) {
  return (
    <article class="card run">
      <h2>{ideaTexts(run.ideas).join(" + ")}</h2>
      {held && <p><strong class="tag first">{w("own.in_run")}</strong></p>}
      <Event run={run} />
      {run.status === "successful" ? (
        <>
          <Effect run={run} />
          {district.value && <LocalEffect run={run} district={district.value} />}
        </>
      ) : (
        <p class={`state-${run.status}`}>{w(STATUS[run.status])}</p>
      )}
    </article>
  );
}

/** In which event, year and surroundings a run was made. */
export function Event({ run }: { run: Run }) {
  const strategy = city.value?.strategies.find((each) => each.id === run.strategy);
  const known = strategy && run.strategy !== "today" ? titleOf({ title_da: strategy.name_da, title_en: strategy.name_en }) : null;
  return (
    <p class="aside">
      {[w("runs.event", { event: eventTitle(run.event) }), run.year ? w("runs.year", { year: run.year }) : "", known ? w("runs.strategy", { name: known }) : ""].filter(Boolean).join(" · ")}
    </p>
  );
}

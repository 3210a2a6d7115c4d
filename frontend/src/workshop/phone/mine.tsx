/** One's own ideas: the measure that each became, what it costs, and what it does in one's own district. */
import { nameOf } from "../../text/text";
import { LocalEffect } from "../parts/effect";
import { Price, Works } from "../parts/measure";
import { lastRun, own, type Own } from "../own";
import { city } from "../state";
import type { State } from "../types";
import { w } from "../words";
import { district, mine } from "./session";

export function MyIdeas({ now }: { now: State }) {
  const ideas = own(now, mine.value?.ideas ?? []);
  if (ideas.length === 0) return null;
  return (
    <section aria-labelledby="my-ideas">
      <h2 id="my-ideas">{w("own.title")}</h2>
      <ul class="plain cards">
        {ideas.map((each) => <One key={each.id} each={each} now={now} />)}
      </ul>
    </section>
  );
}

function One({ each, now }: { each: Own; now: State }) {
  const measure = city.value?.measures.find((one) => one.id === each.now.measure);
  const run = lastRun(now, each.now.id);
  return (
    <li class="card">
      <p>“{each.text}”</p>
      {each.merged && <p>{measure ? w("own.measure", { measure: nameOf(measure) }) : w("own.part", { idea: each.now.text })}</p>}
      <p class="aside"><Price idea={each.now} /></p>
      {measure && <Works measure={measure} />}
      {run ? district.value ? <LocalEffect run={run} district={district.value} /> : <p class="aside">{w("own.district")}</p> : <p class="aside">{w("own.no_run")}</p>}
      {run && run.ideas.length > 1 && <p class="aside">{w("own.together")}</p>}
    </li>
  );
}

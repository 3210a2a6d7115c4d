/** Letting the model work on ideas: which ones, in which event, year and surroundings. */
import { useState } from "preact/hooks";
import { nameOf, titleOf } from "../../text/text";
import { Effect, ideaTexts } from "../parts/effect";
import { Event, STATUS } from "../phone/runs";
import { Loading } from "../parts/line";
import { city } from "../state";
import type { Everything } from "../types";
import { count, w } from "../words";
import { lead } from "./desk";

const YEARS = [2050, 2070, 2100];
const USUAL = "storm_1872";

export function Runs({ now }: { now: Everything }) {
  return (
    <>
      <Loading />
      {!now.closed && <Ask now={now} />}
      {[...now.runs].reverse().map((run) => (
        <article key={run.job} class="card run">
          <h3>{ideaTexts(run.ideas).join(" + ")}</h3>
          <Event run={run} />
          {run.status === "successful" ? <Effect run={run} wide /> : <p role="status">{w(STATUS[run.status])}</p>}
        </article>
      ))}
    </>
  );
}

function Ask({ now }: { now: Everything }) {
  const [ideas, setIdeas] = useState<string[]>([]);
  const [event, setEvent] = useState(USUAL);
  const [strategy, setStrategy] = useState("today");
  const [year, setYear] = useState("");
  const able = now.ideas.filter((idea) => idea.measure !== null || idea.drawn.length > 0);
  const chosen = ideas.filter((id) => able.some((idea) => idea.id === id));
  const words = now.ideas.length - able.length;
  const go = async (submitted: SubmitEvent) => {
    submitted.preventDefault();
    if (await lead({ kind: "simulate", ideas: chosen, event, strategy, ...(year ? { year: Number(year) } : {}) })) setIdeas([]);
  };
  if (able.length === 0) return <p>{w("runs.nothing_able")}</p>;
  return (
    <form class="ask" onSubmit={(submitted) => void go(submitted)}>
      <fieldset>
        <legend>{w("runs.which")}</legend>
        {able.map((idea) => (
          <label key={idea.id}>
            <input type="checkbox" checked={chosen.includes(idea.id)} onChange={(changed) => setIdeas(changed.currentTarget.checked ? [...chosen, idea.id] : chosen.filter((id) => id !== idea.id))} /> {idea.text}
          </label>
        ))}
        {words > 0 && <p class="aside">{count("runs.not_able_one", "runs.not_able", words)}</p>}
      </fieldset>
      <div class="row">
        <label>{w("runs.event_label")}
          <select value={event} onChange={(changed) => setEvent(changed.currentTarget.value)}>
            {city.value?.events.map((each) => <option key={each.name} value={each.name}>{titleOf(each)}</option>)}
          </select>
        </label>
        <label>{w("runs.strategy_label")}
          <select value={strategy} onChange={(changed) => setStrategy(changed.currentTarget.value)}>
            {city.value?.strategies.map((each) => <option key={each.id} value={each.id}>{nameOf(each)}</option>)}
          </select>
        </label>
        <label>{w("runs.year_label")}
          <select value={year} onChange={(changed) => setYear(changed.currentTarget.value)}>
            <option value="">{w("runs.now")}</option>
            {YEARS.map((each) => <option key={each} value={each}>{each}</option>)}
          </select>
        </label>
      </div>
      <button type="submit" class="go" disabled={chosen.length === 0}>{w("runs.go")}</button>
    </form>
  );
}

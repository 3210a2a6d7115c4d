/** The ideas: made one, priced, made a measure that the model knows, hidden. */
import { useState } from "preact/hooks";
import { nameOf } from "../../text/text";
import { Price, proposable } from "../parts/measure";
import { DrawnWorks, Parts } from "../parts/drawn";
import { placeName } from "../parts/place";
import { terms } from "../state";
import type { Everything, Idea, Led } from "../types";
import { count, named, w } from "../words";
import { Veiled } from "./cards";
import { all, lead, pick, picked } from "./desk";

export function Ideas({ now }: { now: Everything }) {
  return (
    <>
      {now.ideas.length === 0 ? <p>{w("ideas.none")}</p> : <Merge now={now} />}
      <ul class="plain">
        {now.ideas.map((idea) => <One key={idea.id} idea={idea} now={now} />)}
      </ul>
      <Veiled what="idea" hidden={now.hidden.ideas} />
    </>
  );
}

function One({ idea, now }: { idea: Idea; now: Everything }) {
  const place = placeName(idea);
  const goods = Object.entries(idea.goods).map(([id, n]) => `${named(terms.value?.goods, id)} ${n}`);
  const merged = Object.values(now.merged).filter((root) => root === idea.id).length;
  const open = !now.closed && idea.measure === null && idea.drawn.length === 0;
  return (
    <li class="line-item idea">
      <label><input type="checkbox" checked={picked.value.includes(idea.id)} onChange={(event) => pick(idea.id, event.currentTarget.checked)} /> <strong>{idea.text}</strong></label>
      <button type="button" aria-label={w("leader.hide_what", { what: idea.text })} onClick={() => void lead({ kind: "hide", what: "idea", id: idea.id })}>{w("leader.hide")}</button>
      <p class="aside">
        {[count("ideas.supporter", "ideas.supporters", idea.support), place ?? "", merged ? w("ideas.merged", { n: merged }) : "", ...goods].filter(Boolean).join(" · ")} · <Price idea={idea} />
      </p>
      <Parts idea={idea} />
      <DrawnWorks idea={idea} />
      {open && (
        <details>
          <summary>{w("ideas.words_only")}</summary>
          <div class="row">
            <Cost idea={idea} />
            {(now.round === "ideas" || now.round === "run") && <AsMeasure idea={idea} />}
          </div>
        </details>
      )}
    </li>
  );
}

function Merge({ now }: { now: Everything }) {
  const ideas = now.ideas.filter((idea) => picked.value.includes(idea.id));
  const [chosen, setInto] = useState("");
  const into = ideas.find((idea) => idea.id === chosen) ?? ideas[0];
  const merge = async (event: SubmitEvent) => {
    event.preventDefault();
    const others = ideas.filter((idea) => idea !== into);
    if (into && (await lead(...others.map((idea): Led => ({ kind: "merge", into: into.id, from: idea.id }))))) picked.value = [];
  };
  return (
    <form class="bar-of-work" onSubmit={(event) => void merge(event)}>
      <p role="status">{ideas.length ? count("leader.picked_one", "leader.picked", ideas.length) : w("ideas.pick_hint")}</p>
      {ideas.length > 1 && (
        <label>{w("ideas.merge_into")}
          <select value={into?.id ?? ""} onChange={(event) => setInto(event.currentTarget.value)}>
            {ideas.map((idea) => <option key={idea.id} value={idea.id}>{idea.text}</option>)}
          </select>
        </label>
      )}
      <button type="submit" class="go" disabled={ideas.length < 2 || now.closed}>{w("ideas.merge")}</button>
    </form>
  );
}

function Cost({ idea }: { idea: Idea }) {
  const [millions, setMillions] = useState("");
  const dkk = Math.round(Number(millions.replace(",", ".")) * 1e6);
  const set = (event: SubmitEvent) => {
    event.preventDefault();
    void lead({ kind: "cost", idea: idea.id, dkk });
  };
  return (
    <form class="inline" onSubmit={set}>
      <label>{w("ideas.cost")}<input type="text" inputMode="decimal" value={millions} onInput={(event) => setMillions(event.currentTarget.value)} /></label>
      <button type="submit" disabled={!(dkk > 0)}>{w("ideas.cost_set")}</button>
    </form>
  );
}

/** Words of one's own become part of a measure that the model can work on. */
function AsMeasure({ idea }: { idea: Idea }) {
  const [measure, setMeasure] = useState("");
  const same = () => all.value?.ideas.find((each) => each.measure === measure && each.drawn.length === 0);
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!same() && !(await lead({ kind: "idea", measure, ...(idea.place ? { place: idea.place } : {}) }))) return;
    const into = same();
    if (into) await lead({ kind: "merge", into: into.id, from: idea.id });
  };
  return (
    <form class="inline" onSubmit={(event) => void make(event)}>
      <label>{w("ideas.as_measure")}
        <select value={measure} onChange={(event) => setMeasure(event.currentTarget.value)}>
          <option value="">{w("propose.none")}</option>
          {proposable().map((each) => <option key={each.id} value={each.id}>{nameOf(each)}</option>)}
        </select>
      </label>
      <button type="submit" disabled={!measure}>{w("ideas.as_measure_go")}</button>
    </form>
  );
}

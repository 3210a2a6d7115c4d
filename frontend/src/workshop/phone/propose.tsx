/** Proposing an idea: one's own words, a measure with its price and how it works, or a work drawn on the map. */
import { useState } from "preact/hooks";
import type { Drawn } from "../../api/types";
import { nameOf } from "../../text/text";
import { Districts } from "../parts/districts";
import { Loading } from "../parts/line";
import { proposable, Works } from "../parts/measure";
import { middle, told } from "../sketch";
import { city } from "../state";
import type { Given, State } from "../types";
import { kroner, w, type Word } from "../words";
import { Draw } from "./draw";
import { act, ideaDraft, workDraft } from "./session";
import { Write } from "./write";

const WAYS = ["own", "measure", "draw"] as const;
type Way = (typeof WAYS)[number];
const NAMES: Record<Way, Word> = { own: "propose.own", measure: "propose.measure", draw: "propose.draw" };

export function Propose({ now }: { now: State }) {
  const [way, setWay] = useState<Way>(workDraft.peek() ? "draw" : "own");
  const [measure, setMeasure] = useState("");
  const work = workDraft.value;
  const [place, setPlace] = useState("");
  const text = ideaDraft.value.trim();
  const there = way === "measure" && now.ideas.some((idea) => idea.measure === measure);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const centre = city.value?.districts.find((each) => each.id === place)?.centre;
    const action = ideaOf(way, text, measure, work, centre);
    if (!action || there) return;
    act(action);
    if (way !== "measure") ideaDraft.value = "";
    setMeasure("");
    if (way === "draw") workDraft.value = null;
    setPlace("");
  };
  return (
    <form onSubmit={send} class="propose">
      <fieldset>
        <legend>{w("propose.how")}</legend>
        {WAYS.map((each) => <label key={each}><input type="radio" name="way" checked={way === each} onChange={() => setWay(each)} /> {w(NAMES[each])}</label>)}
      </fieldset>
      {way !== "own" && <Loading />}
      {way === "measure" && <Measures id={measure} pick={setMeasure} there={there} />}
      {way === "draw" && <Draw work={work} set={(drawn) => (workDraft.value = drawn)} />}
      {way !== "measure" && <Write id="idea" label={w(way === "draw" ? "propose.why" : "propose.label")} draft={ideaDraft} />}
      {way !== "draw" && (
        <div class="field">
          <label for="place">{w("propose.place")}</label>
          <Districts id="place" none="propose.nowhere" value={place} pick={setPlace} />
        </div>
      )}
      <button type="submit" class="go wide" disabled={there || (way === "draw" && !work)}>{w("propose.send")}</button>
    </form>
  );
}

/** What is sent; a drawn work that nobody has put words to is told by what it is. Null: something lacks. */
function ideaOf(way: Way, text: string, measure: string, work: Drawn | null, centre: [number, number] | undefined): Given | null {
  const place = centre ? { place: centre } : {};
  if (way === "own") return text ? { kind: "idea", text, ...place } : null;
  if (way === "measure") return measure ? { kind: "idea", measure, ...place } : null;
  return work && { kind: "idea", text: text || told(work), drawn: [work], place: middle(work) };
}

function Measures({ id, pick, there }: { id: string; pick: (id: string) => void; there: boolean }) {
  const chosen = proposable().find((each) => each.id === id);
  return (
    <div class="field">
      <label for="measure">{w("propose.pick")}</label>
      <select id="measure" value={id} required onChange={(event) => pick(event.currentTarget.value)}>
        <option value="">{w("propose.none")}</option>
        {proposable().map((each) => <option key={each.id} value={each.id}>{nameOf(each)} – {kroner(each.cost)}</option>)}
      </select>
      <div aria-live="polite">
        {chosen && <Works key={id} measure={chosen} open />}
        {there && <p class="caution">{w("propose.there")}</p>}
      </div>
    </div>
  );
}

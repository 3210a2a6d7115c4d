/** Proposing an idea: one's own words, or a measure with its price and how it works; where, for who likes. */
import { useState } from "preact/hooks";
import { nameOf } from "../../text/text";
import { proposable, Works } from "../parts/measure";
import { city } from "../state";
import type { State } from "../types";
import { kroner, w } from "../words";
import { act, ideaDraft } from "./session";
import { Write } from "./write";

export function Propose({ now }: { now: State }) {
  const [own, setOwn] = useState(true);
  const [measure, setMeasure] = useState("");
  const [place, setPlace] = useState("");
  const text = ideaDraft.value.trim();
  const there = now.ideas.some((idea) => idea.measure === measure);
  const ready = own ? text !== "" : measure !== "" && !there;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    const centre = city.value?.districts.find((each) => each.id === place)?.centre;
    act({ kind: "idea", ...(own ? { text } : { measure }), ...(centre ? { place: centre } : {}) });
    if (own) ideaDraft.value = "";
    setMeasure("");
    setPlace("");
  };
  return (
    <form onSubmit={send} class="propose">
      <fieldset>
        <legend>{w("propose.how")}</legend>
        <label><input type="radio" name="own" checked={own} onChange={() => setOwn(true)} /> {w("propose.own")}</label>
        <label><input type="radio" name="own" checked={!own} onChange={() => setOwn(false)} /> {w("propose.measure")}</label>
      </fieldset>
      {own ? <Write id="idea" label={w("propose.label")} draft={ideaDraft} /> : <Measures id={measure} pick={setMeasure} there={there} />}
      <div class="field">
        <label for="place">{w("propose.place")}</label>
        <select id="place" value={place} onChange={(event) => setPlace(event.currentTarget.value)}>
          <option value="">{w("propose.nowhere")}</option>
          {city.value?.districts.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </select>
      </div>
      <button type="submit" class="go wide" disabled={!own && there}>{w("propose.send")}</button>
    </form>
  );
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
        {there && <p class="stop">{w("propose.there")}</p>}
      </div>
    </div>
  );
}

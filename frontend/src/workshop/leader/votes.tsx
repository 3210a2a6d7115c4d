/** The votes, which the leader sees before the others; and the rules, until somebody has voted. */
import { useState } from "preact/hooks";
import { decided } from "../decided";
import { Bars } from "../parts/bars";
import type { Everything } from "../types";
import { terms } from "../state";
import { count, inTongue, w } from "../words";
import { lead } from "./desk";

export function Votes({ now }: { now: Everything }) {
  const kind = now.rules.dots > 0 ? "dots" : "budget";
  const free = now.ideas.filter((idea) => idea.cost === null).length;
  return (
    <>
      <p role="status">{w("votes.voted", { n: now.voted[kind], of: now.people })}</p>
      <p class="aside">{w(now.tally === "open" ? "votes.open_note" : "votes.hidden_note")}</p>
      {free > 0 && <p class="caution">{count("votes.free_one", "votes.free", free)}</p>}
      <Bars voices={decided(now)} />
      <p class="aside">{inTongue(terms.value?.rule)}</p>
      {!now.closed && now.voted.budget + now.voted.dots === 0 && <Rules now={now} />}
    </>
  );
}

export function Rules({ now }: { now: Everything }) {
  const [millions, setMillions] = useState(String(now.rules.budget / 1e6).replace(".", ","));
  const [dots, setDots] = useState(String(now.rules.dots));
  const budget = Math.round(Number(millions.replace(",", ".")) * 1e6);
  const set = (event: SubmitEvent) => {
    event.preventDefault();
    void lead({ kind: "rules", budget, dots: Number(dots) });
  };
  return (
    <details class="group">
      <summary>{w("rules.title")}</summary>
      <form class="row" onSubmit={set}>
        <label>{w("rules.budget")}<input type="text" inputMode="decimal" value={millions} onInput={(event) => setMillions(event.currentTarget.value)} /></label>
        <label>{w("rules.way")}
          <select value={dots} onChange={(event) => setDots(event.currentTarget.value)}>
            <option value="0">{w("rules.money")}</option>
            {[1, 2, 3, 4, 5].map((n) => <option key={n} value={n}>{w("rules.dots", { n })}</option>)}
          </select>
        </label>
        <button type="submit" disabled={!(budget > 0)}>{w("rules.set")}</button>
      </form>
    </details>
  );
}

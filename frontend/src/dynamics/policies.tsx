/** Every policy with its level, its assumed cost and decay, and where it was read. */
import { nameOf, number, percent } from "../text/text";
import { levelsAt } from "./board";
import { outcome, told } from "./game";
import type { Policy } from "./types";
import { d, millions } from "./words";

export function Policies() {
  const all = told.value;
  if (all === null) return null;
  const levels = outcome.value ? levelsAt(outcome.value, outcome.value.years.length) : new Map<string, number>();
  return (
    <details class="policies">
      <summary>{d("policies.title", { n: all.policies.length })}</summary>
      <p>{d("policies.form")}</p>
      <p><code>dx/dt = (b / c) · e · (1 − x) − d · x,&ensp; e = 0.2 + 0.8 · x̄</code></p>
      <p>{d("policies.letters")}</p>
      {all.subs.map((sub) => (
        <section key={sub.id}>
          <h3>{sub.id} {nameOf(sub)}</h3>
          {sub.known.length === 0 ? <p>{d("steer.unread", { area: sub.id })}</p> : <ul>{all.policies.filter((each) => each.sub === sub.id).map((each) => <One key={each.code} policy={each} level={levels.get(each.code) ?? 0} />)}</ul>}
        </section>
      ))}
      <p>{d("policies.source")} <a href={all.sources["stages"] ?? ""} rel="noreferrer">smr-project.eu</a></p>
    </details>
  );
}

function One({ policy, level }: { policy: Policy; level: number }) {
  const [low, high] = policy.cost_range;
  return (
    <li>
      <b>{policy.code}</b> {nameOf(policy)}: {percent(level)}.{" "}
      <small>{d("policies.figures", { cost: millions(policy.cost), low: number(low), high: number(high), decay: percent(policy.decay) })}</small>
    </li>
  );
}

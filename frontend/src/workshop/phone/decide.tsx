/** Deciding: money to share out, or dots where the leader chose dots. What is set is kept at once. */
import { amount, dot, give, stepAt, stepOf, steps, total } from "../budget";
import { decided } from "../decided";
import { Bars } from "../parts/bars";
import type { Idea, State } from "../types";
import { terms } from "../state";
import { count, inTongue, kroner, w } from "../words";
import { act, mine, waiting } from "./session";

export function Decide({ now }: { now: State }) {
  if (now.ideas.length === 0) return <p>{w("ideas.none")}</p>;
  return (
    <>
      {now.rules.dots > 0 ? <Dots now={now} /> : <Money now={now} />}
      <details>
        <summary>{w("decide.rule")}</summary>
        <p>{inTongue(terms.value?.rule)}</p>
      </details>
      {now.tally === "open" && (
        <section aria-labelledby="votes">
          <h2 id="votes">{w("votes.title")}</h2>
          <Bars voices={decided(now)} />
        </section>
      )}
    </>
  );
}

const saved = (kind: "budget" | "dots"): string => (waiting.value.some((each) => each.kind === kind) ? w("decide.saving") : w("decide.saved"));

function Money({ now }: { now: State }) {
  const seen = now.ideas.map((idea) => idea.id);
  const spend = Object.fromEntries(Object.entries(mine.value?.budget ?? {}).filter(([id]) => seen.includes(id)));
  const { budget } = now.rules;
  const set = (idea: Idea, dkk: number) => act({ kind: "budget", spend: give(spend, idea.id, dkk, Math.floor(idea.cost ?? 0), budget) });
  const free = now.ideas.filter((idea) => idea.cost === null);
  return (
    <>
      <div class="purse">
        <p><strong>{w("decide.left", { left: kroner(budget - total(spend)), budget: kroner(budget) })}</strong></p>
        <progress max={budget} value={total(spend)} aria-label={w("decide.spent", { spent: kroner(total(spend)) })} />
        <p class="aside" role="status">{total(spend) > 0 ? saved("budget") : w("decide.auto")}</p>
      </div>
      <ul class="plain cards">
        {now.ideas.map((idea) => idea.cost !== null && <Purse key={idea.id} idea={idea} cost={Math.floor(idea.cost)} dear={idea.cost > budget} dkk={spend[idea.id] ?? 0} set={(dkk) => set(idea, dkk)} full={total(spend) >= budget} />)}
      </ul>
      {free.length > 0 && <p>{w("decide.no_cost", { ideas: free.map((idea) => idea.text).join("; ") })}</p>}
    </>
  );
}

type Given = { idea: Idea; cost: number; dear: boolean; dkk: number; set: (dkk: number) => void; full: boolean };

function Purse({ idea, cost, dear, dkk, set, full }: Given) {
  const at = stepAt(cost, dkk);
  const said = w("decide.of", { dkk: kroner(dkk), cost: kroner(cost) });
  // What does not lie on a step goes to the next one down or up.
  const down = amount(cost, Math.ceil(dkk / stepOf(cost)) - 1);
  const up = amount(cost, Math.floor(dkk / stepOf(cost)) + 1);
  return (
    <li class="card">
      <p id={`text-${idea.id}`}>{idea.text}</p>
      <p class="given">{said}</p>
      {dear && <p class="aside">{w("decide.dear")}</p>}
      <div class="stepper">
        <button type="button" aria-label={w("decide.less", { idea: idea.text })} disabled={dkk <= 0} onClick={() => set(Math.max(0, down))}>−</button>
        <input type="range" min={0} max={steps(cost)} step={1} value={at} aria-labelledby={`text-${idea.id}`} aria-valuetext={said} onChange={(event) => set(amount(cost, Number(event.currentTarget.value)))} />
        <button type="button" aria-label={w("decide.more", { idea: idea.text })} disabled={full || dkk >= cost} onClick={() => set(up)}>+</button>
      </div>
    </li>
  );
}

function Dots({ now }: { now: State }) {
  const most = now.rules.dots;
  const dots = (mine.value?.dots ?? []).filter((id) => now.ideas.some((idea) => idea.id === id));
  const set = (idea: string, more: boolean) => act({ kind: "dots", ideas: dot(dots, idea, more, most) });
  return (
    <>
      <div class="purse">
        <p><strong>{count("decide.dot_left", "decide.dots_left", most - dots.length)}</strong></p>
        <p class="aside" role="status">{dots.length ? saved("dots") : w("decide.auto")}</p>
      </div>
      <ul class="plain cards">
        {now.ideas.map((idea) => {
          const held = dots.filter((id) => id === idea.id).length;
          return (
            <li key={idea.id} class="card">
              <p>{idea.text}</p>
              <p class="aside">{idea.cost === null ? w("idea.no_cost") : w("idea.cost", { cost: kroner(idea.cost) })}</p>
              <div class="stepper dots">
                <button type="button" aria-label={w("decide.less", { idea: idea.text })} disabled={held === 0} onClick={() => set(idea.id, false)}>−</button>
                <p><span aria-hidden="true">{"●".repeat(held)}{"○".repeat(held ? 0 : 1)}</span> {count("votes.dot", "votes.dots", held)}</p>
                <button type="button" aria-label={w("decide.more", { idea: idea.text })} disabled={dots.length >= most} onClick={() => set(idea.id, true)}>+</button>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

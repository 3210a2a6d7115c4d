/** Added value: which other good does an idea do on ordinary days. */
import { state, terms } from "../state";
import type { Idea, State } from "../types";
import { count, named, w } from "../words";
import { act, mine } from "./session";

export function Goods({ now }: { now: State }) {
  if (now.ideas.length === 0) return <p>{w("ideas.none")}</p>;
  return (
    <div class="goods">
      {now.ideas.map((idea, place) => <One key={idea.id} idea={idea} first={place === 0} />)}
    </div>
  );
}

function One({ idea, first }: { idea: Idea; first: boolean }) {
  const held = mine.value?.goods[idea.id] ?? [];
  return (
    <details class="card" open={first}>
      <summary>
        <strong>{idea.text}</strong> <small>{held.length ? count("goods.chosen_one", "goods.chosen", held.length) : w("goods.choose")}</small>
      </summary>
      <fieldset class="chips">
        <legend>{w("goods.legend")}</legend>
        {terms.value?.goods.map((good) => (
          <label key={good.id} class={held.includes(good.id) ? "chip on" : "chip"}>
            <input type="checkbox" checked={held.includes(good.id)} disabled={state.value?.closed ?? false} onChange={(event) => act({ kind: "good", idea: idea.id, good: good.id, on: event.currentTarget.checked })} />
            <span>{named(terms.value?.goods, good.id)}</span>
            {idea.goods[good.id] ? <small>{idea.goods[good.id]}</small> : null}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** The ideas on the wall with their support and price; in the round of added value with the good they do. */
import { terms } from "../state";
import type { Idea, State } from "../types";
import { count, kroner, named, w } from "../words";
import { Fit } from "./fit";

export function IdeaWall({ now }: { now: State }) {
  if (now.ideas.length === 0) return <p class="question">{now.question}</p>;
  const goods = now.round === "added_value";
  const ideas = [...now.ideas].sort((a, b) => b.support - a.support);
  return (
    <Fit items={ideas}>
      {(shown) => (
        <ul class="plain columns">
          {shown.map((idea) => (
            <li key={idea.id} class="note">
              {idea.text}
              {goods ? <Good idea={idea} /> : <p class="under">{[idea.support ? count("ideas.supporter", "ideas.supporters", idea.support) : "", idea.cost === null ? "" : kroner(idea.cost)].filter(Boolean).join(" · ")}</p>}
            </li>
          ))}
        </ul>
      )}
    </Fit>
  );
}

function Good({ idea }: { idea: Idea }) {
  const goods = Object.entries(idea.goods).sort((a, b) => b[1] - a[1]);
  if (goods.length === 0) return <p class="under">{w("screen.no_goods")}</p>;
  return <p class="under">{goods.map(([id, n]) => <strong class="tag" key={id}>{named(terms.value?.goods, id)} {n}</strong>)}</p>;
}

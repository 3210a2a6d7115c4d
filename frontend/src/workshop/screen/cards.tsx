/** The challenges on the wall, group by group; the newest loose ones first. */
import { Fit } from "./fit";
import type { Card, State } from "../types";
import { w } from "../words";

export function CardWall({ now }: { now: State }) {
  if (now.cards.length === 0) return <p class="question">{now.question}</p>;
  const grouped = now.groups.flatMap((group) => now.cards.filter((card) => card.group === group));
  const loose = [...now.cards.filter((card) => card.group === null)].reverse();
  return (
    <Fit items={[...grouped, ...loose]}>
      {(cards) => (
        <div class="columns">
          {[...now.groups, null].map((group) => <Group key={group} name={group ?? (now.groups.length ? w("cards.loose") : null)} cards={cards.filter((card) => card.group === group)} />)}
        </div>
      )}
    </Fit>
  );
}

function Group({ name, cards }: { name: string | null; cards: Card[] }) {
  if (cards.length === 0) return null;
  return (
    <section>
      {name !== null && <h2>{name}</h2>}
      <ul class="plain">
        {cards.map((card) => (
          <li key={card.id} class="note">
            {card.text}
            {card.stars > 0 && <strong class="tag">★ {card.stars}</strong>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Challenges: write cards, read those of the others, give stars. */
import type { Card, State } from "../types";
import { count, w } from "../words";
import { act, cardDraft, mine, waiting } from "./session";
import { Waiting, Write } from "./write";

export function Cards({ now }: { now: State }) {
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const text = cardDraft.value.trim();
    if (!text) return;
    act({ kind: "card", text });
    cardDraft.value = "";
  };
  const left = now.rules.stars - now.cards.filter((card) => mine.value?.stars.includes(card.id)).length;
  return (
    <>
      <form onSubmit={send}>
        <Write id="card" label={w("cards.label")} draft={cardDraft} />
        <button type="submit" class="go wide">{w("cards.send")}</button>
      </form>
      <Waiting texts={waiting.value.flatMap((each) => (each.kind === "card" ? [each.text] : []))} />
      <section aria-labelledby="all-cards">
        <h2 id="all-cards">{w("cards.all", { n: now.cards.length })}</h2>
        {now.rules.stars > 0 && <p aria-live="polite">{count("cards.star_left", "cards.stars_left", Math.max(0, left))}</p>}
        {now.cards.length === 0 && <p>{w("cards.none")}</p>}
        {now.groups.map((group) => <Group key={group} name={group} cards={now.cards.filter((card) => card.group === group)} left={left} stars={now.rules.stars > 0} />)}
        <Group name={now.groups.length ? w("cards.loose") : null} cards={now.cards.filter((card) => card.group === null)} left={left} stars={now.rules.stars > 0} />
      </section>
    </>
  );
}

function Group({ name, cards, left, stars }: { name: string | null; cards: Card[]; left: number; stars: boolean }) {
  if (cards.length === 0) return null;
  return (
    <>
      {name !== null && <h3>{name}</h3>}
      <ul class="plain cards">
        {[...cards].reverse().map((card) => {
          const on = mine.value?.stars.includes(card.id) ?? false;
          return (
            <li key={card.id} class="card">
              <p id={`text-${card.id}`}>{card.text}</p>
              {stars && (
                <button type="button" class="star" aria-pressed={on} aria-describedby={`text-${card.id}`} disabled={!on && left <= 0} onClick={() => act({ kind: "star", card: card.id, on: !on })}>
                  {on ? "★" : "☆"} {w("cards.star")} · {card.stars}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

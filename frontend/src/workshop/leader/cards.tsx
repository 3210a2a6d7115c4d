/** The cards: put into groups by choosing, hidden, shown again; the leader may write one too. */
import { useState } from "preact/hooks";
import { terms } from "../state";
import type { Card, Everything, Hidden } from "../types";
import { count, w } from "../words";
import { lead, pick, picked } from "./desk";

export function Cards({ now }: { now: Everything }) {
  const loose = now.cards.filter((card) => card.group === null);
  return (
    <>
      {now.round === "challenges" && !now.closed && <Write />}
      {now.cards.length === 0 ? <p>{w("cards.none")}</p> : <Grouping now={now} />}
      {[...now.groups.map((name) => ({ name, cards: now.cards.filter((card) => card.group === name) })), { name: w("cards.loose"), cards: loose }].map(
        ({ name, cards }) => cards.length > 0 && <Group key={name} name={name} cards={cards} />,
      )}
      <Veiled what="card" hidden={now.hidden.cards} />
    </>
  );
}

function Group({ name, cards }: { name: string; cards: Card[] }) {
  return (
    <section class="group">
      <h3>{name} <small>{cards.length}</small></h3>
      <ul class="plain">
        {cards.map((card) => (
          <li key={card.id} class="line-item">
            <label><input type="checkbox" checked={picked.value.includes(card.id)} onChange={(event) => pick(card.id, event.currentTarget.checked)} /> {card.text}</label>
            <span class="aside">★ {card.stars}<span class="heard"> {w("cards.star")}</span></span>
            <button type="button" aria-label={w("leader.hide_what", { what: card.text })} onClick={() => void lead({ kind: "hide", what: "card", id: card.id })}>{w("leader.hide")}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A list in parts of at most `most`: so many cards can be moved by one action, and undone by one. */
const chunks = <T,>(list: T[], most: number): T[][] => Array.from({ length: Math.ceil(list.length / most) }, (_, k) => list.slice(k * most, (k + 1) * most));

const NEW = "\n"; // no group can be called so

function Grouping({ now }: { now: Everything }) {
  const cards = picked.value.filter((id) => now.cards.some((card) => card.id === id));
  const [group, setGroup] = useState(NEW);
  const [name, setName] = useState("");
  const into = group === NEW || !now.groups.includes(group) ? name.trim() : group;
  const put = async (where: string | null) => {
    const done = await lead(...chunks(cards, terms.value?.limits.cards ?? 100).map((some) => ({ kind: "group" as const, cards: some, group: where })));
    if (!done) return;
    picked.value = [];
    setName("");
    if (where) setGroup(where);
  };
  return (
    <form class="bar-of-work" onSubmit={(event) => (event.preventDefault(), void put(into))}>
      <p role="status">{cards.length ? count("leader.picked_one", "leader.picked", cards.length) : w("cards.pick_hint")}</p>
      <label>{w("cards.group")}
        <select value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
          <option value={NEW}>{w("cards.new_group")}</option>
          {now.groups.map((each) => <option key={each} value={each}>{each}</option>)}
        </select>
      </label>
      {(group === NEW || !now.groups.includes(group)) && (
        <label>{w("cards.group_name")}
          <input type="text" value={name} maxLength={60} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
      )}
      <button type="submit" class="go" disabled={!cards.length || !into}>{w("cards.put")}</button>
      <button type="button" disabled={!cards.length} onClick={() => void put(null)}>{w("cards.take_out")}</button>
    </form>
  );
}

function Write() {
  const [text, setText] = useState("");
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() && (await lead({ kind: "card", text: text.trim() }))) setText("");
  };
  return (
    <form class="inline" onSubmit={(event) => void send(event)}>
      <label>{w("cards.for_others")}<input type="text" value={text} maxLength={280} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <button type="submit" disabled={!text.trim()}>{w("cards.send")}</button>
    </form>
  );
}

/** What is taken from the screens, to be brought back. */
export function Veiled({ what, hidden }: { what: "card" | "idea"; hidden: Hidden[] }) {
  if (hidden.length === 0) return null;
  return (
    <details class="group">
      <summary>{w("leader.hidden", { n: hidden.length })}</summary>
      <ul class="plain">
        {hidden.map((each) => (
          <li key={each.id} class="line-item">
            <span>{each.text}</span>
            <button type="button" aria-label={w("leader.show_what", { what: each.text })} onClick={() => void lead({ kind: "show", what, id: each.id })}>{w("leader.show")}</button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The last things done, each to be undone, and what is undone to be done again. */
import { roundName } from "../state";
import type { Done, Everything, Round } from "../types";
import { count, locale, w, type Word } from "../words";
import { lead } from "./desk";

const KINDS: Record<string, Word> = {
  card: "log.card", idea: "log.idea", round: "log.round", timer: "log.timer", group: "log.group", merge: "log.merge",
  hide: "log.hide", show: "log.show", rules: "log.rules", plan: "log.plan", cost: "log.cost", tally: "log.tally", simulate: "log.simulate", close: "log.close",
};
const MOST = 40;

export function Log({ now }: { now: Everything }) {
  const done = [...now.log.filter((each) => each.kind in KINDS)].reverse().slice(0, MOST);
  if (done.length === 0) return <p>{w("log.none")}</p>;
  return (
    <ol class="plain log">
      {done.map((each) => {
        const back = now.log.findLast((other) => other.kind === "undo" && other.data.seq === each.seq && !other.undone);
        const words = told(each, now);
        return (
          <li key={each.seq} class="line-item">
            <span class="aside">{clockOf(each.at)}</span>
            <span>{each.undone ? <s>{words}</s> : words} {each.undone && <em>{w("log.undone")}</em>}</span>
            {each.undone
              ? back && <button type="button" aria-label={w("log.redo_what", { what: words })} onClick={() => void lead({ kind: "undo", seq: back.seq })}>{w("log.redo")}</button>
              : <button type="button" aria-label={w("log.undo_what", { what: words })} onClick={() => void lead({ kind: "undo", seq: each.seq })}>{w("log.undo")}</button>}
          </li>
        );
      })}
    </ol>
  );
}

function wordOf({ kind, data }: Done): Word {
  if (kind === "tally" && !data.open) return "log.tally_hide";
  return kind === "group" && data.group === null ? "log.group_out" : KINDS[kind]!;
}

const clockOf = (at: string): string => new Date(at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

/** One thing done in words: what, and to which card or idea. */
function told(each: Done, now: Everything): string {
  const { data } = each;
  const text = (id: unknown) => [...now.cards, ...now.ideas, ...now.hidden.cards, ...now.hidden.ideas].find((one) => one.id === id)?.text ?? logText(id, now) ?? String(id);
  const about = [data.card, data.into, data.id, data.idea].find((id) => typeof id === "string");
  const what = typeof data.text === "string" ? data.text : each.kind === "round" ? roundName(data.name as Round) : about === undefined ? "" : text(about);
  const words = w(wordOf(each), { group: String(data.group ?? "") });
  if (Array.isArray(data.cards)) return `${words}: ${data.cards.length === 1 ? text(data.cards[0]) : count("log.card_one", "log.cards", data.cards.length)}`;
  return what ? `${words}: ${what}` : words;
}

const logText = (id: unknown, now: Everything): string | undefined => {
  const made = now.log.find((each) => (each.kind === "card" || each.kind === "idea") && each.data.id === id);
  return typeof made?.data.text === "string" ? made.data.text : undefined;
};

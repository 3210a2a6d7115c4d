/** What the last round did: what is in place, where the money went, and what was bought before its time. */
import { nameOf, number, percent } from "../text/text";
import { tooEarly } from "./board";
import { outcome, played, ROUNDS, told } from "./game";
import type { Early, PeriodTold } from "./types";
import { d, millions, type Word } from "./words";

const PARTS: { part: "progress" | "upkeep" | "repeated" | "order"; word: Word }[] = [
  { part: "progress", word: "money.progress" },
  { part: "upkeep", word: "money.upkeep" },
  { part: "repeated", word: "money.repeated" },
  { part: "order", word: "money.order" },
];

export function Happened() {
  const now = outcome.value;
  const last = now?.indicators.at(-1);
  const period = now?.periods.at(-1);
  if (!now || !last || !period) return null;
  return (
    <div class="happened">
      <h2>{d("happened.title", { n: played.value.length, of: ROUNDS })}</h2>
      <p role="status">{d("happened.said", { adopted: number(Math.round(last.adopted * now.policies.length)), all: now.policies.length, median: stageName(last.stage_median), lowest: stageName(last.stage_lowest), lost: millions(period.order), spent: millions(period.spent) })}</p>
      <p class="aside">{d("happened.counted", { areas: now.counted.join(", ") })}</p>
      <table class="accounts">
        <caption>{d("money.caption", { first: period.first, last: period.last })}</caption>
        <tbody>
          {PARTS.map(({ part, word }) => <tr key={part}><th scope="row">{d(word)}</th><td>{millions(period[part])}</td></tr>)}
          <tr class="sum"><th scope="row">{d("money.spent")}</th><td>{millions(period.spent)}</td></tr>
        </tbody>
      </table>
      <TooEarly period={period} />
    </div>
  );
}

function TooEarly({ period }: { period: PeriodTold }) {
  const worst = tooEarly(period).slice(0, 3);
  if (worst.length === 0) return <p>{d("early.none")}</p>;
  return (
    <>
      <h3>{d("early.title")}</h3>
      <ul class="plain early">{worst.map((each) => <li key={each.code}>{early(each)}</li>)}</ul>
    </>
  );
}

function early(each: Early): string {
  const policy = told.value?.policies.find((one) => one.code === each.code);
  const stage = told.value?.stages.find((one) => one.id === each.before[0]?.[2]);
  return d("early.one", { code: each.code, name: policy ? nameOf(policy) : "", lost: millions(each.lost), area: each.code.slice(0, 2), stage: stage ? nameOf(stage) : "", ready: percent(each.ready) });
}

/** A stage by its number: 0 none, 1 the first; between two of them both are told. */
export function stageName(number_: number): string {
  const at = (place: number): string => {
    const stage = told.value?.stages[place - 1];
    return stage ? nameOf(stage) : d("stage.none");
  };
  const low = Math.floor(number_);
  return low === number_ ? at(low) : d("stage.between", { low: at(low), high: at(low + 1) });
}

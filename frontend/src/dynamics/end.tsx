/** The end: the plan beside the best way found, stage by stage, and what it would mean in the city model. */
import { nameOf, number, percent } from "../text/text";
import { outcome, played, told } from "./game";
import { stageName } from "./happened";
import { toml } from "./split";
import type { Compared, Outcome, StageId } from "./types";
import { d } from "./words";

export function End() {
  const now = outcome.value;
  if (!now?.comparison) return null;
  const found = now.comparison;
  const part = (score: number) => (found.best > 0 ? score / found.best : 1);
  const bars = [
    { name: d("end.you"), part: part(found.score), mine: true },
    { name: d("end.order"), part: part(found.road_map), mine: false },
    { name: d("end.even"), part: part(found.even), mine: false },
    { name: d("end.best"), part: 1, mine: false },
  ];
  return (
    <section aria-labelledby="end" class="end">
      <h2 id="end">{d("end.title")}</h2>
      <p class="verdict">{d("end.verdict", { share: percent(found.share) })}</p>
      <p>{d("end.score")}</p>
      <ul class="plain bars">
        {bars.map((each) => (
          <li key={each.name} class={each.mine ? "mine" : ""}>
            <p>{each.name} <b>{percent(each.part)}</b></p>
            <div class="bar" aria-hidden="true"><i style={{ width: `${100 * each.part}%` }} /></div>
          </li>
        ))}
      </ul>
      <Both now={now} found={found} />
      <Stages now={now} />
      <Levers now={now} />
      <details>
        <summary>{d("end.file")}</summary>
        <p>{d("end.file_hint")} <code>genrejs dynamics PLAN.toml</code></p>
        <pre tabIndex={0}>{toml(told.value?.defaults.first_year ?? 0, played.value)}</pre>
      </details>
    </section>
  );
}

/** More than one figure: what the score leaves out. */
function Both({ now, found }: { now: Outcome; found: Compared }) {
  const last = now.indicators.at(-1);
  if (!last) return null;
  return (
    <table>
      <caption>{d("end.both")}</caption>
      <thead><tr><th scope="col">{d("end.figure")}</th><th scope="col">{d("end.you")}</th><th scope="col">{d("end.best")}</th></tr></thead>
      <tbody>
        <tr><th scope="row">{d("end.adopted")}</th><td>{percent(last.adopted)}</td><td>{percent(found.best_adopted)}</td></tr>
        <tr><th scope="row">{d("end.median")}</th><td>{stageName(last.stage_median)}</td><td>{stageName(found.best_median)}</td></tr>
        <tr><th scope="row">{d("end.lowest")}</th><td>{stageName(last.stage_lowest)}</td><td>{stageName(found.best_lowest)}</td></tr>
      </tbody>
    </table>
  );
}

function Stages({ now }: { now: Outcome }) {
  const stages = told.value?.stages ?? [];
  const row = (name: string, money: Record<StageId, number>) => {
    const all = stages.reduce((sum, each) => sum + money[each.id], 0);
    return <tr key={name}><th scope="row">{name}</th>{stages.map((each) => <td key={each.id}>{all > 0 ? percent(money[each.id] / all) : "–"}</td>)}</tr>;
  };
  return (
    <table>
      <caption>{d("end.stages")}</caption>
      <thead><tr><th scope="col">{d("end.years")}</th>{stages.map((each) => <th scope="col" key={each.id}><abbr title={nameOf(each)}>{each.id}</abbr></th>)}</tr></thead>
      <tbody>
        {now.periods.flatMap((period) => [
          row(d("end.your_years", { first: period.first, last: period.last }), period.by_stage),
          ...(period.best_by_stage ? [row(d("end.best_years", { first: period.first, last: period.last }), period.best_by_stage)] : []),
        ])}
      </tbody>
    </table>
  );
}

function Levers({ now }: { now: Outcome }) {
  const shown = (value: number, unit: string) => (unit === "share" ? percent(value) : unit === "h" ? d("lever.hours", { n: number(value, 1) }) : number(value));
  return (
    <table>
      <caption>{d("lever.caption")}</caption>
      <thead><tr><th scope="col">{d("lever.what")}</th><th scope="col">{d("lever.without")}</th><th scope="col">{d("lever.now")}</th></tr></thead>
      <tbody>
        {now.levers.map((each) => (
          <tr key={each.name}><th scope="row">{nameOf(each)}<small> {each.policies.join(", ")}</small></th><td>{shown(each.without, each.unit)}</td><td>{shown(each.now, each.unit)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

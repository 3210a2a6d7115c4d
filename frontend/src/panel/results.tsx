/** What came of a run: figures that say where they are from, the curve, who is hit; and two runs side by side. */
import { current, LETTERS, other, pair, runs, shown, type Run } from "../model/state";
import type { Answer } from "../api/types";
import { days, money, number, percent, rough, t, titleOf, type Key } from "../text/text";
import { Made } from "../ui/constructed";
import { Curve } from "./curve";
import { Groups, Places, Services } from "./hit";

type Row = { key: Key; note: Key; of: (answer: Answer) => string; range?: (answer: Answer) => string };
const ROWS: Row[] = [
  { key: "figure.area", note: "figure.area_note", of: ({ figures }) => t("unit.hectares", { n: number(figures.flooded_area_m2 / 1e4) }) },
  { key: "figure.buildings", note: "figure.buildings_note", of: ({ figures }) => t("unit.houses", { n: number(figures.buildings_flooded) }) },
  { key: "figure.people", note: "figure.people_note", of: ({ figures }) => t("unit.people", { n: number(figures.residents_in_wet_homes) }) },
  { key: "figure.damage", note: "figure.damage_note", of: ({ figures }) => money(figures.damage_dkk), range: ({ figures }) => range(figures) },
  { key: "figure.days", note: "figure.days_note", of: ({ figures }) => t("unit.days", { n: number(rough(figures.person_days_without_service)) }) },
  { key: "figure.withstand", note: "figure.withstand_note", of: ({ figures }) => percent(figures.withstand) },
  { key: "figure.back", note: "figure.back_note", of: ({ figures }) => (figures.censored ? t("figure.more", { n: days(figures.bounce_back_days) }) : figures.bounce_back_days > 0 ? days(figures.bounce_back_days) : t("figure.never_down")) },
  { key: "figure.cost", note: "figure.cost_note", of: ({ cost_dkk }) => money(cost_dkk) },
];

function range(figures: Answer["figures"]): string {
  const { damage_dkk_p05: low, damage_dkk_p95: high } = figures;
  return low !== null && high !== null && high > 0 ? t("figure.range", { low: money(low), high: money(high) }) : "";
}

export function Results() {
  const run = current.value;
  const both = pair.value;
  const done = runs.value.filter((each) => each.answer);
  return (
    <section class="results" aria-label={t("result.title")}>
      {run?.answer?.constructed && <Made words="made.figures" />}
      {run?.answer && <Table runs={both ?? [run]} />}
      {run?.answer && <Curve answers={(both ?? [run]).map((each) => each.answer!)} />}
      {run?.answer && (
        <>
          <Services answer={run.answer} />
          <Places answer={run.answer} />
          <Groups answer={run.answer} />
        </>
      )}
      {done.length > 1 && <Kept done={done} />}
    </section>
  );
}

export function runName(run: Run): string {
  const answer = run.answer!;
  const parts = [titleOf(answer.event), answer.year ? String(answer.year) : "", answer.cost_dkk > 0 ? money(answer.cost_dkk) : ""];
  return parts.filter(Boolean).join(" · ");
}

function Table({ runs: each }: { runs: Run[] }) {
  return (
    <table class="figures">
      <caption>{each.length > 1 ? t("compare.title") : titleOf(each[0]!.answer!.event)}</caption>
      {each.length > 1 && (
        <thead>
          <tr>
            <td />
            {each.map((run, k) => <th scope="col" key={run.id}><span class={`line line-${LETTERS[k]}`}>{LETTERS[k]}</span> {runName(run)}</th>)}
          </tr>
        </thead>
      )}
      <tbody>
        {ROWS.map(({ key, note, of, range }) => (
          <tr key={key}>
            <th scope="row">
              <details>
                <summary>{t(key)}</summary>
                <p>{t(note)}</p>
              </details>
            </th>
            {each.map((run) => <td key={run.id}>{of(run.answer!)}{range?.(run.answer!) && <small>{range(run.answer!)}</small>}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Kept({ done }: { done: Run[] }) {
  return (
    <fieldset class="kept">
      <legend>{t("result.runs")}</legend>
      {done.map((run) => (
        <div key={run.id} class="row">
          <button type="button" aria-pressed={shown.value === run.id} onClick={() => (shown.value = run.id)}>{runName(run)}</button>
          <label>
            <input type="checkbox" checked={other.value === run.id} disabled={shown.value === run.id} onChange={(e) => (other.value = e.currentTarget.checked ? run.id : null)} /> {t("compare.with")}
          </label>
        </div>
      ))}
    </fieldset>
  );
}

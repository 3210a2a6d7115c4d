/** What a run says: the same figures without the ideas and with them. */
import { titleOf } from "../../text/text";
import { city, state } from "../state";
import type { Hit, Run } from "../types";
import { about, number, w, type Word } from "../words";

const FIGURES: { id: string; word: Word; money?: true }[] = [
  { id: "buildings_flooded", word: "figure.buildings" },
  { id: "residents_in_wet_homes", word: "figure.people" },
  { id: "damage_dkk", word: "figure.damage", money: true },
  { id: "person_days_without_service", word: "figure.days" },
];
const LOCAL: { id: Exclude<keyof Hit, "id">; word: Word }[] = [
  { id: "buildings_flooded", word: "figure.buildings" },
  { id: "residents_wet", word: "figure.people" },
  { id: "person_days", word: "figure.days" },
];

export const eventTitle = (name: string): string => {
  const event = city.value?.events.find((each) => each.name === name);
  return event ? titleOf(event) : name;
};

export const ideaTexts = (ids: string[]): string[] => ids.map((id) => state.value?.ideas.find((idea) => idea.id === id)?.text).filter((text) => text !== undefined);

type Row = { word: Word; dkk: boolean; without: number | null; with: number | null; said: (value: number) => string };
const told = (value: unknown): number | null => (typeof value === "number" ? value : null);

export function Effect({ run, wide = false }: { run: Run; wide?: boolean }) {
  const base = run.before;
  const rows = FIGURES.map(({ id, word, money: dkk }) => ({ word, dkk: dkk === true, without: told(base?.figures[id]), with: told(run.figures?.[id]), said: dkk ? about : (value: number) => number(value) }));
  return <Compared run={run} caption={w("effect.city")} rows={rows} wide={wide} />;
}

export function LocalEffect({ run, district }: { run: Run; district: string }) {
  const now = run.districts.find((each) => each.id === district);
  const base = run.before?.districts.find((each) => each.id === district);
  const place = city.value?.districts.find((each) => each.id === district)?.name ?? district;
  if (!now) return null;
  const rows = LOCAL.map(({ id, word }) => ({ word, dkk: false, without: told(base?.[id]), with: told(now[id]), said: (value: number) => number(value) }));
  return <Compared run={run} caption={w("effect.district", { place })} rows={rows} />;
}

/** `wide`: the difference has a column of its own. */
function Compared({ run, caption, rows, wide = false }: { run: Run; caption: string; rows: Row[]; wide?: boolean }) {
  const many = run.ideas.length > 1;
  return (
    <div class="effect">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{w(many ? "effect.withouts" : "effect.without")}</th>
            <th scope="col">{w(many ? "effect.withs" : "effect.with")}</th>
            {wide && <th scope="col">{w("effect.change")}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.word}>
              <th scope="row">{w(row.word)}</th>
              <td>{row.without === null ? "–" : row.said(row.without)}</td>
              <td>
                {row.with === null ? "–" : row.said(row.with)}
                {!wide && <Change row={row} />}
              </td>
              {wide && <td><Change row={row} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
      {run.constructed !== false && <p class="aside">{w("effect.constructed")}</p>}
    </div>
  );
}

/** The difference in words: all these figures are the better the lower. */
function Change({ row }: { row: Row }) {
  if (row.without === null || row.with === null) return null;
  const less = row.without - row.with;
  const size = row.said(Math.abs(less));
  if (size === row.said(0)) return <span class="change same">{w("effect.same")}</span>;
  const words: [Word, Word] = row.dkk ? ["effect.less", "effect.more"] : ["effect.fewer", "effect.extra"];
  return <span class={less > 0 ? "change better" : "change worse"}>{w(words[less > 0 ? 0 : 1], { n: size })}</span>;
}

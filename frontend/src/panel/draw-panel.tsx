/** Draw a wall, a basin or a rain bed on the map; its price follows at once. */
import { useSignal } from "@preact/signals";
import type { DrawnKind, Place } from "../api/types";
import { KINDS, least, workOf } from "../map/work";
import { city, cost, mode, points, works } from "../model/state";
import { money, number, t } from "../text/text";
import { From } from "../ui/source";
import { Slider } from "../ui/slider";

export function DrawPanel() {
  const kind = useSignal<DrawnKind>("wall");
  const figure = useSignal(1.5);
  const typed = useSignal("");
  const price = city.value!.drawn.find((each) => each.kind === kind.value)!;
  const drawing = mode.value === kind.value;
  const enough = points.value.length >= least(kind.value);
  const finish = () => {
    const work = workOf(kind.value, points.value, figure.value);
    if (work) works.value = [...works.value, work];
    stop();
  };
  const stop = () => {
    points.value = [];
    mode.value = "look";
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key === "Escape") stop();
    if (e.key === "Enter" && e.target instanceof HTMLButtonElement && enough && drawing) finish();
  };
  return (
    <div onKeyDown={keys}>
      <fieldset class="kinds">
        <legend>{t("draw.what")}</legend>
        {KINDS.map((each) => (
          <label key={each}>
            <input type="radio" name="draw" checked={kind.value === each} onChange={() => { kind.value = each; stop(); }} /> {t(`draw.${each}`)}
          </label>
        ))}
      </fieldset>
      {kind.value !== "rain_bed" && <Slider id="figure" label={t(kind.value === "wall" ? "draw.height" : "draw.depth")} value={figure.value} min={price.limits[0]} max={price.limits[1]} step={0.1} said={t("unit.metres", { n: number(figure.value, 1) })} input={(value) => (figure.value = value)} />}
      <div class="row">
        <button type="button" aria-pressed={drawing} onClick={() => (drawing ? stop() : (mode.value = kind.value))}>{t(drawing ? "draw.cancel" : "draw.start")}</button>
        <button type="button" disabled={!enough} onClick={finish}>{t("draw.finish")}</button>
        <button type="button" disabled={!points.value.length} onClick={() => (points.value = points.value.slice(0, -1))}>{t("draw.undo")}</button>
      </div>
      <p class="aside" aria-live="polite">{drawing ? t("draw.hint", { n: points.value.length }) : <>{t("draw.price", { n: money(price.unit_cost), unit: t(unit(price.unit)) })} <From text={price.source} /></>}</p>
      <details>
        <summary>{t("draw.typed")}</summary>
        <label class="field">
          {t("draw.typed_label")}
          <textarea rows={4} value={typed.value} onInput={(e) => (typed.value = e.currentTarget.value)} />
        </label>
        <button type="button" onClick={() => (points.value = read(typed.value))}>{t("draw.typed_use")}</button>
      </details>
      <ul class="plain works">
        {works.value.map((work, k) => (
          <li key={k}>
            {t(`draw.${work.kind}`)}: {money(cost(work))}
            <button type="button" aria-label={t("draw.remove", { what: t(`draw.${work.kind}`) })} onClick={() => (works.value = works.value.filter((_, n) => n !== k))}>×</button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function unit(name: string) {
  return name === "m3" ? "unit.m3" : "unit.m2";
}

/** Longitude and latitude, one pair a line. */
export function read(text: string): Place[] {
  const rows = text.split("\n").map((row) => row.match(/-?\d+(?:[.,]\d+)?/g)?.map((part) => Number(part.replace(",", "."))) ?? []);
  return rows.filter((row) => row.length === 2 && row.every(Number.isFinite)).map((row) => [row[0]!, row[1]!]);
}

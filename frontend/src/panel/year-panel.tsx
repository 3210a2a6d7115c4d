/** The year that the event comes in: what is different then, and where each figure is from. */
import type { Climate } from "../api/types";
import { city, variables, year } from "../model/state";
import { number, percent, t, type Key } from "../text/text";
import { Slider } from "../ui/slider";
import { Source } from "../ui/source";

const FROM: Record<string, Key> = { sea_rise: "year.of_sea", rain_factor: "year.of_rain", river_factor: "year.of_river", town_residents: "year.of_people" };

export function YearPanel() {
  const now = city.value!;
  const at = year.value ?? now.years.first;
  const state = nearest(now.climate, at);
  return (
    <>
      <Slider id="year" label={t("year.label")} value={at} min={now.years.first} max={now.years.last} step={5} said={String(at)} input={(value) => (year.value = value === now.years.first ? null : value)} />
      {year.value === null ? <p>{t("year.same", { year: now.years.first })}</p> : <Changes state={state} people={nearest(now.climate, now.years.now).residents} />}
      <details>
        <summary>{t("year.sources")}</summary>
        {variables.value.map((each) => FROM[each.name] && <p class="aside" key={each.name}>{t(FROM[each.name]!)} <Source text={each.source} /></p>)}
      </details>
      <p class="aside">{t("year.note")}</p>
    </>
  );
}

function Changes({ state, people }: { state: Climate; people: number | null }) {
  const first = city.value!.years.first;
  return (
    <ul class="changes" aria-live="polite">
      <li>{t("year.sea", { n: number(state.sea_rise, 2), year: first })}</li>
      <li>{t("year.rain", { n: percent(state.rain_factor - 1) })}</li>
      <li>{t("year.river", { n: percent(state.river_factor - 1) })}</li>
      <li>{grown(state.residents, people)}</li>
    </ul>
  );
}

/** How many live in the town, against today; nothing is made up for years that nobody has projected. */
export function grown(then: number | null, now: number | null): string {
  if (then === null || now === null) return t("year.no_people");
  const share = then / now - 1;
  const key: Key = Math.abs(share) < 0.005 ? "year.people_same" : share > 0 ? "year.people_more" : "year.people_fewer";
  return t(key, { n: number(Math.round(then / 100) * 100), share: percent(Math.abs(share)) });
}

function nearest(climate: Climate[], at: number): Climate {
  return climate.reduce((best, each) => (Math.abs(each.year - at) < Math.abs(best.year - at) ? each : best), climate[0]!);
}

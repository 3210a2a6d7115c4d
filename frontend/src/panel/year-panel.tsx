/** The year whose climate the event comes in. */
import { city, year } from "../model/state";
import { number, percent, t } from "../text/text";
import { Slider } from "../ui/slider";

export function YearPanel() {
  const now = city.value!;
  const at = year.value ?? now.years.first;
  const state = now.climate.reduce((best, each) => (Math.abs(each.year - at) < Math.abs(best.year - at) ? each : best), now.climate[0]!);
  return (
    <>
      <Slider id="year" label={t("year.label")} value={at} min={now.years.first} max={now.years.last} step={5} said={String(at)} input={(value) => (year.value = value === now.years.first ? null : value)} />
      <ul class="plain">
        <li>{t("year.sea", { n: number(state.sea_rise, 2) })}</li>
        <li>{t("year.rain", { n: percent(state.rain_factor - 1) })}</li>
        <li>{t("year.river", { n: percent(state.river_factor - 1) })}</li>
      </ul>
      <p class="aside">{t("year.note")}</p>
    </>
  );
}

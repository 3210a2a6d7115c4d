import { SERVICE_COLOURS, SWITCHES, type Switch } from "../map/style";
import { city, unseen, variables } from "../model/state";
import { nameOf, number, t } from "../text/text";

export function Legend() {
  const classes = variables.value.find((each) => each.name === "max_depth")?.legend ?? [];
  return (
    <details class="legend">
      <summary>{t("legend.title")}</summary>
      <ul>
        {classes.map(({ from, colour }, k) => (
          <li key={colour}>
            <span class="swatch" style={{ background: colour }} aria-hidden="true" />
            {classes[k + 1] ? t("legend.between", { low: number(from, 2), high: number(classes[k + 1]!.from, 2) }) : t("legend.above", { low: number(from, 2) })}
          </li>
        ))}
        <li>
          <span class="swatch hit" aria-hidden="true" />
          {t("legend.wet_building")}
        </li>
        <li>
          <span class="swatch down" aria-hidden="true" />
          {t("legend.down")}
        </li>
      </ul>
      <h2>{t("layer.components")}</h2>
      <ul class="plants">
        {city.value?.services.map((each) => each.id in SERVICE_COLOURS && (
          <li key={each.id}>
            <span class="swatch plant" style={{ background: SERVICE_COLOURS[each.id as keyof typeof SERVICE_COLOURS] }} aria-hidden="true" />
            {nameOf(each)}
          </li>
        ))}
      </ul>
      <fieldset>
        <legend>{t("legend.layers")}</legend>
        {(Object.keys(SWITCHES) as Switch[]).map((name) => (
          <label key={name}>
            <input type="checkbox" checked={!unseen.value.has(name)} onChange={(e) => show(name, e.currentTarget.checked)} /> {t(`layer.${name}`)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

function show(name: Switch, on: boolean): void {
  unseen.value = new Set(on ? [...unseen.value].filter((each) => each !== name) : [...unseen.value, name]);
}

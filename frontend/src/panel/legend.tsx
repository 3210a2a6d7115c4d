import { SWITCHES, type Switch } from "../map/style";
import { maps } from "../model/maps";
import { variables } from "../model/state";
import { number, t } from "../text/text";

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
      <fieldset>
        <legend>{t("legend.layers")}</legend>
        {(Object.keys(SWITCHES) as Switch[]).map((name) => (
          <label key={name}>
            <input type="checkbox" defaultChecked onChange={(e) => maps.main.value?.switch(name, e.currentTarget.checked)} /> {t(`layer.${name}`)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

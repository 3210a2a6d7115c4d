/** Strategies and single measures, on and off, with what they cost. */
import type { Measure } from "../api/types";
import { chosen, city, measures, price, strategy } from "../model/state";
import { From, Source } from "../ui/source";
import { language, money, nameOf, t } from "../text/text";

export function Choices() {
  const now = city.value!;
  const pick = (id: string) => {
    strategy.value = id;
    measures.value = now.strategies.find((each) => each.id === id)?.measures ?? [];
  };
  return (
    <>
      <label class="field">
        {t("choice.strategy")}
        <select value={strategy.value} onChange={(e) => pick(e.currentTarget.value)}>
          {now.strategies.map((each) => <option key={each.id} value={each.id}>{nameOf(each)}</option>)}
        </select>
      </label>
      <p class="sum" aria-live="polite">{t("choice.price", { n: money(price.value) })}</p>
      <fieldset class="ticks">
        <legend>{t("choice.measures")}</legend>
        {now.measures.map((each) => <Tick key={each.id} measure={each} on={chosen.value.all.includes(each.id)} />)}
      </fieldset>
    </>
  );
}

function Tick({ measure, on }: { measure: Measure; on: boolean }) {
  const flip = (now: boolean) => (measures.value = now ? [...measures.value, measure.id] : measures.value.filter((id) => id !== measure.id));
  return (
    <div class="measure">
      <label>
        <input type="checkbox" checked={on} onChange={(e) => flip(e.currentTarget.checked)} /> {nameOf(measure)} <small>{money(measure.cost)}</small>
      </label>
      <details>
        <summary>
          <span class="heard">{nameOf(measure)}: </span>
          {t("choice.more")}
        </summary>
        <p>{language.value === "da" ? measure.mechanism_da : measure.mechanism_en}</p>
        {measure.added_value.map((good) => <p key={good.name_en}>{t("choice.good", { what: nameOf(good), n: money(good.yearly) })} <small><Source text={good.source} /></small></p>)}
        <p class="aside">{t("choice.evidence", { evidence: t(evidence(measure.evidence)) })} <From text={measure.source} /></p>
      </details>
    </div>
  );
}

function evidence(grade: string) {
  const known = { model: "evidence.model", observational: "evidence.observational", "quasi-experiment": "evidence.quasi" } as const;
  return known[grade as keyof typeof known] ?? "evidence.none";
}

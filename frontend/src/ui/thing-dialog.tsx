/** What a thing on the map is: each figure with its unit, its source and whether it is constructed. */
import { useEffect, useRef } from "preact/hooks";
import type { Fact, Thing } from "../api/types";
import { Made } from "./constructed";
import { Source } from "./source";
import { language, nameOf, number, percent, t, titleOf, type Key } from "../text/text";

const UNITS: Record<string, Key> = { h: "unit.h", "m DVR90": "unit.dvr90" };

/** A fact in the reader's language, with its unit. */
function said(fact: Fact): string {
  if (fact.unit === "%" && typeof fact.value === "number") return percent(fact.value / 100);
  const own = language.value === "da" ? fact.value_da : fact.value_en;
  const value = typeof fact.value === "number" ? number(fact.value, Number.isInteger(fact.value) ? 0 : 2) : (own ?? fact.value ?? t("thing.unknown"));
  const unit = UNITS[fact.unit] ? t(UNITS[fact.unit]!) : fact.unit;
  return unit ? `${value} ${unit}` : value;
}

export function ThingDialog({ thing, close }: { thing: Thing | null; close: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (thing) box.current?.showModal();
    else box.current?.close();
  }, [thing]);
  return (
    <dialog ref={box} onClose={close} aria-labelledby="thing-title">
      {thing && (
        <>
          <h2 id="thing-title" tabIndex={-1} autofocus>{titleOf(thing)}</h2>
          {thing.facts.some((fact) => fact.constructed) && <Made words="made.thing" />}
          <dl class="facts">
            {thing.facts.map((fact) => (
              <div key={fact.name_en}>
                <dt>{nameOf(fact)}</dt>
                <dd>
                  {said(fact)}
                  <small>
                    {fact.constructed ? `${t("thing.constructed")} · ` : ""}
                    <Source text={fact.source} />
                  </small>
                </dd>
              </div>
            ))}
          </dl>
          <button type="button" onClick={() => box.current?.close()}>{t("page.close")}</button>
        </>
      )}
    </dialog>
  );
}

/** What a thing on the map is: each figure with its unit, its source and whether it is constructed. */
import { useEffect, useRef } from "preact/hooks";
import type { Thing } from "../api/types";
import { Made } from "./constructed";
import { Source } from "./source";
import { nameOf, number, t, titleOf } from "../text/text";

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
          <h2 id="thing-title">{titleOf(thing)}</h2>
          {thing.facts.some((fact) => fact.constructed) && <Made words="made.thing" />}
          <dl class="facts">
            {thing.facts.map((fact) => (
              <div key={fact.name_en}>
                <dt>{nameOf(fact)}</dt>
                <dd>
                  {typeof fact.value === "number" ? number(fact.value, Number.isInteger(fact.value) ? 0 : 2) : (fact.value ?? t("thing.unknown"))} {fact.unit}
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

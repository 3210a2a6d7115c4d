/** Two futures: how they are shown, and which of them is where. */
import { runName } from "../panel/results";
import { t } from "../text/text";
import { LETTERS, look, other, pair, type Look } from "./state";

const LOOKS: Look[] = ["swipe", "split"];

export function Compare() {
  const both = pair.value;
  if (!both) return null;
  return (
    <>
      <div class="compare">
        <fieldset>
          <legend class="heard">{t("compare.how")}</legend>
          {LOOKS.map((each) => (
            <label key={each}>
              <input type="radio" name="look" checked={look.value === each} onChange={() => (look.value = each)} /> {t(`compare.${each}`)}
            </label>
          ))}
        </fieldset>
        <button type="button" aria-label={t("compare.end")} title={t("compare.end")} onClick={() => (other.value = null)}>×</button>
      </div>
      <p class="heard" role="status">{t(`compare.said_${look.value}`, { a: runName(both[0]), b: runName(both[1]) })}</p>
      {both.map((run, k) => (
        <p key={LETTERS[k]} class={`future future-${LETTERS[k]!.toLowerCase()}`}>
          <b>{LETTERS[k]}</b> {runName(run)}
        </p>
      ))}
    </>
  );
}

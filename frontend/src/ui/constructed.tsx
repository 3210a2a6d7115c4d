/** Says of the city, or of figures about it, that they are made and not measured. */
import { t, type Key } from "../text/text";

/** The sign on the map: it opens and says what is made, and what the figures can be used for. */
export function Watermark() {
  return (
    <details class="watermark">
      <summary>{t("map.constructed")}</summary>
      <p>{t("made.what")}</p>
      <p>{t("made.use")}</p>
    </details>
  );
}

/** The mark beside figures or facts. */
export function Made({ words }: { words: Key }) {
  return <p class="caution">{t(words)}</p>;
}

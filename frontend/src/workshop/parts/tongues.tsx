/** The languages that the server speaks, each by its own name. */
import { LANGUAGES } from "../../text/text";
import { terms } from "../state";
import { speakIn, tongue } from "../tongue";
import { w } from "../words";

/** Every language there is, by its own name. */
export const tongues = (): readonly { id: string; name: string }[] => terms.value?.languages ?? LANGUAGES;

export function Tongues() {
  return (
    <div class="switch" role="group" aria-label={w("page.language")}>
      {tongues().map(({ id, name }) => (
        <button type="button" key={id} lang={id} aria-pressed={tongue.value === id} onClick={() => void speakIn(id)}>{name}</button>
      ))}
    </div>
  );
}

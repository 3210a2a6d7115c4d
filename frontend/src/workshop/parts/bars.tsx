/** The votes as bars with their figures beside them. */
import { money } from "../../text/text";
import { decided } from "../decided";
import type { State } from "../types";
import { count, w } from "../words";

export function Bars({ state, most = 12 }: { state: State; most?: number }) {
  const voices = decided(state);
  const kroner = voices.some((each) => each.spent.people > 0);
  const size = (voice: (typeof voices)[number]) => (kroner ? voice.spent.dkk : voice.dots);
  const highest = Math.max(1, ...voices.map(size));
  if (voices.every((each) => size(each) === 0)) return <p>{w("votes.none")}</p>;
  return (
    <ol class="bars plain">
      {voices.slice(0, most).map((voice) => (
        <li key={voice.id} class={voice.chosen ? "chosen" : ""}>
          <p class="what">
            {voice.text}
            {voice.chosen && <strong class="tag">{w("votes.reached")}</strong>}
          </p>
          <div class="bar" aria-hidden="true"><i style={{ width: `${(100 * size(voice)) / highest}%` }} /></div>
          <p class="said">
            {kroner ? `${money(voice.spent.dkk)} · ${count("votes.person", "votes.persons", voice.spent.people)}` : count("votes.dot", "votes.dots", voice.dots)}
            {voice.cost !== null && ` · ${w("idea.cost", { cost: money(voice.cost) })}`}
          </p>
        </li>
      ))}
    </ol>
  );
}

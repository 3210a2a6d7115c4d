/** The votes as bars with their figures beside them, in the order in which the budget is used. */
import type { Voice } from "../decided";
import { count, kroner, w } from "../words";

/** `all` are the voices that the longest bar is taken from, where only some are shown. */
export function Bars({ voices, all = voices }: { voices: Voice[]; all?: Voice[] }) {
  const money = all.some((each) => each.spent.people > 0);
  const size = (voice: Voice) => (money ? voice.spent.people : voice.dots);
  const highest = Math.max(1, ...all.map(size));
  if (all.every((each) => size(each) === 0)) return <p>{w("votes.none")}</p>;
  return (
    <ol class="bars plain">
      {voices.map((voice) => (
        <li key={voice.id} class={voice.chosen ? "chosen" : ""}>
          <p class="what">
            {voice.text}
            {voice.chosen && <strong class="tag">{w("votes.reached")}</strong>}
          </p>
          <div class="bar" aria-hidden="true"><i style={{ width: `${(100 * size(voice)) / highest}%` }} /></div>
          <p class="said">{told(voice, money)}</p>
        </li>
      ))}
    </ol>
  );
}

function told(voice: Voice, money: boolean): string {
  const votes = money
    ? [count("votes.person", "votes.persons", voice.spent.people), w("votes.sum", { dkk: kroner(voice.spent.dkk) })]
    : [count("votes.dot", "votes.dots", voice.dots)];
  return [...votes, voice.cost === null ? w("idea.no_cost") : w("idea.cost", { cost: kroner(voice.cost) })].join(" · ");
}

/** Which rounds, in which order: ticked, and moved up or down. */
import { roundName } from "../state";
import { ROUNDS, type Round } from "../types";
import { w } from "../words";

/** `rounds` are those that are held, in their order; those that are left out stand below. */
export function Plan({ rounds, set }: { rounds: Round[]; set: (rounds: Round[]) => void }) {
  const all = [...rounds, ...ROUNDS.filter((each) => !rounds.includes(each))];
  const move = (round: Round, by: number) => {
    const at = rounds.indexOf(round);
    const next = rounds.filter((each) => each !== round);
    next.splice(at + by, 0, round);
    set(next);
  };
  return (
    <ol class="plain plan">
      {all.map((round) => {
        const at = rounds.indexOf(round);
        const name = roundName(round);
        return (
          <li key={round}>
            <label><input type="checkbox" checked={at >= 0} disabled={at >= 0 && rounds.length === 1} onChange={(event) => set(event.currentTarget.checked ? [...rounds, round] : rounds.filter((each) => each !== round))} /> {name}</label>
            <button type="button" aria-label={w("plan.up", { round: name })} disabled={at < 1} onClick={() => move(round, -1)}>↑</button>
            <button type="button" aria-label={w("plan.down", { round: name })} disabled={at < 0 || at === rounds.length - 1} onClick={() => move(round, 1)}>↓</button>
          </li>
        );
      })}
    </ol>
  );
}

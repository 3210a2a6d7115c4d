/** The last run on the wall: the city without the ideas and with them. */
import { Effect, ideaTexts } from "../parts/effect";
import { Event, STATUS } from "../phone/runs";
import type { State } from "../types";
import { w } from "../words";
import { IdeaWall } from "./ideas";

export function RunWall({ now }: { now: State }) {
  const run = now.runs.at(-1);
  if (!run) return <IdeaWall now={now} />;
  return (
    <div class="last-run" aria-live="polite">
      <h2>{ideaTexts(run.ideas).join(" + ")}</h2>
      <Event run={run} />
      {run.status === "successful" ? <Effect run={run} wide /> : <p class="question">{w(STATUS[run.status])}</p>}
    </div>
  );
}

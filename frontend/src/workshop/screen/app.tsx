/** The big screen: read from ten metres, nothing to touch. */
import type { ComponentType } from "preact";
import { Countdown } from "../parts/countdown";
import { Present } from "../parts/line";
import { here, line, phones, root, roundName, state } from "../state";
import type { Round, State } from "../types";
import { count, w } from "../words";
import { CardWall } from "./cards";
import { Fit } from "./fit";
import { IdeaWall } from "./ideas";
import { RunWall } from "./run";
import { Outcome, VoteWall } from "./votes";

type Part = ComponentType<{ now: State }>;
const WALLS: Record<Round, Part> = { talk: Talk, challenges: CardWall, ideas: IdeaWall, run: RunWall, added_value: IdeaWall, decide: VoteWall, harvest: Outcome };

export function Screen() {
  const now = state.value;
  return <Present there={now !== null}>{now && <Wall now={now} />}</Present>;
}

function Wall({ now }: { now: State }) {
  const round = now.closed ? "harvest" : now.round;
  const Part = WALLS[round];
  return (
    <div class={`wall wall-${round}`}>
      <header>
        <div>
          <p class="title">{round === "talk" ? now.title : now.question || now.title}</p>
          <h1 aria-live="polite">{roundName(round)}</h1>
        </div>
        {now.timer && round !== "talk" && <Countdown endsAt={now.timer.ends_at} />}
        {round !== "talk" && <Door now={now} />}
      </header>
      <main><Part now={now} /></main>
      {line.value === false && <p class="line seen" role="status">{w("screen.down")}</p>}
    </div>
  );
}

const QUESTION = 4.5; // [rem]

function Talk({ now }: { now: State }) {
  return (
    <div class="talk">
      <div>
        <Fit items={[now.question || now.title]} largest={QUESTION}>{(texts) => <p class="question">{texts[0]}</p>}</Fit>
        {now.timer && <Countdown endsAt={now.timer.ends_at} big />}
      </div>
      <Door now={now} />
    </div>
  );
}

/** How to come in. */
function Door({ now }: { now: State }) {
  const address = phones();
  return (
    <aside class="door" aria-label={w("invite.title")}>
      <img src={`${root}/qr.svg`} alt={w("invite.qr", { address })} />
      <div>
        <p class="bigcode">{here.code}</p>
        <p>{address}</p>
        <p>{count("leader.person", "leader.people", now.people)}</p>
      </div>
    </aside>
  );
}

/** The page of a participant's phone: what the leader has opened, and nothing else. */
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Toast } from "../../ui/toast";
import { Countdown } from "../parts/countdown";
import { Line, Present } from "../parts/line";
import { Tongues } from "../parts/tongues";
import { here, notice, roundName, state } from "../state";
import type { Round, State } from "../types";
import { w, type Word } from "../words";
import { Cards } from "./cards";
import { Decide } from "./decide";
import { Goods } from "./goods";
import { Harvest } from "./harvest";
import { Ideas } from "./ideas";
import { Join } from "./join";
import { Runs } from "./runs";
import { stuck, token, why } from "./session";

type Part = ComponentType<{ now: State }>;
const PARTS: Record<Round, { hint: Word; Part: Part | null }> = {
  talk: { hint: "talk.hint", Part: null },
  challenges: { hint: "cards.hint", Part: Cards },
  ideas: { hint: "ideas.hint", Part: Ideas },
  run: { hint: "runs.hint", Part: Runs },
  added_value: { hint: "goods.hint", Part: Goods },
  decide: { hint: "decide.hint", Part: Decide },
  harvest: { hint: "harvest.hint", Part: Harvest },
};

/** The rounds in which the question is worth seeing. */
const ASKED: Round[] = ["talk", "challenges", "ideas"];

export function Phone() {
  const now = state.value;
  return (
    <>
      <header class="top slim">
        <p class="name">{now?.title ?? "Genrejs"} <small>{here.code}</small></p>
        <Tongues />
      </header>
      <Line waiting={stuck.value} why={why.value} />
      <Present there={now !== null}>
        {now && <main class="phone">{token.value || now.closed ? <Open now={now} /> : <Join now={now} />}</main>}
      </Present>
      <Toast words={notice.value} close={() => (notice.value = null)} />
    </>
  );
}

function Open({ now }: { now: State }) {
  const round = now.closed ? "harvest" : now.round;
  const { hint, Part } = PARTS[round];
  useEffect(() => scrollTo({ top: 0 }), [round]);
  return (
    <>
      {now.closed && <p class="aside">{w("closed.title")}</p>}
      <h1 aria-live="polite">{roundName(round)}</h1>
      {now.timer && <Countdown endsAt={now.timer.ends_at} big={round === "talk"} />}
      {ASKED.includes(round) && now.question && <p class="question">{now.question}</p>}
      <p class="hint">{w(hint)}</p>
      {Part && <Part now={now} />}
    </>
  );
}

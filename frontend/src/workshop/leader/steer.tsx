/** Steering: which round is open, the next one, the timer, and the end. */
import { useState } from "preact/hooks";
import { Countdown } from "../parts/countdown";
import { roundName } from "../state";
import { type Everything, type Round } from "../types";
import { w } from "../words";
import { Plan } from "../parts/plan";
import { lead, tab } from "./desk";

const MINUTES = [2, 5, 10, 15];

export function Steer({ now }: { now: Everything }) {
  const next = now.rounds[now.rounds.indexOf(now.round) + 1];
  const go = (name: Round) => {
    tab.value = null;
    // A round has no timer but the one that the leader starts; to talk takes two minutes.
    void lead({ kind: "round", name });
  };
  return (
    <section aria-label={w("steer.title")}>
      <h2 aria-live="polite">{now.closed ? w("closed.title") : roundName(now.round)}</h2>
      {now.timer && <Countdown endsAt={now.timer.ends_at} />}
      {!now.closed && <Timer running={now.timer !== null} />}
      {!now.closed && next && <button type="button" class="go wide" onClick={() => go(next)}>{w("steer.next", { round: roundName(next) })}</button>}
      {!now.closed && <Rounds now={now} go={go} />}
      {!now.closed && <Change key={now.rounds.join()} now={now} />}
      <TallySwitch now={now} />
    </section>
  );
}

function Timer({ running }: { running: boolean }) {
  return (
    <div class="row" role="group" aria-labelledby="timer">
      <span id="timer" class="aside">{w("steer.timer")}</span>
      {MINUTES.map((each) => <button type="button" key={each} onClick={() => void lead({ kind: "timer", seconds: 60 * each })}>{w("steer.minutes", { n: each })}</button>)}
      <button type="button" disabled={!running} onClick={() => void lead({ kind: "timer" })}>{w("steer.stop")}</button>
    </div>
  );
}

function Rounds({ now, go }: { now: Everything; go: (name: Round) => void }) {
  return (
    <ol class="rounds" aria-label={w("steer.rounds")}>
      {now.rounds.map((each) => (
        <li key={each}>
          <button type="button" aria-current={each === now.round ? "step" : undefined} onClick={() => go(each)}>{roundName(each)}</button>
        </li>
      ))}
    </ol>
  );
}

/** Other rounds, or another order. */
function Change({ now }: { now: Everything }) {
  const [rounds, setRounds] = useState(now.rounds);
  return (
    <details>
      <summary>{w("plan.change")}</summary>
      <Plan rounds={rounds} set={setRounds} />
      <button type="button" disabled={rounds.join() === now.rounds.join()} onClick={() => void lead({ kind: "plan", rounds })}>{w("rules.set")}</button>
    </details>
  );
}

/** Show the votes, or hide them; and the end of the workshop, asked twice. */
function TallySwitch({ now }: { now: Everything }) {
  const [sure, setSure] = useState(false);
  const open = now.tally === "open";
  return (
    <>
      <button type="button" class="wide" aria-pressed={open} onClick={() => void lead({ kind: "tally", open: !open })}>{w(open ? "steer.tally_hide" : "steer.tally_open")}</button>
      {!now.closed && !sure && <button type="button" class="wide" onClick={() => setSure(true)}>{w("steer.close")}</button>}
      {!now.closed && sure && (
        <div class="sure" role="group" aria-label={w("steer.close")}>
          <p>{w("steer.close_sure")}</p>
          <button type="button" class="go" onClick={() => (setSure(false), void lead({ kind: "close" }))}>{w("steer.close_yes")}</button>
          <button type="button" onClick={() => setSure(false)}>{w("page.no")}</button>
        </div>
      )}
    </>
  );
}

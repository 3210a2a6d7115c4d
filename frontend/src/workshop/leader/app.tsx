/** The leader's page: steering on the left, the work of the round on the right. */
import type { ComponentType } from "preact";
import { Toast } from "../../ui/toast";
import { Line, Present } from "../parts/line";
import { Tongues } from "../parts/tongues";
import { here, notice } from "../state";
import { type Everything } from "../types";
import { count, w, type Word } from "../words";
import { Cards } from "./cards";
import { all, denied, shown, tab, type Tab } from "./desk";
import { Ideas } from "./ideas";
import { Invite } from "./invite";
import { Log } from "./log";
import { Runs } from "./runs";
import { Save } from "./save";
import { Steer } from "./steer";
import { Votes } from "./votes";

const TABS: Record<Tab, { word: Word; Part: ComponentType<{ now: Everything }> }> = {
  cards: { word: "tab.cards", Part: Cards },
  ideas: { word: "tab.ideas", Part: Ideas },
  runs: { word: "tab.runs", Part: Runs },
  votes: { word: "tab.votes", Part: Votes },
  log: { word: "tab.log", Part: Log },
  save: { word: "tab.save", Part: Save },
};

export function Leader() {
  const now = all.value;
  return (
    <>
      <header class="top">
        <h1>{now?.title ?? w("leader.title")} <small>{here.code}{now && ` · ${count("leader.person", "leader.people", now.people)}`}</small></h1>
        {now && <a class="button" href={`/screen/${now.code}`} target="_blank" rel="noopener">{w("invite.screen")}</a>}
        <Tongues />
      </header>
      <Line />
      {denied.value ? (
        <main class="narrow"><p role="alert">{w("leader.denied")}</p></main>
      ) : (
        <Present there={now !== null}>{now && <Desk now={now} />}</Present>
      )}
      <Toast words={notice.value} close={() => (notice.value = null)} />
    </>
  );
}

function Desk({ now }: { now: Everything }) {
  const { word, Part } = TABS[shown.value];
  return (
    <main class="desk">
      <div class="side">
        <Steer now={now} />
        <Invite now={now} />
      </div>
      <div class="work">
        <nav aria-label={w("leader.parts")} class="tabs">
          {(Object.keys(TABS) as Tab[]).map((each) => (
            <button type="button" key={each} aria-current={shown.value === each ? "true" : undefined} onClick={() => (tab.value = each)}>
              {w(TABS[each].word)}
            </button>
          ))}
        </nav>
        <section aria-labelledby="part">
          <h2 id="part">{w(word)}</h2>
          <Part now={now} />
        </section>
      </div>
    </main>
  );
}

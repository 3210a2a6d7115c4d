/** The picture: ten areas by five stages; how full a cell is, how it moved, and what was bought too early. */
import { nameOf, number, percent } from "../text/text";
import { cell, levelsAt, marked, type Cell } from "./board";
import { outcome, played, told } from "./game";
import type { Stage, Sub } from "./types";
import { d, millions } from "./words";

export function Board() {
  const now = outcome.value;
  const all = told.value;
  if (all === null) return null;
  return (
    <>
      <table class="board">
        <caption>{now ? d("board.caption", { year: now.years.at(-1) ?? "" }) : d("board.start")}</caption>
        <thead>
          <tr>
            <th scope="col">{d("board.area")}</th>
            {all.stages.map((stage) => <th scope="col" key={stage.id}><abbr title={nameOf(stage)}>{stage.id}</abbr><span class="heard"> {nameOf(stage)}</span></th>)}
          </tr>
        </thead>
        <tbody>{all.subs.map((sub) => <Row key={sub.id} sub={sub} />)}</tbody>
      </table>
      <ul class="legend">
        {all.stages.map((stage) => <li key={stage.id}><b>{stage.id}</b> {nameOf(stage)}: {meaning(stage)}</li>)}
        <li><b>✓</b> {d("board.ready", { share: percent(all.threshold) })}</li>
        <li><b>▲ ▼</b> {d("board.moved")}</li>
        <li><b class="early-mark">!</b> {d("board.early")}</li>
        <li><b>–</b> {d("board.unread")}</li>
      </ul>
    </>
  );
}

const meaning = (stage: Stage): string => nameOf({ name_da: stage.means_da, name_en: stage.means_en });

function Row({ sub }: { sub: Sub }) {
  const all = told.value;
  const now = outcome.value;
  if (all === null) return null;
  const end = played.value.reduce((sum, each) => sum + each.years, 0);
  const begin = end - (played.value.at(-1)?.years ?? 0);
  const [levels, before] = now ? [levelsAt(now, end), levelsAt(now, begin)] : [new Map<string, number>(), new Map<string, number>()];
  const period = now?.periods.at(-1) ?? null;
  return (
    <tr>
      <th scope="row"><b>{sub.id}</b> {nameOf(sub)}</th>
      {all.stages.map((stage) => {
        const shown = cell(all, sub.id, stage.id, levels, before, period);
        return <td key={stage.id} class={shown === null ? "unread" : shown.ready ? "ready" : ""}>{shown === null ? <Unread /> : <Shown shown={shown} early={marked(shown.early, period)} />}</td>;
      })}
    </tr>
  );
}

const Unread = () => <><span aria-hidden="true">–</span><span class="heard">{d("board.unread")}</span></>;

function Shown({ shown, early }: { shown: Cell; early: boolean }) {
  const points = Math.round(100 * shown.change);
  return (
    <>
      <span class="fill" style={{ height: `${100 * shown.level}%` }} aria-hidden="true" />
      <span class="figure">{percent(shown.level)}{shown.ready && <><span aria-hidden="true"> ✓</span><span class="heard"> {d("board.ready_said")}</span></>}</span>
      {points !== 0 && <span class="moved"><span aria-hidden="true">{points > 0 ? "▲" : "▼"} {number(Math.abs(points))}</span><span class="heard">{d(points > 0 ? "board.up" : "board.down", { n: number(Math.abs(points)) })}</span></span>}
      {early && <span class="early-mark"><span aria-hidden="true">!</span><span class="heard">{d("board.early_said", { sum: millions(shown.early) })}</span></span>}
    </>
  );
}

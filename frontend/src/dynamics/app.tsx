/** The page: what it is about, the picture, what happened, and the next round. */
import { useEffect, useRef } from "preact/hooks";
import { words } from "../text/trouble";
import { LanguageSwitch } from "../ui/language-switch";
import { Toast } from "../ui/toast";
import { Board } from "./board-view";
import { End } from "./end";
import { again, back, busy, load, over, played, ROUNDS, round, span, told, trouble } from "./game";
import { Happened } from "./happened";
import { Policies } from "./policies";
import { Steer } from "./steer";
import { d } from "./words";

export function App() {
  return (
    <>
      <a class="skip" href="#next">{d("page.skip")}</a>
      <header class="top">
        <a class="home" href="/">Genrejs</a>
        <LanguageSwitch />
      </header>
      <main>
        <h1>{d("page.title")}</h1>
        <p class="lead">{d("page.lead")}</p>
        <p class="caution"><strong>{d("page.assumption")}</strong> {d("page.assumed")}</p>
        {told.value === null ? <Waiting /> : <Game />}
      </main>
      <Toast words={told.value && trouble.value ? words(trouble.value) : null} close={() => (trouble.value = null)} />
    </>
  );
}

function Waiting() {
  if (trouble.value === null) return <p role="status">{d("page.loading")}</p>;
  return (
    <p role="alert">
      {d("page.away", { why: words(trouble.value) })} <button type="button" onClick={() => void load()}>{d("page.retry")}</button>
    </p>
  );
}

function Game() {
  const heading = useRef<HTMLHeadingElement>(null);
  const count = played.value.length;
  const seen = useRef(count);
  useEffect(() => {
    if (count !== seen.current) heading.current?.focus();
    seen.current = count;
  }, [count]);
  return (
    <>
      <div class="table">
        <section aria-labelledby="now">
          <h2 id="now" tabIndex={-1} ref={heading}>{over.value ? d("round.over") : d("round.title", { n: round.value, of: ROUNDS, first: span.value.first, last: span.value.last })}</h2>
          <Board />
        </section>
        <section id="next" tabIndex={-1} aria-label={d("round.side")}>
          <Happened />
          {!over.value && <Steer />}
          {count > 0 && (
            <p class="row">
              <button type="button" disabled={busy.value} onClick={() => void back()}>{d("round.back")}</button>
              <button type="button" disabled={busy.value} onClick={() => void again()}>{d("round.again")}</button>
            </p>
          )}
        </section>
      </div>
      {over.value && <End />}
      <Policies />
    </>
  );
}

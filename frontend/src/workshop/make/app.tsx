/** Making a workshop: what it is about, which rounds, how it is decided, how long it is kept. */
import { useState } from "preact/hooks";
import { language } from "../../text/text";
import { LanguageSwitch } from "../../ui/language-switch";
import { Toast } from "../../ui/toast";
import { proposable } from "../parts/measure";
import { city, notice, roundName, sentence } from "../state";
import { ROUNDS, type Round } from "../types";
import { kroner, w } from "../words";
import { ask, get } from "../wire";

const KEPT = [7, 30, 90, 365]; // [day]
type Form = { title: string; question: string; language: string; rounds: Round[]; budget: number; dots: number; keep: number };

export function Make() {
  const [busy, setBusy] = useState(false);
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await make(read(new FormData(event.currentTarget as HTMLFormElement)));
    } catch (error) {
      notice.value = sentence(error);
      setBusy(false);
    }
  };
  return (
    <>
      <header class="top">
        <p class="name">Genrejs</p>
        <LanguageSwitch />
      </header>
      <main class="narrow">
        <h1>{w("make.title")}</h1>
        <p class="hint">{w("make.hint")}</p>
        <form onSubmit={(event) => void go(event)} class="make">
          <Fields />
          <button type="submit" class="go wide" disabled={busy}>{w("make.go")}</button>
        </form>
      </main>
      <Toast words={notice.value} close={() => (notice.value = null)} />
    </>
  );
}

function Fields() {
  return (
    <>
      <label for="title">{w("make.name")}</label>
      <input id="title" name="title" type="text" required maxLength={120} />
      <label for="question">{w("make.question")}</label>
      <textarea id="question" name="question" rows={2} required maxLength={280} aria-describedby="question-hint" />
      <p id="question-hint" class="aside">{w("make.question_hint")}</p>
      <p>{w("make.city", { city: city.value?.title ?? "…" })}</p>
      <fieldset>
        <legend>{w("make.language")}</legend>
        <label><input type="radio" name="language" value="da" defaultChecked={language.value === "da"} /> <span lang="da">Dansk</span></label>
        <label><input type="radio" name="language" value="en" defaultChecked={language.value === "en"} /> <span lang="en">English</span></label>
      </fieldset>
      <fieldset>
        <legend>{w("make.rounds")}</legend>
        {ROUNDS.map((round) => <label key={round}><input type="checkbox" name="rounds" value={round} defaultChecked /> {roundName(round)}</label>)}
      </fieldset>
      <Voting />
      <label for="keep">{w("make.keep")}</label>
      <select id="keep" name="keep" defaultValue="30">
        {KEPT.map((days) => <option key={days} value={days} selected={days === 30}>{w("make.days", { n: days })}</option>)}
      </select>
    </>
  );
}

function Voting() {
  const [dots, setDots] = useState(false);
  const prices = proposable().map((each) => each.cost);
  return (
    <fieldset>
      <legend>{w("rules.way")}</legend>
      <label><input type="radio" name="way" value="money" checked={!dots} onChange={() => setDots(false)} /> {w("make.money")}</label>
      <label><input type="radio" name="way" value="dots" checked={dots} onChange={() => setDots(true)} /> {w("make.dots")}</label>
      <label for="budget">{w("rules.budget")}</label>
      <input id="budget" name="budget" type="text" aria-describedby="prices" inputMode="decimal" pattern="[0-9]+([.,][0-9]+)?" required defaultValue="50" />
      <p id="prices" class="aside">{prices.length > 0 && w("make.prices", { low: kroner(Math.min(...prices)), high: kroner(Math.max(...prices)) })}</p>
      {dots && (
        <>
          <label for="dots">{w("make.how_many")}</label>
          <input id="dots" name="dots" type="number" min={1} max={20} required defaultValue="3" />
        </>
      )}
    </fieldset>
  );
}

function read(form: FormData): Form {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const chosen = form.getAll("rounds").map(String);
  return {
    title: text("title"),
    question: text("question"),
    language: text("language"),
    rounds: ROUNDS.filter((round) => chosen.includes(round)),
    budget: Math.max(1, Math.round(Number(text("budget").replace(",", ".")) * 1e6)),
    dots: Number(form.get("dots") ?? 0),
    keep: Number(text("keep")),
  };
}

/** Make it, give it its rules, and go to the leader's page; the token goes into the fragment, which is sent to nobody. */
async function make(form: Form): Promise<void> {
  const { title, question, language: spoken, keep } = form;
  const frame = { title, question, language: spoken, keep_days: keep, ...(city.value ? { city: city.value.name } : {}) };
  const made = await get<{ code: string; leader_token: string }>("/api/workshops", { method: "POST", body: frame });
  try {
    localStorage.setItem(`genrejs-rounds-${made.code}`, JSON.stringify(form.rounds));
  } catch {
    // the leader's page shows every round
  }
  const rules = { kind: "rules", budget: form.budget, dots: form.dots };
  await ask(`/api/workshops/${made.code}/actions`, { method: "POST", token: made.leader_token, body: rules }).catch(() => {});
  location.assign(`/leader/${made.code}#${made.leader_token}`);
}

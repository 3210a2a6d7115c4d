/** Making a workshop: what it is about, which rounds, how it is decided, how long it is kept. */
import { useState } from "preact/hooks";
import { Toast } from "../../ui/toast";
import { proposable } from "../parts/measure";
import { Plan } from "../parts/plan";
import { Tongues, tongues } from "../parts/tongues";
import { city, notice, sentence, terms } from "../state";
import { tongue } from "../tongue";
import { ROUNDS, type Round } from "../types";
import { inTongue, kroner, w } from "../words";
import { get } from "../wire";

const KEPT = [7, 30, 90, 365]; // [day]
type Form = { title: string; question: string; language: string; rounds: Round[]; budget: number; dots: number; keep: number };

export function Make() {
  const [busy, setBusy] = useState(false);
  const [rounds, setRounds] = useState<Round[]>([...ROUNDS]);
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await make({ ...read(new FormData(event.currentTarget as HTMLFormElement)), rounds });
    } catch (error) {
      notice.value = sentence(error);
      setBusy(false);
    }
  };
  return (
    <>
      <header class="top">
        <p class="name">Genrejs</p>
        <Tongues />
      </header>
      <main class="narrow">
        <h1>{w("make.title")}</h1>
        <p class="hint">{w("make.hint")}</p>
        <form onSubmit={(event) => void go(event)} class="make">
          <Fields rounds={rounds} setRounds={setRounds} />
          <button type="submit" class="go wide" disabled={busy}>{w("make.go")}</button>
        </form>
      </main>
      <Toast words={notice.value} close={() => (notice.value = null)} />
    </>
  );
}

function Fields({ rounds, setRounds }: { rounds: Round[]; setRounds: (rounds: Round[]) => void }) {
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
        {tongues().map(({ id, name }) => (
          <label key={id}><input type="radio" name="language" value={id} defaultChecked={tongue.value === id} /> <span lang={id}>{name}</span></label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{w("make.rounds")}</legend>
        <p class="aside">{w("plan.hint")}</p>
        <Plan rounds={rounds} set={setRounds} />
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
      <details>
        <summary>{w("decide.rule")}</summary>
        <p>{inTongue(terms.value?.rule)}</p>
      </details>
      {dots && (
        <>
          <label for="dots">{w("make.how_many")}</label>
          <input id="dots" name="dots" type="number" min={1} max={20} required defaultValue="3" />
        </>
      )}
    </fieldset>
  );
}

function read(form: FormData): Omit<Form, "rounds"> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  return {
    title: text("title"),
    question: text("question"),
    language: text("language"),
    budget: Math.max(1, Math.round(Number(text("budget").replace(",", ".")) * 1e6)),
    dots: Number(form.get("dots") ?? 0),
    keep: Number(text("keep")),
  };
}

/** Make it and go to the leader's page; the token goes into the fragment, which is sent to nobody. */
async function make(form: Form): Promise<void> {
  const { title, question, language: spoken, keep, rounds, budget, dots } = form;
  const frame = { title, question, language: spoken, keep_days: keep, rounds, rules: { budget, dots }, ...(city.value ? { city: city.value.name } : {}) };
  const made = await get<{ code: string; leader_token: string }>("/api/workshops", { method: "POST", body: frame });
  location.assign(`/leader/${made.code}#${made.leader_token}`);
}

/** The next round: what each area gets, which stage it goes to, and the rule within an area. */
import { nameOf, number } from "../text/text";
import { Slider } from "../ui/slider";
import { moneyLeft } from "./board";
import { aim, aims, busy, evenly, give, known, next, played, rule, span, split, told, years } from "./game";
import type { Rule, Sub } from "./types";
import { d, millions } from "./words";

const RULES: Rule[] = ["even", "road-map"];

export function Steer() {
  const length = years.value[played.value.length] ?? 1;
  const budget = told.value?.defaults.budget ?? 0;
  return (
    <form class="steer" onSubmit={(event) => { event.preventDefault(); void next(); }}>
      <h2>{d("steer.title")}</h2>
      <p>{d("steer.money", { sum: millions(budget * length), n: length, left: millions(moneyLeft(years.value, played.value.length + 1, budget)) })}</p>
      <fieldset>
        <legend>{d("steer.rule")}</legend>
        {RULES.map((each) => (
          <label key={each}><input type="radio" name="rule" value={each} checked={rule.value === each} onChange={() => (rule.value = each)} /> {d(each === "even" ? "rule.even" : "rule.order")}</label>
        ))}
      </fieldset>
      <p class="aside">{d("steer.hint")}</p>
      {known.value.map((sub) => <Area key={sub.id} sub={sub} budget={budget * length} />)}
      {(told.value?.subs ?? []).filter((sub) => sub.known.length === 0).map((sub) => (
        <p key={sub.id} class="aside">{d("steer.unread", { area: `${sub.id} ${nameOf(sub)}` })}</p>
      ))}
      <p class="row">
        <button type="submit" class="go" disabled={busy.value}>{d("steer.go", { first: span.value.first, last: span.value.last })}</button>
        <button type="button" onClick={evenly}>{d("steer.evenly")}</button>
      </p>
    </form>
  );
}

function Area({ sub, budget }: { sub: Sub; budget: number }) {
  const value = split.value[sub.id] ?? 0;
  const said = d("steer.said", { n: number(value), sum: millions((value / 100) * budget) });
  const stages = told.value?.stages.filter((each) => sub.known.includes(each.id)) ?? [];
  return (
    <div class="area">
      <Slider id={`share-${sub.id}`} label={`${sub.id} ${nameOf(sub)}`} value={value} min={0} max={100} step={1} said={said} input={(given) => give(sub.id, given)} />
      {stages.length > 1 && (
        <select aria-label={d("steer.stage", { area: `${sub.id} ${nameOf(sub)}` })} value={aims.value[sub.id] ?? ""} onChange={(event) => aim(sub.id, event.currentTarget.value)}>
          <option value="">{d("steer.all")}</option>
          {stages.map((stage) => <option key={stage.id} value={stage.id}>{d("steer.only", { stage: nameOf(stage) })}</option>)}
        </select>
      )}
    </div>
  );
}

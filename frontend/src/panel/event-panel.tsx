/** What happens: the water rises, it rains, something is switched off, or an event that has a name. */
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { EventAsk } from "../api/types";
import { drag, go, leave, start } from "../model/actions";
import { maps } from "../model/maps";
import { area, ask, city, event, level, mode, other, place, shown } from "../model/state";
import { nameOf, number, t, titleOf } from "../text/text";
import { From } from "../ui/source";
import { Slider } from "../ui/slider";

type Kind = "surge" | "cloudburst" | "off" | "named";
const KINDS: Kind[] = ["surge", "cloudburst", "off", "named"];
const OFF = ["power", "telecom", "digital", "water", "heat"];

export function EventPanel() {
  const kind = useSignal<Kind>(kindOf(event.value));
  const View = { surge: Surge, cloudburst: Rain, off: Off, named: NamedList }[kind.value];
  return (
    <>
      <fieldset class="kinds">
        <legend>{t("event.what")}</legend>
        {KINDS.map((each) => (
          <label key={each}>
            <input type="radio" name="kind" checked={kind.value === each} onChange={() => (kind.value = each)} /> {t(`event.${each}`)}
          </label>
        ))}
      </fieldset>
      <View />
    </>
  );
}

function kindOf(asked: EventAsk): Kind {
  if (typeof asked === "string") return "named";
  if (asked.kind === "outage") return "off";
  return asked.kind === "cloudburst" ? "cloudburst" : "surge";
}

const SETTLE = 400; // [ms] the keys let the slider go at every step: the solver starts when it rests

function Surge() {
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const begun = useRef<string | null>(null);
  const turns = useRef(0); // pulls and drops: what an earlier one began is not waited for any more
  const settle = () => {
    clearTimeout(rest.current);
    maps.main.value?.light(false);
  };
  useEffect(() => {
    if (level.value > 0) event.value = { kind: "surge", peak: level.value };
    return settle;
  }, []);
  const pull = (metres: number) => {
    clearTimeout(rest.current);
    turns.current += 1;
    if (begun.current) leave(begun.current);
    begun.current = null;
    shown.value = null;
    other.value = null;
    level.value = metres;
    event.value = { kind: "surge", peak: metres };
    const map = maps.main.value;
    if (!map) return;
    map.light(true);
    drag(map, metres);
  };
  const begin = async () => {
    const turn = ++turns.current;
    const holds = () => turn === turns.current;
    const run = await start(ask.value, holds);
    if (holds()) begun.current = run?.id ?? null;
    else if (run) leave(run.id);
  };
  const drop = (metres: number) => {
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      settle();
      if (metres >= 0.5) void begin();
    }, SETTLE);
  };
  return (
    <>
      <Slider id="level" label={t("surge.level")} value={level.value} min={0} max={3.5} step={0.05} said={t("unit.metres", { n: number(level.value, 2) })} input={pull} change={drop} />
      <p class="aside" aria-live="polite">{level.value > 0 && area.value !== null ? t("surge.area", { n: number(area.value / 1e4) }) : t("surge.hint")}</p>
      <p class="aside">{t("surge.explain")}</p>
    </>
  );
}

function Rain() {
  const asked = event.value;
  const old = typeof asked !== "string" && asked.kind === "cloudburst" ? asked : null;
  const mm = useSignal(old?.mm ?? 60);
  const minutes = useSignal(old?.minutes ?? 60);
  const radius = useSignal(old?.radius ?? 1500);
  const ask = () => {
    event.value = { kind: "cloudburst", mm: mm.value, minutes: minutes.value, radius: radius.value, ...(place.value ? { place: place.value } : {}) };
  };
  useEffect(ask, [place.value]);
  const set = (signal: { value: number }) => (value: number) => {
    signal.value = value;
    ask();
  };
  return (
    <>
      <Slider id="mm" label={t("rain.mm")} value={mm.value} min={10} max={150} step={5} said={t("unit.mm", { n: mm.value })} input={set(mm)} />
      <Slider id="minutes" label={t("rain.minutes")} value={minutes.value} min={15} max={180} step={15} said={t("unit.minutes", { n: minutes.value })} input={set(minutes)} />
      <Slider id="radius" label={t("rain.radius")} value={radius.value} min={500} max={5000} step={250} said={t("unit.metres", { n: number(radius.value) })} input={set(radius)} />
      <div class="row">
        <button type="button" aria-pressed={mode.value === "rain"} onClick={() => (mode.value = mode.value === "rain" ? "look" : "rain")}>{t("rain.pick")}</button>
        <button type="button" disabled={!place.value} onClick={() => (place.value = null)}>{t("rain.everywhere")}</button>
      </div>
      <p class="aside" aria-live="polite">{place.value ? t("rain.here", { at: place.value.map((x) => number(x, 4)).join("; ") }) : t("rain.whole")}</p>
      <button type="button" class="go" onClick={() => { ask(); void go(); }}>{t("rain.go")}</button>
    </>
  );
}

function Off() {
  const hours = useSignal(48);
  const services = useSignal<string[]>(["power"]);
  const parts = useSignal<string[]>([]);
  const now = city.value!;
  const off = () => {
    const lost = [...services.value];
    event.value = { kind: "outage", hours: hours.value, ...(lost.length ? { services: lost } : {}), ...(parts.value.length ? { components: parts.value } : {}) };
    void go();
  };
  return (
    <>
      <fieldset class="ticks">
        <legend>{t("off.services")}</legend>
        {now.services.filter((each) => OFF.includes(each.id)).map((each) => (
          <label key={each.id}>
            <input type="checkbox" checked={services.value.includes(each.id)} onChange={(e) => (services.value = toggled(services.value, each.id, e.currentTarget.checked))} /> {nameOf(each)}
          </label>
        ))}
      </fieldset>
      <label class="field">
        {t("off.component")}
        <select value={parts.value[0] ?? ""} onChange={(e) => (parts.value = e.currentTarget.value ? [e.currentTarget.value] : [])}>
          <option value="">{t("off.none")}</option>
          {now.components.map((each) => <option key={each.id} value={each.id}>{nameOf(each)}</option>)}
        </select>
      </label>
      <Slider id="hours" label={t("off.hours")} value={hours.value} min={6} max={336} step={6} said={t("unit.hours", { n: hours.value })} input={(value) => (hours.value = value)} />
      <button type="button" class="go" disabled={!services.value.length && !parts.value.length} onClick={off}>{t("off.go")}</button>
    </>
  );
}

function NamedList() {
  const now = city.value!;
  const picked = typeof event.value === "string" ? event.value : "";
  const here = now.events.find((each) => each.name === picked);
  return (
    <>
      <label class="field">
        {t("named.pick")}
        <select value={picked} onChange={(e) => e.currentTarget.value && (event.value = e.currentTarget.value)}>
          <option value="">{t("named.none")}</option>
          {now.events.map((each) => <option key={each.name} value={each.name}>{titleOf(each)}</option>)}
        </select>
      </label>
      {here && <p class="aside"><From text={here.source} /></p>}
      <button type="button" class="go" disabled={!here} onClick={() => void go()}>{t("named.go")}</button>
    </>
  );
}

function toggled(list: string[], id: string, on: boolean): string[] {
  return on ? [...list.filter((each) => each !== id), id] : list.filter((each) => each !== id);
}

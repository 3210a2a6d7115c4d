/** The map, or two of them with a divider between. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useSignalEffect } from "@preact/signals";
import * as api from "../api/client";
import type { City, Place, Thing } from "../api/types";
import { CityMap } from "../map/city-map";
import { twin } from "../map/twin";
import { t } from "../text/text";
import { Watermark } from "../ui/constructed";
import { ThingDialog } from "../ui/thing-dialog";
import { Legend } from "../panel/legend";
import { SWITCHES, type Switch } from "../map/style";
import { caught } from "../text/trouble";
import { alongside, showWater } from "./actions";
import { Compare } from "./compare";
import { maps } from "./maps";
import { current, event, frame, look, mode, other, pair, place, points, second, shown, trouble, unseen, works } from "./state";

const ASKABLE = ["components", "structures-point", "structures-line", "buildings"];

export function Stage({ city }: { city: City }) {
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const [thing, setThing] = useState<Thing | null>(null);
  const [split, setSplit] = useState(50);

  useEffect(() => {
    const map = new CityMap(left.current!, city);
    maps.main.value = null;
    void map.ready.then(() => {
      maps.main.value = map;
      map.onClick((at, event) => pressed(map, at, event.point, setThing));
    });
    return () => map.map.remove();
  }, [city]);

  // The second map is made when two futures are first compared.
  const both = second.value !== null;
  useEffect(() => {
    if (!both || !maps.main.value) return;
    const map = new CityMap(right.current!, city);
    const part = twin(maps.main.value.map, map.map);
    void map.ready.then(() => {
      maps.second.value = map;
      map.onClick((at, event) => pressed(map, at, event.point, setThing));
    });
    return () => {
      part();
      maps.second.value = null;
      map.map.remove();
    };
  }, [both, city]);

  useSignalEffect(() => {
    const map = maps.main.value;
    const run = current.value;
    const at = frame.value;
    map?.tell(run?.answer ?? null);
    if (map && shown.value !== null) void showWater(map, run, at);
  });
  useSignalEffect(() => {
    const map = maps.second.value;
    const run = second.value;
    const at = alongside(current.value, run, frame.value);
    if (map && other.value !== null) {
      void showWater(map, run, at);
      map.tell(run?.answer ?? null);
    }
  });
  useSignalEffect(() => {
    const sketch = [works.value, points.value] as const;
    maps.main.value?.sketch(...sketch);
    maps.second.value?.sketch(second.value?.ask.drawn ?? [], sketch[1]);
  });
  useSignalEffect(() => {
    const asked = event.value;
    const rains = typeof asked !== "string" && asked.kind === "cloudburst";
    maps.main.value?.mark(rains ? place.value : null);
  });
  useSignalEffect(() => {
    const off = unseen.value;
    for (const map of [maps.main.value, maps.second.value]) {
      for (const name of Object.keys(SWITCHES) as Switch[]) map?.switch(name, !off.has(name));
    }
  });
  useSignalEffect(() => {
    const names = pair.value ? [t("map.title_a"), t("map.title_b")] : [t("map.title")];
    [maps.main.value, maps.second.value].forEach((map, k) => map?.speak(names[k] ?? t("map.title")));
    if (pair.value) [maps.main.value, maps.second.value].forEach((map) => map?.fold());
  });

  return (
    <section class={`stage mode-${mode.value}${both ? ` pair pair-${look.value}` : ""}`} aria-label={t("map.title")} style={{ "--split": `${split}%` }}>
      <div ref={left} class="map" />
      <div ref={right} class={`map over${both ? "" : " hidden"}${maps.second.value ? "" : " unready"}`} />
      <Compare />
      {both && look.value === "swipe" && (
        <label class="divider">
          <span class="heard">{t("compare.divider")}</span>
          <input type="range" min="0" max="100" value={split} onInput={(e) => setSplit(Number(e.currentTarget.value))} />
        </label>
      )}
      {city.constructed && <Watermark />}
      <Legend />
      <ThingDialog thing={thing} close={() => setThing(null)} />
    </section>
  );
}

function pressed(map: CityMap, at: Place, point: { x: number; y: number }, show: (thing: Thing) => void): void {
  if (mode.value === "rain") {
    place.value = at;
    mode.value = "look";
    return;
  }
  if (mode.value !== "look") {
    points.value = [...points.value, at];
    return;
  }
  const hit = map.map.queryRenderedFeatures([point.x, point.y], { layers: ASKABLE })[0];
  const id = hit?.properties["i"] as number | undefined;
  if (!hit || id === undefined) return;
  const layer = hit.layer.id.startsWith("structures") ? "structures" : hit.layer.id;
  api.thing(layer, id).then(show, (error: unknown) => (trouble.value = caught(error)));
}

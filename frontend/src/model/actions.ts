/** What the page does: starts runs, follows them, shows their water. */
import * as api from "../api/client";
import type { Ask, Frame, StatusInfo } from "../api/types";
import type { CityMap } from "../map/city-map";
import { decode, greys, pixels } from "../map/raster";
import { paintDepth, paintLevel, palette } from "../map/water";
import { caught } from "../text/trouble";
import { area, ask, awaited, city, frame, measures, other, runs, shown, strategy, trouble, type Run, variables } from "./state";

type Fields = { ground: Float32Array; reach: Float32Array; sea: Uint8Array };
const SEA = 0.05; // [m] what is under water at this sea level is so on an ordinary day

let fields: Fields | null = null;
let colours = palette([]);
let dragged: number | null = null; // [m] the level that is painted, where one is
const depths = new Map<string, Uint8Array>();
const stopped = new Set<string>(); // runs whose pictures are not asked for any more: the server throws them away

export async function load(): Promise<void> {
  try {
    [city.value, variables.value] = await Promise.all([api.city(), api.variables()]);
    measures.value = city.value.strategies.find((each) => each.id === strategy.value)?.measures ?? [];
    const legend = variables.value.find((each) => each.name === "max_depth")?.legend ?? [];
    colours = palette(legend);
    const [ground, reach] = await Promise.all(["ground", "reach"].map(async (name) => decode((await pixels(`/api/rasters/${name}.png`)).data)));
    fields = { ground: ground!, reach: reach!, sea: Uint8Array.from(reach!, (at) => (at <= SEA ? 1 : 0)) };
  } catch (error) {
    trouble.value = caught(error);
  }
}

/** Show connected water at a sea level at once; the solver follows when the slider is let go. */
export function drag(map: CityMap, metres: number): void {
  if (!fields || !city.value) return;
  const wet = paintLevel(map.sheet.colours, metres, fields, colours);
  area.value = wet * city.value.window.cell ** 2;
  dragged = metres;
  map.flush();
}

/** `wanted`: whether it is still to be shown when the server has taken it. */
export async function start(question: Ask = ask.value, wanted = () => true): Promise<Run | null> {
  try {
    const status = await api.execute(question);
    const run: Run = { id: status.jobID, ask: question, status, answer: null, frames: [] };
    runs.value = [run, ...runs.value.filter((each) => each.id !== run.id)].slice(0, 12);
    if (wanted()) shown.value = run.id;
    api.follow(run.id, {
      status: (now) => update(run.id, { status: now }),
      frame: (got) => addFrame(run.id, got),
      done: (now) => void finish(run.id, now),
    });
    return run;
  } catch (error) {
    trouble.value = caught(error);
    return null;
  }
}

/** Start what a button asks for: its answer is brought into view. */
export async function go(): Promise<void> {
  const run = await start();
  if (run) awaited.value = run.id;
}

export function cancel(id: string): void {
  stop(id, (error) => (trouble.value = caught(error)));
}

function stop(id: string, failed: (error: unknown) => void): void {
  stopped.add(id);
  api.dismiss(id).then(
    (now) => update(id, { status: now }),
    (error: unknown) => {
      stopped.delete(id);
      failed(error);
    },
  );
}

/** Stop a run that nobody waits for any more. */
export function leave(id: string): void {
  const status = runs.value.find((run) => run.id === id)?.status.status;
  if (status !== "accepted" && status !== "running") return;
  stop(id, () => {}); // it came to its end in the same moment
}

function update(id: string, parts: Partial<Run>): void {
  runs.value = runs.value.map((run) => (run.id === id ? { ...run, ...parts } : run));
}

function addFrame(id: string, got: Frame): void {
  const run = runs.value.find((each) => each.id === id);
  if (!run || stopped.has(id) || run.frames.some((each) => each.n === got.n)) return;
  update(id, { frames: [...run.frames, got] });
  if (shown.value === id) frame.value = run.frames.length;
}

async function finish(id: string, now: StatusInfo): Promise<void> {
  update(id, { status: now });
  if (now.status !== "successful") {
    if (now.status === "failed") trouble.value = now;
    return;
  }
  try {
    update(id, { answer: await api.results(id) });
    // Past the last frame: the greatest depth everywhere.
    if (shown.value === id) frame.value = runs.value.find((run) => run.id === id)?.frames.length ?? 0;
  } catch (error) {
    trouble.value = caught(error);
  }
}

async function depth(address: string): Promise<Uint8Array> {
  const kept = depths.get(address);
  if (kept) return kept;
  const got = greys((await pixels(address)).data);
  depths.set(address, got);
  return got;
}

/** Paint a run's water onto a map: one of its frames, or the greatest depth when `at` is past them. */
export async function showWater(map: CityMap, run: Run | null, at: number): Promise<void> {
  if (!fields) return;
  const live = run?.frames[at];
  const address = live?.address ?? (run?.answer?.event.wet ? `/jobs/${run.id}/depth.png` : null);
  if (!run || !address) {
    // The level that was dragged stays until the first picture of its own flood is there.
    if (dragged !== null && run && peak(run.ask) === dragged) return;
    dragged = null;
    map.sheet.clear();
    map.flush();
    return;
  }
  if (stopped.has(run.id) && !depths.has(address)) return;
  try {
    const water = await depth(address);
    if (run.id !== shown.value && run.id !== other.value) return; // something else is shown by now
    dragged = null;
    paintDepth(map.sheet.colours, water, fields.sea, colours);
    map.flush();
  } catch (error) {
    if (!stopped.has(run.id)) trouble.value = caught(error);
  }
}

function peak({ event }: Ask): number | null {
  return typeof event !== "string" && event.kind === "surge" ? event.peak : null;
}

/** Which frame of the other run shows the same time as frame `at` of the first; past its last: the greatest depth. */
export function alongside(one: Run | null, two: Run | null, at: number): number {
  const time = one?.frames[at]?.time_s;
  if (time === undefined || !two?.frames.length) return Number.POSITIVE_INFINITY;
  const found = two.frames.findIndex((each) => each.time_s >= time);
  return found < 0 ? two.frames.length - 1 : found;
}

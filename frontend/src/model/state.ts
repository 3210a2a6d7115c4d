/** What the page knows: the city, the question that is being put together, the runs. */
import { computed, signal } from "@preact/signals";
import type { Trouble } from "../text/trouble";
import type { Switch } from "../map/style";
import { length, pointsOf, surface } from "../map/work";
import type { Answer, Ask, City, Drawn, EventAsk, Frame, Place, StatusInfo, Variable } from "../api/types";

export type Run = { id: string; ask: Ask; status: StatusInfo; answer: Answer | null; frames: Frame[] };
export type Mode = "look" | "rain" | "wall" | "basin" | "rain_bed";
/** How two futures are compared: a divider over one map, or two maps. */
export type Look = "swipe" | "split";
/** The names of two futures, from the left. */
export const LETTERS = ["A", "B"] as const;

export const city = signal<City | null>(null);
export const variables = signal<Variable[]>([]);
export const trouble = signal<Trouble | null>(null);
export const mode = signal<Mode>("look");

export const level = signal(0);
/** [m2] land under the level that is dragged; null until the city's ground is there. */
export const area = signal<number | null>(null);
export const event = signal<EventAsk>({ kind: "surge", peak: 0 });
export const place = signal<Place | null>(null);
export const strategy = signal("today");
export const measures = signal<string[]>([]);
export const year = signal<number | null>(null);
export const works = signal<Drawn[]>([]);
export const points = signal<Place[]>([]);

export const runs = signal<Run[]>([]);
export const shown = signal<string | null>(null);
/** The run whose answer somebody who pressed a button waits for. */
export const awaited = signal<string | null>(null);
export const other = signal<string | null>(null);
export const frame = signal(0);
export const look = signal<Look>("swipe");
/** Layers that are switched off, on both maps. */
export const unseen = signal<ReadonlySet<Switch>>(new Set());

export const current = computed(() => runs.value.find((run) => run.id === shown.value) ?? null);
export const second = computed(() => runs.value.find((run) => run.id === other.value) ?? null);

/** Both runs where two futures are compared, the first one's on the left. */
export const pair = computed<[Run, Run] | null>(() => {
  const [one, two] = [current.value, second.value];
  return one?.answer && two?.answer && one.id !== two.id ? [one, two] : null;
});

/** The measures that the strategy holds and those switched on or off by hand. */
export const chosen = computed(() => {
  const held = city.value?.strategies.find((each) => each.id === strategy.value)?.measures ?? [];
  return { held, all: measures.value };
});

export const ask = computed<Ask>(() => {
  const { held, all } = chosen.value;
  const question: Ask = {
    event: event.value,
    strategy: strategy.value,
    measures: all.filter((id) => !held.includes(id)),
    without: held.filter((id) => !all.includes(id)),
    drawn: works.value,
  };
  return year.value === null ? question : { ...question, year: year.value };
});

/** What is not standing today costs [DKK]: chosen measures and drawn works. */
export const price = computed(() => {
  const now = city.value;
  if (!now) return 0;
  const standing = now.strategies.find((each) => each.id === "today")?.measures ?? [];
  const paid = now.measures.filter((each) => measures.value.includes(each.id) && !standing.includes(each.id));
  return paid.reduce((sum, each) => sum + each.cost, 0) + works.value.reduce((sum, work) => sum + cost(work), 0);
});

/** The price of a drawn work [DKK], as the server prices it. */
export function cost(work: Drawn): number {
  const unit = city.value?.drawn.find((each) => each.kind === work.kind)?.unit_cost ?? 0;
  if (work.kind === "wall") return unit * length(pointsOf(work)) * (work.height ?? 0);
  return unit * surface(pointsOf(work)) * (work.kind === "basin" ? (work.depth ?? 0) : 1);
}

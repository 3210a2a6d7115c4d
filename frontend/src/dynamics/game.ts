/** The game: the rounds that were played, what they led to, and what is chosen for the next one. */
import { computed, signal } from "@preact/signals";
import * as api from "../api/client";
import { caught, type Trouble } from "../text/trouble";
import { asked, equal, moved } from "./split";
import type { Outcome, PeriodAsked, Rule, Split, Told } from "./types";
import { lengths } from "./board";

export const ROUNDS = 5;

export const told = signal<Told | null>(null);
export const trouble = signal<Trouble | null>(null);
export const busy = signal(false);
export const split = signal<Split>({});
/** The stage that an area's money goes to; none: all of them, by the rule. */
export const aims = signal<Record<string, string>>({});
export const rule = signal<Rule>("even");
export const played = signal<PeriodAsked[]>([]);
export const outcome = signal<Outcome | null>(null);

export const over = computed(() => played.value.length >= ROUNDS);
export const known = computed(() => told.value?.subs.filter((each) => each.known.length > 0) ?? []);
export const round = computed(() => Math.min(played.value.length + 1, ROUNDS));
export const years = computed(() => lengths(told.value?.defaults.years ?? ROUNDS, ROUNDS));
/** The first and the last calendar year of the round that comes. */
export const span = computed(() => {
  const first = (told.value?.defaults.first_year ?? 0) + years.value.slice(0, round.value - 1).reduce((sum, each) => sum + each, 0);
  return { first, last: first + (years.value[round.value - 1] ?? 1) - 1 };
});

export async function load(): Promise<void> {
  await tried(async () => {
    told.value = await api.dynamics();
    split.value = equal(known.value.map((each) => each.id));
  });
}

export const give = (id: string, value: number): void => void (split.value = moved(split.value, id, value));
export const aim = (id: string, stage: string): void => void (aims.value = { ...aims.value, [id]: stage });
export const evenly = (): void => void (split.value = equal(known.value.map((each) => each.id)));

/** Play the next years; the whole plan is asked for again, so that nothing depends on what the page remembers. */
export async function next(): Promise<boolean> {
  const length = years.value[played.value.length] ?? 1;
  const period = { years: length, budget: told.value?.defaults.budget ?? 0, split: asked(split.value, aims.value), rule: rule.value };
  return play([...played.value, period]);
}

export const back = (): Promise<boolean> => play(played.value.slice(0, -1));
export const again = (): Promise<boolean> => play([]);

async function play(periods: PeriodAsked[]): Promise<boolean> {
  if (busy.value) return false;
  return tried(async () => {
    const found = periods.length === 0 ? null : await api.play({ first_year: told.value?.defaults.first_year ?? 0, period: periods, compare: periods.length >= ROUNDS });
    outcome.value = found;
    played.value = periods;
  });
}

async function tried(act: () => Promise<void>): Promise<boolean> {
  busy.value = true;
  try {
    await act();
    trouble.value = null;
    return true;
  } catch (error) {
    trouble.value = caught(error);
    return false;
  } finally {
    busy.value = false;
  }
}

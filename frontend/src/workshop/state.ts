/** What every page of the workshop knows, and how it comes to know it. */
import { effect, signal } from "@preact/signals";
import * as api from "../api/client";
import type { City } from "../api/types";
import { follow } from "./stream";
import { begun, speakIn, tongue } from "./tongue";
import type { Round, State, Terms } from "./types";
import { get } from "./wire";
import { where } from "./where";
import { named } from "./words";

export const here = where(location.pathname);
export const root = `/api/workshops/${here.code}`;

export const state = signal<State | null>(null);
export const city = signal<City | null>(null);
export const terms = signal<Terms | null>(null);
/** Whether the line to the server stands; null before the first try is over. */
export const line = signal<boolean | null>(null);
/** Why there is no workshop here, in the server's words. */
export const gone = signal<string | null>(null);
/** One sentence that must be seen, until it is closed. */
export const notice = signal<string | null>(null);

export const roundName = (round: Round): string => named(terms.value?.rounds, round);

/** Follow the workshop for as long as the page is open; `changed` is called after each new state. */
export function open(changed: (state: State) => void = () => {}): void {
  follow(`${root}/events`, {
    line: (up) => (line.value = up),
    event: ({ event, data }) => {
      if (event !== "state") return;
      const told = JSON.parse(data) as State;
      if (state.value === null) startIn(told.language);
      state.value = told;
      changed(told);
    },
    refused: (error) => (gone.value = error.message),
  });
}

/** Fetch what does not change, again and again until it is there. */
export async function load(): Promise<void> {
  await Promise.all([
    lasting(async () => (terms.value = await get<Terms>("/api/workshop"))),
    lasting(async () => (city.value = await api.city())),
  ]);
}

async function lasting(fetch: () => Promise<unknown>): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(2 * wait, 20_000)) {
    try {
      await fetch();
      return;
    } catch {
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

const chosen = begun();

/** Speak the workshop's language to whoever has chosen none. */
function startIn(wanted: string): void {
  if (chosen === null) void speakIn(wanted, false);
}

/** How phones reach the server: by its own address where it has one, else as this page was asked for. */
export const base = (): string => terms.value?.address ?? location.origin;
/** What people type: the address of the phones' page without what browsers add themselves. */
export const phones = (): string => `${base().replace(/^http:\/\//, "")}/w/${here.code}`;

export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Keep the page's language and name as they are told. */
export function titled(title: () => string): void {
  effect(() => {
    document.documentElement.lang = tongue.value;
    document.title = title();
  });
}

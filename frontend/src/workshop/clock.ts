/** Time that is left: as digits, as words, and when it is worth saying aloud. */
import { signal } from "@preact/signals";
import { count, w } from "./words";
import { now } from "./wire";

/** Goes on four times a second while somebody looks at a timer. */
export const tick = signal(0);
let lookers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

export function look(): () => void {
  lookers += 1;
  timer ??= setInterval(() => (tick.value += 1), 250);
  return () => {
    lookers -= 1;
    if (lookers > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Whole seconds that are left, 0 when the time is up. */
export const left = (endsAt: string, at: number = now()): number => Math.max(0, Math.ceil((Date.parse(endsAt) - at) / 1000));

export const digits = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function spoken(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [minutes > 0 ? count("time.minute", "time.minutes", minutes) : "", rest > 0 || minutes === 0 ? count("time.second", "time.seconds", rest) : ""];
  return parts.filter(Boolean).join(` ${w("time.and")} `);
}

const MARKS = [600, 300, 120, 60, 30, 10, 0]; // [s]

/** The last moment that was worth saying [s], null before the first. */
export const mark = (seconds: number): number | null => [...MARKS].reverse().find((each) => seconds <= each) ?? null;

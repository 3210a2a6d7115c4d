/** A signal that outlives a reload of this tab, and is gone with it. */
import { effect, signal, type Signal } from "@preact/signals";

export function kept<T>(name: string, first: T): Signal<T> {
  const held = signal(read(name, first));
  effect(() => write(name, held.value));
  return held;
}

function read<T>(name: string, first: T): T {
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? first : (JSON.parse(text) as T);
  } catch {
    return first; // storage is switched off, or holds what we did not write
  }
}

function write(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // kept in memory only
  }
}

/** The leader's desk: the secret of the address' fragment, everything the leader may see, and what the leader does. */
import { computed, signal } from "@preact/signals";
import { newKey } from "../once";
import { base, here, notice, open, root, sentence } from "../state";
import type { Everything, Led, Round } from "../types";
import { ask, Away, get, Later, Refused } from "../wire";
import { w } from "../words";

const OFTEN = 5_000; // [ms] votes that are hidden change nothing that is followed
const PATIENCE = 5; // times that a thing is tried again
const GAP = 400; // [ms] between two looks

export type Tab = "cards" | "ideas" | "runs" | "votes" | "log" | "save";

/** The leader's token never leaves the fragment, but as a header. */
const token = decodeURIComponent(location.hash.slice(1));
export const secret = (): string => `${base()}/leader/${here.code}#${token}`;
export const all = signal<Everything | null>(null);
export const denied = signal(token === "");
/** The part of the work that is shown; null: the one of the open round. */
export const tab = signal<Tab | null>(null);
export const picked = signal<string[]>([]);

const OF: Record<Round, Tab> = { talk: "cards", challenges: "cards", ideas: "ideas", run: "runs", added_value: "ideas", decide: "votes", harvest: "votes" };
export const shown = computed<Tab>(() => tab.value ?? OF[all.value?.round ?? "talk"]);

export function enter(): void {
  if (denied.value) return;
  let due: ReturnType<typeof setTimeout> | undefined;
  open(() => (due ??= setTimeout(() => ((due = undefined), void refresh()), all.value ? GAP : 0)));
  setInterval(() => document.visibilityState === "visible" && void refresh(), OFTEN);
}

export async function refresh(): Promise<void> {
  try {
    const told = await get<Everything>(`${root}/state`, { token });
    all.value = told;
    picked.value = picked.value.filter((id) => [...told.cards, ...told.ideas].some((each) => each.id === id));
  } catch (error) {
    if (error instanceof Refused && error.status === 403) denied.value = true;
  }
}

/** Do things one after the other; tell the first that is refused. Returns whether all were done. */
export async function lead(...actions: Led[]): Promise<boolean> {
  try {
    for (const action of actions) {
      const body = { ...action, once: newKey() }; // so that it is done once, however often it is sent
      await patiently(() => ask(`${root}/actions`, { method: "POST", token, body }));
    }
    return true;
  } catch (error) {
    notice.value = error instanceof Away ? w("leader.not_sent") : sentence(error);
    return false;
  } finally {
    await refresh();
  }
}

/** Wait when the server asks for it, and send again what got no answer. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const wait = error instanceof Later ? error.wait : 0;
      if (!(error instanceof Later || error instanceof Away) || tries >= PATIENCE) throw error;
      await new Promise((done) => setTimeout(done, 1000 * Math.max(1, wait)));
    }
  }
}

/** Fetch a file with the token and hand it to the browser to keep. */
export async function save(file: string): Promise<void> {
  try {
    const answer = await ask(`${root}/${file}`, { token });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `genrejs-${here.code}-${file.split("?")[0]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    notice.value = sentence(error);
  }
}

/** Delete the workshop for good. */
export async function drop(): Promise<void> {
  try {
    await ask(root, { method: "DELETE", token });
    location.assign("/workshop");
  } catch (error) {
    notice.value = sentence(error);
  }
}

export function pick(id: string, on: boolean): void {
  picked.value = on ? [...picked.value, id] : picked.value.filter((each) => each !== id);
}

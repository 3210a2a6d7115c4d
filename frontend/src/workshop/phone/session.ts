/** One participant: the token, what was given, what waits to be sent. The token is kept in this tab alone. */
import { computed, effect, signal } from "@preact/signals";
import type { Drawn } from "../../api/types";
import { applied } from "../applied";
import { kept } from "../kept";
import { Queue, type Item } from "../queue";
import { told } from "../sketch";
import { here, notice, root, sentence, state } from "../state";
import { tongue } from "../tongue";
import type { Given, Mine } from "../types";
import { ask, get, Refused } from "../wire";

const name = (what: string) => `genrejs-${here.code}-${what}`;

export const token = kept<string | null>(name("token"), null);
export const district = kept<string>(name("district"), "");
export const cardDraft = kept<string>(name("card"), "");
export const workDraft = kept<Drawn | null>(name("work"), null);
export const ideaDraft = kept<string>(name("idea"), "");
const items = kept<Item[]>(name("queue"), []);
const given = signal<Mine | null>(null);

/** What this participant has given, with what waits to be sent. */
export const mine = computed(() => given.value && items.value.reduce((sum, item) => applied(sum, item.action), given.value));
export const waiting = computed(() => items.value.map((item) => item.action));

const queue = new Queue(items, {
  send: async ({ action, once }) => {
    await ask(`${root}/actions`, { method: "POST", token: token.value, body: { ...action, once } });
    // What is sent leaves the queue now: keep it in view until the server tells it.
    if (given.value) given.value = applied(given.value, action);
    if (action.kind === "idea") void refresh();
  },
  refused: ({ action }, error) => {
    notice.value = error.message;
    if (action.kind === "card") cardDraft.value ||= action.text;
    if (action.kind === "idea") giveBack(action);
    if (error.reason === "no_token") token.value = null;
    else void refresh();
  },
});

/** Put an idea that was refused back into the drafts; what only tells a drawn work is nobody's own words. */
function giveBack({ text, drawn }: Extract<Given, { kind: "idea" }>): void {
  const work = drawn?.[0] ?? null;
  workDraft.value ??= work;
  if (text && !(work && text === told(work))) ideaDraft.value ||= text;
}

/** How many things could not be sent yet. */
export const stuck = computed(() => (queue.stuck.value ? items.value.length : 0));
export const why = queue.why;

export function act(action: Given): void {
  queue.add(action);
}

export async function join(nickname: string): Promise<void> {
  try {
    const body = { language: tongue.value, ...(nickname ? { nickname } : {}) };
    const joined = await get<{ token: string }>(`${root}/join`, { method: "POST", body });
    token.value = joined.token;
    await refresh();
    queue.kick();
  } catch (error) {
    notice.value = sentence(error);
  }
}

/** Ask what the server has of us. */
export async function refresh(): Promise<void> {
  if (!token.value) return;
  try {
    given.value = await get<Mine>(`${root}/mine`, { token: token.value });
  } catch (error) {
    if (error instanceof Refused && error.reason === "no_token") token.value = null;
  }
}

/** Begin: take up what was left, and ask again when ideas have gone or a new round is open. */
export function begin(): void {
  void refresh();
  queue.kick();
  addEventListener("online", () => queue.kick());
  let round = "";
  let known: string[] = [];
  effect(() => {
    const now = state.value;
    if (!now) return;
    const ids = [...now.cards, ...now.ideas].map((each) => each.id);
    if (now.round !== round || given.peek() === null || known.some((id) => !ids.includes(id))) void refresh();
    [round, known] = [now.round, ids];
  });
}

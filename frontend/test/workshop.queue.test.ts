// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newKey } from "../src/workshop/once";
import { Queue, type Hands, type Item } from "../src/workshop/queue";
import type { Given } from "../src/workshop/types";
import { Away, Later, Refused } from "../src/workshop/wire";

const card = (text: string): Given => ({ kind: "card", text });
const star = (on: boolean): Given => ({ kind: "star", card: "c1", on });

/** A server that takes a key once; `Lost` is an answer that got lost on its way back. */
function bench(answers: (Error | null)[] = [], items = signal<Item[]>([])) {
  const sent: Given[] = [];
  const taken = new Set<string>();
  const hands = {
    send: vi.fn(async ({ once, action }: Item) => {
      const answer = answers.shift();
      if (answer && !(answer instanceof Lost)) throw answer;
      if (!taken.has(once)) sent.push(action);
      taken.add(once);
      if (answer) throw answer;
    }),
    refused: vi.fn(),
  } satisfies Hands;
  return { queue: new Queue(items, hands), items, sent, hands };
}
class Lost extends Away {}

const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is added is sent in its order", async () => {
  const { queue, items, sent } = bench();
  ["a", "b", "c"].forEach((text) => queue.add(card(text)));
  await settle();
  expect(sent).toEqual([card("a"), card("b"), card("c")]);
  expect(items.value).toEqual([]);
});

test("what got no answer is kept and sent again when the pause is over", async () => {
  const { queue, items, sent } = bench([new Away("no net"), new Away("no net")]);
  queue.add(card("a"));
  await settle();
  expect(queue.stuck.value).toBe(true);
  expect(items.value.map((item) => item.action)).toEqual([card("a")]);
  await settle(10_000);
  expect(sent).toEqual([card("a")]);
  expect(queue.stuck.value).toBe(false);
});

test("the net is back: no waiting for the pause", async () => {
  const { queue, sent } = bench([new Away("no net")]);
  queue.add(card("a"));
  await settle();
  queue.kick();
  await settle();
  expect(sent).toEqual([card("a")]);
});

test("an answer that was lost on the way makes no second card, two cards with the same words are two", async () => {
  const { queue, items, sent, hands } = bench([new Lost("lost")]);
  queue.add(card("a"));
  queue.add(card("a"));
  await settle(10_000);
  expect(hands.send).toHaveBeenCalledTimes(3);
  expect(sent).toEqual([card("a"), card("a")]);
  expect(items.value).toEqual([]);
});

test("keys are as long as the server takes them, and differ", () => {
  const keys = Array.from({ length: 100 }, newKey);
  expect(new Set(keys).size).toBe(100);
  expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
});

test("the server's wish to wait is kept, and its reason is told meanwhile", async () => {
  const { queue, sent } = bench([new Later(30, "The model is not ready yet.")]);
  queue.add(card("a"));
  await settle(29_000);
  expect(sent).toEqual([]);
  expect(queue.why.value).toBe("The model is not ready yet.");
  await settle(2_000);
  expect(sent).toEqual([card("a")]);
  expect(queue.why.value).toBeNull();
});

test("what is refused is told once and holds nothing back", async () => {
  const no = new Refused(409, "when_card", "not now");
  const { queue, items, sent, hands } = bench([no]);
  queue.add(card("a"));
  queue.add(card("b"));
  await settle();
  expect(hands.refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ action: card("a") }), no);
  expect(sent).toEqual([card("b")]);
  expect(items.value).toEqual([]);
});

test("of what is set anew only the last counts, but never what is on its way", async () => {
  const { queue, items, sent } = bench([new Away("no net")]);
  queue.add(card("a"));
  await settle();
  [star(true), star(false), star(true)].forEach((action) => queue.add(action));
  queue.add({ kind: "budget", spend: { i1: 5 } });
  queue.add({ kind: "budget", spend: { i1: 7 } });
  expect(items.value.map((item) => item.action)).toEqual([card("a"), star(true), { kind: "budget", spend: { i1: 7 } }]);
  await settle(10_000);
  expect(sent).toHaveLength(3);
});

test("what an earlier page left is taken up by its key", async () => {
  const left = signal<Item[]>([{ once: "k", action: card("a") }]);
  const { queue, sent, hands } = bench([], left);
  queue.kick();
  await settle();
  expect(hands.send).toHaveBeenCalledExactlyOnceWith({ once: "k", action: card("a") });
  expect(sent).toEqual([card("a")]);
});

// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { amount, dot, give, stepAt, stepOf, steps, total } from "../src/workshop/budget";
import { decided } from "../src/workshop/decided";
import type { Idea, State } from "../src/workshop/types";
import { about, kroner } from "../src/workshop/words";

const COSTS = [1, 7, 999, 12_345, 400_000, 12_500_000, 45_000_000, 330_000_000, 999_999_999_999];

test.each(COSTS)("a cost of %i is reached in at most 20 steps, the last one exactly", (cost) => {
  expect(steps(cost)).toBeGreaterThan(0);
  expect(steps(cost)).toBeLessThanOrEqual(20);
  expect(amount(cost, steps(cost))).toBe(cost);
  expect(amount(cost, 0)).toBe(0);
  for (let step = 0; step <= steps(cost); step += 1) expect(stepAt(cost, amount(cost, step))).toBe(step);
});

test("steps are round sums", () => {
  expect(COSTS.map(stepOf)).toEqual([1, 1, 50, 1_000, 20_000, 1_000_000, 5_000_000, 20_000_000, 50_000_000_000]);
});

test("nobody can spend more than there is, nor more on an idea than it costs", () => {
  expect(give({}, "a", 80, 60, 100)).toEqual({ a: 60 });
  expect(give({ a: 60 }, "b", 50, 50, 100)).toEqual({ a: 60, b: 40 });
  expect(give({ a: 60, b: 40 }, "a", 61, 90, 100)).toEqual({ b: 40, a: 60 });
  expect(give({ a: 60 }, "a", 0, 60, 100)).toEqual({});
  expect(give({ a: 60 }, "a", -5, 60, 100)).toEqual({});
});

test("whatever is set in whatever order, the sum stays within the budget and in whole kroner", () => {
  let spend = {};
  for (let k = 0; k < 500; k += 1) {
    const cost = COSTS[k % COSTS.length]!;
    spend = give(spend, `i${k % 7}`, (k * 7919.5) % (2 * cost), cost, 50_000_000);
    expect(total(spend)).toBeLessThanOrEqual(50_000_000);
    expect(Object.values<number>(spend).every((dkk) => Number.isInteger(dkk) && dkk > 0)).toBe(true);
  }
});

test("dots: several on one idea, no more than there are, one taken back at a time", () => {
  const two = dot(dot([], "a", true, 3), "a", true, 3);
  expect(two).toEqual(["a", "a"]);
  expect(dot(dot(two, "b", true, 3), "b", true, 3)).toEqual(["a", "a", "b"]);
  expect(dot(["a", "b", "a"], "a", false, 3)).toEqual(["a", "b"]);
  expect(dot(["a"], "b", false, 3)).toEqual(["a"]);
});

const idea = (id: string, cost: number | null, support = 0): Idea => ({ id, text: id, measure: null, place: null, drawn: [], support, goods: {}, cost, cost_source: null, parts: [] });
const votes = (ideas: Idea[], spent: Record<string, { people: number; dkk: number }>, chosen: State["chosen"], dots: Record<string, number> = {}): State =>
  ({ ideas, chosen, rules: { budget: 100, stars: 3, dots: 0 }, budget: { total: 100, spent }, dots }) as unknown as State;

test("the best liked come first; what the budget buys is what the server says", () => {
  const ideas = [idea("a", 30), idea("b", 90), idea("c", 60), idea("d", 5), idea("e", null)];
  const spent = { b: { people: 1, dkk: 90 }, c: { people: 3, dkk: 10 }, a: { people: 3, dkk: 20 }, e: { people: 9, dkk: 1 } };
  const told = decided(votes(ideas, spent, ["a", "c"]));
  expect(told.map((each) => each.id)).toEqual(["e", "a", "c", "b", "d"]);
  expect(told.filter((each) => each.chosen).map((each) => each.id)).toEqual(["a", "c"]);
  expect(decided(votes(ideas, {}, "hidden")).filter((each) => each.chosen)).toEqual([]);
});

test("dots order ideas that get no money, support those that get neither", () => {
  expect(decided(votes([idea("a", 30, 9), idea("b", 90), idea("c", 1, 10)], {}, [], { b: 1 })).map((each) => each.id)).toEqual(["b", "c", "a"]);
});

test("what the model says in kroner is told no finer than it can know", () => {
  expect([0, 9_876, 54_321, 2_345_678, 123_456_789, 4_440_000_000, 12_345_000_000].map(about)).toEqual(
    ["0 kr.", "9.876 kr.", "54.000 kr.", "2,3 mio. kr.", "123 mio. kr.", "4,4 mia. kr.", "12 mia. kr."].map((text) => text.replaceAll(" ", "\u00a0")),
  );
});

test("amounts tell the half million that somebody is asked to pay", () => {
  expect([0, 950, 12_500_000, 45_000_000, 1_500_000_000].map(kroner)).toEqual(["0 kr.", "950 kr.", "12,5 mio. kr.", "45 mio. kr.", "1,5 mia. kr."].map((text) => text.replaceAll(" ", "\u00a0")));
});

// @vitest-environment happy-dom
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cell, lengths, levelsAt, marked, moneyLeft, tooEarly } from "../src/dynamics/board";
import { again, busy, load, trouble } from "../src/dynamics/game";
import { asked, equal, moved, rounded, sum, toml } from "../src/dynamics/split";
import type { Outcome, PeriodTold, Policy, Told } from "../src/dynamics/types";
import { d, millions } from "../src/dynamics/words";
import da from "../src/text/dynamics.da.json";
import en from "../src/text/dynamics.en.json";
import { language, percent } from "../src/text/text";
import { words } from "../src/text/trouble";

const IDS = ["L1", "L2", "L3", "L4", "P1", "P2", "C1", "C2"];

describe("a sum that stays the same", () => {
  test("all get the same, and it adds up", () => {
    expect(equal(["a", "b", "c"])).toEqual({ a: 34, b: 33, c: 33 });
    expect(sum(equal(IDS))).toBe(100);
  });
  test.each([0, 1, 12, 13, 37, 99, 100, -5, 140])("moving one area to %i keeps 100 and the order of the areas", (value) => {
    const after = moved(equal(IDS), "P1", value);
    expect(sum(after)).toBe(100);
    expect(after["P1"]).toBe(Math.max(0, Math.min(100, value)));
    expect(Object.keys(after)).toEqual(IDS);
    expect(Math.min(...Object.values(after))).toBeGreaterThanOrEqual(0);
  });
  test("the others keep their proportions", () => {
    expect(moved({ a: 50, b: 30, c: 20 }, "a", 0)).toEqual({ a: 0, b: 60, c: 40 });
  });
  test("what one gives back is shared evenly when the others have nothing", () => {
    expect(moved({ a: 100, b: 0, c: 0 }, "a", 40)).toEqual({ a: 40, b: 30, c: 30 });
  });
  test("an only area keeps all", () => expect(moved({ a: 100 }, "a", 20)).toEqual({ a: 100 }));
  test("nothing to weigh by is nothing", () => expect(rounded({ a: 0 }, 0)).toEqual({ a: 0 }));
  test("a plan is written so that the command reads it", () => {
    expect(toml(2026, [{ years: 4, budget: 30, split: { L1: 0.25, P1S: 0.75 }, rule: "even" }])).toBe('first_year = 2026\n\n[[period]]\nyears = 4\nbudget = 30\nrule = "even"\nsplit = { L1 = 0.25, P1S = 0.75 }\n');
  });
  test("shares are asked for by the start of codes, those of nothing left out", () => {
    expect(asked({ L1: 25, P1: 75, C1: 0 }, { P1: "S", L1: "" })).toEqual({ L1: 0.25, P1S: 0.75 });
  });
});

describe("the picture", () => {
  const policy = (code: string) => ({ code, sub: code.slice(0, 2), stage: code[2] }) as Policy;
  const told = { threshold: 0.7, policies: [policy("L1S1"), policy("L1S2")] } as Told;
  const outcome = { policies: ["L1S1", "L1S2"], levels: [[0, 0], [0.7, 0.9]] } as Outcome;
  const period = { spent: 100, early: [{ code: "L1S2", lost: 6, before: [], ready: 0 }] } as unknown as PeriodTold;
  test("a cell is the mean of its policies, and in place when all are", () => {
    const shown = cell(told, "L1", "S", levelsAt(outcome, 1), levelsAt(outcome, 0), period);
    expect(shown?.level).toBeCloseTo(0.8);
    expect(shown?.change).toBeCloseTo(0.8);
    expect([shown?.ready, shown?.early]).toEqual([true, 6]);
    expect(cell(told, "L1", "S", new Map([["L1S1", 1], ["L1S2", 0.69]]), new Map(), null)?.ready).toBe(false);
  });
  test("what could not be read has no cell", () => expect(cell(told, "I1", "S", new Map(), new Map(), null)).toBeNull());
  test("a loss is marked from a fortieth of the round's money on", () => {
    expect([marked(2.5, period), marked(2.4, period), marked(5, null), marked(0, { spent: 0 } as PeriodTold)]).toEqual([true, false, false, false]);
  });
  test("what is told as too early is what is marked: cells, not single policies", () => {
    const early = [{ code: "L1S1", lost: 1.5 }, { code: "L1M1", lost: 2.4 }, { code: "L1S2", lost: 1 }];
    expect(tooEarly({ spent: 100, early } as PeriodTold).map((each) => each.code)).toEqual(["L1S1", "L1S2"]);
    expect(tooEarly({ spent: 1000, early } as PeriodTold)).toEqual([]);
  });
  test("rounds make up all years and leave their money", () => {
    expect(lengths(20, 5)).toEqual([4, 4, 4, 4, 4]);
    expect(lengths(22, 5)).toEqual([5, 5, 4, 4, 4]);
    expect([1, 5, 6].map((rounds) => moneyLeft(lengths(20, 5), rounds, 30))).toEqual([480, 0, 0]);
    expect(moneyLeft(lengths(22, 5), 1, 30)).toBe(17 * 30);
  });
});

describe("words", () => {
  const HERE = join(import.meta.dirname, "../src/dynamics");
  const code = readdirSync(HERE).filter((name) => /\.tsx?$/.test(name)).map((name) => readFileSync(join(HERE, name), "utf8"));
  const braces = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  test.each(Object.keys(da) as (keyof typeof da)[])("%s is used and has the same blanks in both languages", (key) => {
    expect(code.some((text) => text.includes(`"${key}"`))).toBe(true);
    expect(braces(en[key])).toEqual(braces(da[key]));
    expect(Math.min(da[key].trim().length, en[key].trim().length)).toBeGreaterThan(0);
  });
  test("the same keys, and files that are small", () => {
    expect(Object.keys(en)).toEqual(Object.keys(da));
    for (const text of code) expect(text.split("\n").length).toBeLessThanOrEqual(200);
  });
  test("money is written as readers write it", () => {
    language.value = "da";
    expect([millions(7.25), millions(120)].map((each) => each.replaceAll("\u00a0", " "))).toEqual(["7,3 mio. kr.", "120 mio. kr."]);
    language.value = "en";
    expect(d("steer.only", { stage: "Robust" })).toBe("Only stage Robust");
    expect([percent(0.05), d("steer.said", { n: 5, sum: "x" })]).toEqual(["5%", "5% – x"]);
  });
});

describe("what goes wrong is told in the reader's language", () => {
  afterEach(() => void vi.unstubAllGlobals());
  const told = async (answer: () => Promise<Response>): Promise<string> => {
    language.value = "da";
    vi.stubGlobal("fetch", answer);
    await load();
    expect(busy.value).toBe(false);
    return words(trouble.value!);
  };
  const said = (body: object) => async () => new Response(JSON.stringify(body), { status: 503 });
  test("no net", async () => expect(await told(() => Promise.reject(new TypeError("Failed to fetch")))).toMatch(/^Serveren svarer ikke/));
  test("an answer that was cut off", async () => expect(await told(async () => new Response('{"thres'))).toMatch(/^Serveren svarer ikke/));
  test("a refusal in both languages", async () => expect(await told(said({ detail: "busy", detail_da: "Der er travlt.", detail_en: "busy" }))).toBe("Der er travlt."));
  test("a refusal in English only", async () => expect(await told(said({ detail: "busy" }))).toBe("Serveren har kun svaret på engelsk: busy"));
  test("it is over with the next thing that goes well", async () => {
    expect(await again()).toBe(true);
    expect(trouble.value).toBeNull();
  });
});

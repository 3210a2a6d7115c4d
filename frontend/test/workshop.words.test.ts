import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import da from "../src/text/workshop.da.json";
import en from "../src/text/workshop.en.json";

const HERE = join(import.meta.dirname, "../src/workshop");
const files = readdirSync(HERE, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
const code = files.map((name) => readFileSync(join(HERE, name), "utf8"));
const braces = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const entries = Object.keys(da) as (keyof typeof da)[];

test("the same keys in both languages", () => {
  expect(Object.keys(en)).toEqual(Object.keys(da));
});

test.each(entries)("%s is used, filled, and has the same blanks in both languages", (key) => {
  expect(code.some((text) => text.includes(`"${key}"`))).toBe(true);
  expect(da[key].trim()).not.toBe("");
  expect(en[key].trim()).not.toBe("");
  expect(braces(en[key])).toEqual(braces(da[key]));
});

test("no Danish sentence ends in an amount: the dot of kr. would stand twice", () => {
  const amounts = /\{(dkk|cost|budget|sum|left|spent|low|high|upkeep)\}\./;
  expect(entries.filter((key) => amounts.test(da[key]))).toEqual([]);
});

test("files are small and hold no raw HTML", () => {
  for (const [place, text] of code.entries()) {
    expect(text.split("\n").length, files[place]).toBeLessThanOrEqual(200);
    expect(text, files[place]).not.toMatch(/dangerouslySetInnerHTML|innerHTML|document\.write|\beval\(/);
  }
});

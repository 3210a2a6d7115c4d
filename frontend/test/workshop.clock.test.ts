// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { language } from "../src/text/text";
import { digits, left, mark, spoken } from "../src/workshop/clock";
import { hear, now } from "../src/workshop/wire";

afterEach(() => {
  language.value = "da";
  vi.useRealTimers();
});

test("digits", () => {
  expect([0, 9, 60, 95, 600, 7200].map(digits)).toEqual(["0:00", "0:09", "1:00", "1:35", "10:00", "120:00"]);
});

test("words in Danish and English", () => {
  expect([0, 1, 45, 60, 61, 90, 120, 605].map(spoken)).toEqual(["0 sekunder", "1 sekund", "45 sekunder", "1 minut", "1 minut og 1 sekund", "1 minut og 30 sekunder", "2 minutter", "10 minutter og 5 sekunder"]);
  language.value = "en";
  expect([1, 61, 120].map(spoken)).toEqual(["1 second", "1 minute and 1 second", "2 minutes"]);
});

test("what is left never goes below nothing", () => {
  const at = Date.parse("2026-05-01T12:00:00Z");
  expect(left("2026-05-01T12:02:00Z", at)).toBe(120);
  expect(left("2026-05-01T12:02:00Z", at + 500)).toBe(120);
  expect(left("2026-05-01T12:02:00Z", at + 119_999)).toBe(1);
  expect(left("2026-05-01T12:02:00Z", at + 900_000)).toBe(0);
});

test("aloud at a few moments only", () => {
  expect([3600, 600, 599, 121, 120, 61, 60, 31, 30, 11, 10, 1, 0].map(mark)).toEqual([null, 600, 600, 300, 120, 120, 60, 60, 30, 30, 10, 10, 0]);
});

test("a phone whose clock is wrong follows the server's", () => {
  vi.useFakeTimers({ now: Date.parse("2026-05-01T12:00:00Z") });
  hear("Fri, 01 May 2026 12:07:00 GMT");
  expect(now()).toBe(Date.parse("2026-05-01T12:07:00.500Z"));
  hear("Fri, 01 May 2026 12:00:00 GMT");
  expect(now()).toBe(Date.now());
  hear(null);
  expect(now()).toBe(Date.now());
});

// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { language } from "../src/text/text";
import { spoken } from "../src/workshop/clock";
import { speakIn, tongue } from "../src/workshop/tongue";
import { ask } from "../src/workshop/wire";
import { inTongue, kroner, locale, number, w } from "../src/workshop/words";

const WORDS = { "time.minute": "1 Minute", "votes.none": "Niemand hat gestimmt.", "money.million": "{n} Mio. DKK" };

afterEach(async () => {
  vi.unstubAllGlobals();
  await speakIn("da");
});

test("a third language comes from the server: its words, its numbers, and English for what it lacks", async () => {
  const fetched = vi.fn(async (_address: string, _init?: RequestInit) => new Response(JSON.stringify(WORDS)));
  vi.stubGlobal("fetch", fetched);
  expect(await speakIn("de")).toBe(true);
  expect(fetched.mock.calls[0]![0]).toBe("/api/workshop/words/de");
  expect([tongue.value, language.value, locale()]).toEqual(["de", "en", "de"]);
  expect([w("votes.none"), spoken(60), w("time.up")]).toEqual(["Niemand hat gestimmt.", "1 Minute", "Time is up"]);
  expect([number(1234.5, 1), kroner(12_500_000)]).toEqual(["1.234,5", "12,5\u00a0Mio.\u00a0DKK"]);
  expect([inTongue({ da: "Høst", en: "Harvest", de: "Ernte" }), inTongue({ da: "Høst", en: "Harvest" })]).toEqual(["Ernte", "Harvest"]);
  await ask("/api/x");
  expect(new Headers(fetched.mock.calls[1]![1]!.headers).get("accept-language")).toBe("de");
  await speakIn("da");
  expect([tongue.value, language.value, w("time.up")]).toEqual(["da", "da", "Tiden er gået"]);
});

test("where there are no words the language stays what it was", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 404 }));
  expect(await speakIn("fi")).toBe(false);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no net")));
  expect(await speakIn("fi")).toBe(false);
  expect(tongue.value).toBe("da");
});

test("a language that browsers do not know writes numbers as English does", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}"));
  expect(await speakIn("x")).toBe(true);
  expect([locale(), number(1234)]).toEqual(["en-GB", "1,234"]);
});

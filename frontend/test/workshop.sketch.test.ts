// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import type { Drawn, Place } from "../src/api/types";
import { least, length, surface, workOf } from "../src/map/work";
import { language } from "../src/text/text";
import { act, ideaDraft, token, workDraft } from "../src/workshop/phone/session";
import { lastRun, own } from "../src/workshop/own";
import { added, around, middle, SIZES, told } from "../src/workshop/sketch";
import type { State } from "../src/workshop/types";

afterEach(() => {
  language.value = "da";
  vi.unstubAllGlobals();
});
const HERE: Place = [9.54, 55.7];

test("points are put one after the other, in six decimals, never twice on the same spot, never more than fit", () => {
  const one = added([], [9.123456789, 55.7]);
  expect(one).toEqual([[9.123457, 55.7]]);
  expect(added(one, [9.1234571, 55.7])).toBe(one);
  let points: Place[] = [];
  for (let k = 0; k < 100; k += 1) points = added(points, [9 + k / 1000, 55.7], 60);
  expect(points).toHaveLength(60);
});

test("a wall takes two points and a height, a basin three and a depth, a rain bed three", () => {
  const line: Place[] = [[9.5, 55.7], [9.51, 55.7]];
  const area: Place[] = [...line, [9.51, 55.71]];
  expect([least("wall"), least("basin"), least("rain_bed")]).toEqual([2, 3, 3]);
  expect(workOf("wall", line.slice(1), 1)).toBeNull();
  expect(workOf("basin", line, 1)).toBeNull();
  expect(workOf("wall", line, 1.5)).toEqual({ kind: "wall", line, height: 1.5 });
  expect(workOf("basin", area, 0.8)).toEqual({ kind: "basin", area, depth: 0.8 });
  expect(workOf("rain_bed", area, 9)).toEqual({ kind: "rain_bed", area });
});

test.each(SIZES)("without a map a work of %i m lies in the middle of the district", (size) => {
  const wall = workOf("wall", around(HERE, "wall", size), 2)!;
  const basin = workOf("basin", around(HERE, "basin", size), 1)!;
  expect(Math.abs(length(wall.line!) / size - 1)).toBeLessThan(0.005);
  expect(Math.abs(surface(basin.area!) / size ** 2 - 1)).toBeLessThan(0.005);
  for (const work of [wall, basin]) expect(middle(work).every((part, k) => Math.abs(part - HERE[k]!) < 2e-6)).toBe(true);
});

test("a work is told by what it is and how large, in both languages", () => {
  const wall: Drawn = { kind: "wall", line: [[9.54, 55.7], [9.54, 55.701]], height: 1.5 };
  expect(told(wall)).toBe("Mur eller dige: 111 m lang, 1,5 m høj");
  language.value = "en";
  expect(told(wall)).toBe("Wall or dike: 111 m long, 1.5 m high");
  expect(told({ kind: "rain_bed", area: around(HERE, "rain_bed", 100) })).toMatch(/^Rain bed: (9,99\d|10,00\d) m²$/);
});

test("one's own idea is found again in the measure that it became; what the leader hid is not told", () => {
  const idea = (id: string, parts: { id: string; text: string }[] = []) => ({ id, text: `idea ${id}`, parts });
  const runs = [{ job: "a", ideas: ["i3"], status: "successful" }, { job: "b", ideas: ["i3", "i4"], status: "successful" }, { job: "c", ideas: ["i3"], status: "failed" }];
  const now = { ideas: [idea("i3", [{ id: "i1", text: "raise the edge" }]), idea("i4")], runs } as unknown as State;
  expect(own(now, ["i1", "i2", "i4"]).map(({ id, text, now, merged }) => [id, text, now.id, merged])).toEqual([
    ["i1", "raise the edge", "i3", true],
    ["i4", "idea i4", "i4", false],
  ]);
  expect(lastRun(now, "i3")?.job).toBe("b");
  expect(lastRun(now, "i9")).toBeNull();
});

test("a refused work comes back to the drafts, its words only where somebody wrote them", async () => {
  vi.stubGlobal("fetch", async () => new Response('{"detail":"not now","reason":"when_idea"}', { status: 409 }));
  const wall = workOf("wall", around(HERE, "wall", 100), 2)!;
  for (const text of [told(wall), "Hold vandet ude"]) {
    token.value = "t";
    [ideaDraft.value, workDraft.value] = ["", null];
    act({ kind: "idea", text, drawn: [wall] });
    await vi.waitFor(() => expect(workDraft.value).toEqual(wall));
    expect(ideaDraft.value).toBe(text === told(wall) ? "" : text);
  }
});

// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow, Parser, pause, type Heard } from "../src/workshop/stream";
import type { Refused } from "../src/workshop/wire";
import { readCode, where } from "../src/workshop/where";

test("events are found wherever a part ends", () => {
  const text = 'retry: 2000\n\nid: 4\nevent: state\ndata: {"a":"æ\\n"}\n\n: still here\n\nevent: state\r\ndata: 1\r\ndata: 2\r\n\r\n';
  const told = [{ event: "state", data: '{"a":"æ\\n"}' }, { event: "state", data: "1\n2" }];
  expect(new Parser().push(text)).toEqual(told);
  const parser = new Parser();
  expect([...text].flatMap((letter) => parser.push(letter))).toEqual(told);
});

test("pauses grow, end, and differ between phones", () => {
  expect([0, 1, 2, 3, 9, 99].map((tries) => pause(tries, 0.5))).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  expect(pause(0, 0)).toBeCloseTo(700);
  expect(pause(0, 1)).toBeCloseTo(1300);
});

const body = (text: string) => new ReadableStream({ start: (stream) => (stream.enqueue(new TextEncoder().encode(text)), stream.close()) });
const state = (n: number) => new Response(body(`event: state\ndata: ${n}\n\n`));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a line that breaks is taken up again; what is refused is not asked again", async () => {
  const answers = [() => state(1), () => Promise.reject(new TypeError("no net")), () => state(2), () => new Response('{"detail":"gone","reason":"no_workshop"}', { status: 404 })];
  const fetched = vi.fn(async () => answers.shift()!());
  vi.stubGlobal("fetch", fetched);
  const heard: Heard[] = [];
  const lines: boolean[] = [];
  const refused: Refused[] = [];
  const stop = follow("/events", { event: (each) => heard.push(each), line: (up) => lines.push(up), refused: (error) => refused.push(error) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard.map((each) => each.data)).toEqual(["1", "2"]);
  expect(lines).toEqual([true, false, false, true, false]);
  expect(refused.map((error) => error.message)).toEqual(["gone"]);
  expect(fetched).toHaveBeenCalledTimes(4);
  stop();
});

test("the address says which page it is", () => {
  expect(where("/w/abc346")).toEqual({ role: "phone", code: "ABC346" });
  expect(where("/screen/ABC346/")).toEqual({ role: "screen", code: "ABC346" });
  expect(where("/leader/ABC346")).toEqual({ role: "leader", code: "ABC346" });
  expect(where("/leader")).toEqual({ role: "make", code: "" });
  expect(where("/workshop")).toEqual({ role: "make", code: "" });
  expect(readCode(" abc-346 ")).toBe("ABC346");
});

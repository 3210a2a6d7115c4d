// @vitest-environment happy-dom
import { h, render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { runs, shown } from "../src/model/state";
import { EventPanel } from "../src/panel/event-panel";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([["old", "new"], ["new", "old"]])("who pulls again before the server has answered sees the last run alone (%s first)", async (...order) => {
  vi.useFakeTimers();
  const answers: ((job: string) => void)[] = [];
  const left: string[] = [];
  const told = (jobID: string, status: string) => new Response(JSON.stringify({ jobID, status, progress: 0 }));
  vi.stubGlobal("EventSource", class { addEventListener() {} });
  vi.stubGlobal("fetch", (address: string, { method }: RequestInit) => {
    if (method === "DELETE") left.push(address);
    return method === "DELETE" ? Promise.resolve(told(address, "dismissed")) : new Promise((done) => answers.push((job) => done(told(job, "running"))));
  });
  [shown.value, runs.value] = [null, []];
  const page = document.createElement("div");
  render(h(EventPanel, {}), page);
  const slider = page.querySelector<HTMLInputElement>("#level")!;
  const put = async (metres: string) => {
    slider.value = metres;
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
    await vi.advanceTimersByTimeAsync(400);
  };
  await put("1.5");
  await put("2");
  for (const job of order) {
    answers[job === "old" ? 0 : 1]!(job);
    await vi.advanceTimersByTimeAsync(0);
    expect(shown.value).toBe(order.indexOf(job) >= order.indexOf("new") ? "new" : null);
  }
  expect(left).toEqual(["/jobs/old"]);
  slider.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(0);
  expect([shown.value, left]).toEqual([null, ["/jobs/old", "/jobs/new"]]);
  render(null, page);
});

// @vitest-environment happy-dom
import { h, render, type VNode } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, City, StatusInfo, Thing } from "../src/api/types";
import { cancel, go, start } from "../src/model/actions";
import { awaited, city, event, runs, shown, trouble } from "../src/model/state";
import { RunBar } from "../src/panel/run-bar";
import sources from "../src/text/sources.da.json";
import { language } from "../src/text/text";
import { words } from "../src/text/trouble";
import { From, Source } from "../src/ui/source";
import { ThingDialog } from "../src/ui/thing-dialog";

const LANGUAGES = ["da", "en"] as const;
const settled = () => new Promise((done) => setTimeout(done, 120)); // effects come after the next picture
const status = (jobID: string, more: Partial<StatusInfo> = {}) => ({ jobID, status: "running", progress: 0, message: "", ...more }) as StatusInfo;
let page: HTMLElement;

/** Draw into a panel that scrolls, as on a desk, or into a page that does, as on a phone. */
function drawn(what: VNode<any>, scrolls = "panel"): HTMLElement {
  const box = document.createElement("main");
  box.innerHTML = '<aside><button>Sluk</button><div class="here"></div></aside>';
  (scrolls === "panel" ? box.firstElementChild as HTMLElement : box).style.overflowY = "auto";
  document.body.append(box);
  render(what, box.querySelector(".here")!);
  return box;
}

beforeEach(() => {
  city.value = { strategies: [], events: [] } as unknown as City;
  event.value = { kind: "outage", services: ["power"] } as unknown as typeof event.value;
  [runs.value, shown.value, awaited.value, trouble.value, language.value] = [[], null, null, null, "da"];
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.querySelectorAll(".here").forEach((each) => render(null, each));
  document.body.replaceChildren();
});

describe("shares are written as their readers write them", () => {
  const part = { da: "40\u00a0%", en: "40%" };
  it.each(LANGUAGES)("how far a run is (%s)", (tongue) => {
    language.value = tongue;
    runs.value = [{ id: "a", ask: { event: event.value } as never, status: status("a", { progress: 40 }), answer: null, frames: [] }];
    shown.value = "a";
    page = drawn(h(RunBar, {}));
    expect(page.querySelector("[role=status]")!.textContent).toMatch(new RegExp(` ${part[tongue]}$`));
  });
  it.each(LANGUAGES)("a fact of a thing (%s)", (tongue) => {
    language.value = tongue;
    const fact = { name_da: "Lav indkomst", name_en: "Low income", value: 40, unit: "%", source: "a test", constructed: true };
    page = drawn(h(ThingDialog, { thing: { title_da: "Bydel", title_en: "District", facts: [fact] } as Thing, close: () => {} }));
    expect(page.querySelector("dd")!.firstChild!.textContent).toBe(part[tongue]);
  });
});

describe("where a figure comes from", () => {
  const text = (what: VNode<any>) => drawn(what).querySelector(".here")!;
  const known = Object.keys(sources)[0]!;
  it("is told in Danish where there are Danish words", () => {
    const here = text(h(From, { text: known }));
    expect(here.textContent).toBe(`Kilde: ${(sources as Record<string, string>)[known]}`);
    expect(here.querySelector("[lang]")).toBeNull();
    expect(text(h(Source, { text: "assumption" })).textContent).toBe("antagelse");
  });
  it("is said to be in English where it is, to screen readers too", () => {
    const here = text(h(From, { text: "Chow (1959) table 5-6" }));
    expect(here.textContent).toBe("Kilde (på engelsk): Chow (1959) table 5-6");
    expect(here.querySelector("[lang=en]")!.textContent).toBe("Chow (1959) table 5-6");
  });
  it("is told as it stands in English", () => {
    language.value = "en";
    expect(text(h(From, { text: known })).textContent).toBe(`Source: ${known}`);
  });
});

describe("the answer that a button asked for", () => {
  const told = (job: string) => Promise.resolve(new Response(JSON.stringify(status(job))));
  async function asked(job: string, scrolls: string, reduced = true) {
    vi.stubGlobal("EventSource", class { addEventListener() {} });
    vi.stubGlobal("fetch", () => told(job));
    vi.stubGlobal("matchMedia", () => ({ matches: reduced }));
    page = drawn(h(RunBar, {}), scrolls);
    const moved = { panel: vi.fn(), page: vi.fn() };
    page.querySelector("aside")!.scrollTo = moved.panel;
    page.scrollTo = moved.page;
    page.querySelector("button")!.focus();
    await go();
    await settled();
    return moved;
  }
  const answered = async (job: string) => {
    runs.value = runs.value.map((run) => (run.id === job ? { ...run, status: status(job, { status: "successful" }), answer: { key: job } as Answer } : run));
    await settled();
  };
  it.each([["panel", true, "auto"], ["page", true, "auto"], ["panel", false, "smooth"]] as const)("comes into view where the %s scrolls (less motion: %s), and the focus stays", async (scrolls, reduced, behavior) => {
    const moved = await asked("a", scrolls, reduced);
    expect(moved[scrolls]).not.toHaveBeenCalled();
    await answered("a");
    await vi.waitFor(() => expect(moved[scrolls]).toHaveBeenCalled());
    expect(moved[scrolls]).toHaveBeenCalledExactlyOnceWith({ top: expect.any(Number), behavior });
    expect(moved[scrolls === "panel" ? "page" : "panel"]).not.toHaveBeenCalled();
    expect(document.activeElement!.textContent).toBe("Sluk");
    expect(page.querySelector("[role=status]")!.textContent).toBe("Færdig.");
    await answered("a");
    expect(moved[scrolls]).toHaveBeenCalledOnce();
  });
  it.each(["pointerdown", "keydown", "wheel"])("moves nothing for who has gone on to something else (%s)", async (what) => {
    const moved = await asked("a", "panel");
    await vi.waitFor(() => {
      page.querySelector("button")!.dispatchEvent(new Event(what, { bubbles: true }));
      expect(awaited.value).toBeNull();
    });
    await answered("a");
    expect(moved.panel).not.toHaveBeenCalled();
  });
});

describe("a run that is refused at once", () => {
  const refusal = { detail: "A drawn wall must lie inside the city's map; one does not.", detail_da: "Muren skal ligge inden for byens kort.", detail_en: "The wall must lie inside the city's map." };
  it.each(LANGUAGES)("is told in the reader's language, and no run is left behind (%s)", async (tongue) => {
    language.value = tongue;
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(refusal), { status: 400 }));
    await go();
    expect(words(trouble.value!)).toBe(refusal[`detail_${tongue}`]);
    expect([runs.value, shown.value, awaited.value]).toEqual([[], null, null]);
  });
});

describe("a run that is stopped", () => {
  it("has no more pictures: the server throws them away", async () => {
    const said: Record<string, (event: object) => void> = {};
    vi.stubGlobal("EventSource", class { addEventListener(name: string, hear: (event: object) => void) { said[name] = hear; } });
    vi.stubGlobal("fetch", async (_: string, { method }: RequestInit) => new Response(JSON.stringify(status("a", { status: method === "DELETE" ? "dismissed" : "running" }))));
    const picture = (n: number) => said["frame"]!({ data: JSON.stringify({ n, time_s: 60 * n, address: `/jobs/a/frames/${n}.png` }) });
    await start();
    picture(0);
    cancel("a");
    picture(1);
    await vi.waitFor(() => expect(runs.value[0]!.status.status).toBe("dismissed"));
    expect(runs.value[0]!.frames.map((each) => each.n)).toEqual([0]);
  });
});

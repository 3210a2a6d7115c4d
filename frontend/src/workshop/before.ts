/** The same event without the ideas, so that a run has something to be held against. */
import { signal } from "@preact/signals";
import * as api from "../api/client";
import type { Ask } from "../api/types";
import type { Figures, Hit, Run } from "./types";

export type Base = { figures: Figures; districts: Hit[] };

const bases = signal<Record<string, Base>>({});
const asked = new Set<string>();
const SPREAD = 3_000; // [ms] so that a hundred phones do not ask in the same moment
const EACH = 2_000; // [ms] between two looks at a run
const LOOKS = 300;

/** What happens without the ideas of a run; null until the model has said it. */
export function before(run: Run): Base | null {
  const key = [run.event, run.strategy, run.year ?? ""].join("|");
  const found = bases.value[key];
  if (!found && run.status === "successful" && !asked.has(key)) {
    asked.add(key);
    void fetchBase(run).then(
      (base) => (bases.value = { ...bases.value, [key]: base }),
      () => setTimeout(() => asked.delete(key), 10 * SPREAD),
    );
  }
  return found ?? null;
}

const rest = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

async function fetchBase(run: Run): Promise<Base> {
  await rest(SPREAD * Math.random());
  const question: Ask = { event: run.event, strategy: run.strategy, measures: [], without: [], drawn: [] };
  let { jobID, status } = await api.execute(run.year === null ? question : { ...question, year: run.year });
  for (let looks = 0; status === "accepted" || status === "running"; looks += 1) {
    if (looks > LOOKS) throw new Error("the model did not answer in time");
    await rest(EACH);
    ({ status } = await api.status(jobID));
  }
  const { figures, districts } = await api.results(jobID);
  return { figures, districts };
}

/** The server, one function a question; what it refuses is told in the reader's language. */
import type { Outcome, PeriodAsked, Told } from "../dynamics/types";
import { language } from "../text/text";
import type { Answer, Ask, City, Frame, Problem, StatusInfo, Thing, Variable } from "./types";

/** The server said no; `problem` is what it said, where it could say it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The server could not be reached. */
export class Away extends Error {}

const away = (error: unknown): never => {
  throw new Away(String(error));
};

async function get<T>(address: string, init: RequestInit = {}): Promise<T> {
  const headers = { "Accept-Language": language.value, ...init.headers };
  const answer = await fetch(address, { ...init, headers }).catch(away);
  if (!answer.ok) throw new Refused(await problem(answer));
  return (await answer.json().catch(away)) as T;
}

async function problem(answer: Response): Promise<Problem> {
  try {
    const told = (await answer.json()) as Partial<Problem>;
    return { ...told, detail: told.detail ?? told.title ?? answer.statusText, written: answer.headers.get("Content-Language") };
  } catch {
    return { detail: `${answer.status} ${answer.statusText}`, written: null };
  }
}

export const city = () => get<City>("/api/city");
export const variables = () => get<Variable[]>("/api/variables");
export const thing = (layer: string, id: string | number) => get<Thing>(`/api/things/${layer}/${id}`);
export const status = (job: string) => get<StatusInfo>(`/jobs/${job}`);
export const results = (job: string) => get<Answer>(`/jobs/${job}/results`);
export const dismiss = (job: string) => get<StatusInfo>(`/jobs/${job}`, { method: "DELETE" });

export const execute = (ask: Ask) => get<StatusInfo>("/processes/what-if/execution", posted({ inputs: ask }));

const PATIENCE = 20_000; // [ms] a plan is answered within seconds
export type Plan = { first_year: number; period: PeriodAsked[]; compare: boolean };
export const dynamics = () => get<Told>("/api/dynamics", { signal: AbortSignal.timeout(PATIENCE) });
export const play = (plan: Plan) => get<Outcome>("/api/dynamics", { ...posted(plan), signal: AbortSignal.timeout(PATIENCE) });

function posted(body: unknown): RequestInit {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** Follow a job until it is over; the returned function stops following. */
export function follow(job: string, on: { status: (s: StatusInfo) => void; frame: (f: Frame) => void; done: (s: StatusInfo) => void }): () => void {
  const source = new EventSource(`/jobs/${job}/events`);
  const read = <T>(event: Event) => JSON.parse((event as MessageEvent<string>).data) as T;
  source.addEventListener("status", (event) => on.status(read<StatusInfo>(event)));
  source.addEventListener("frame", (event) => on.frame(read<Frame>(event)));
  source.addEventListener("done", (event) => {
    source.close();
    on.done(read<StatusInfo>(event));
  });
  return () => source.close();
}

/** The server, one function a question; what it refuses becomes one sentence. */
import type { Answer, Ask, City, Frame, StatusInfo, Thing, Variable } from "./types";

export class Refused extends Error {}

async function get<T>(address: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(address, init);
  if (!answer.ok) throw new Refused(await sentence(answer));
  return (await answer.json()) as T;
}

async function sentence(answer: Response): Promise<string> {
  try {
    const told = (await answer.json()) as { detail?: unknown; title?: unknown };
    const words = told.detail ?? told.title;
    return typeof words === "string" ? words : answer.statusText;
  } catch {
    return `${answer.status} ${answer.statusText}`;
  }
}

export const city = () => get<City>("/api/city");
export const variables = () => get<Variable[]>("/api/variables");
export const thing = (layer: string, id: string | number) => get<Thing>(`/api/things/${layer}/${id}`);
export const status = (job: string) => get<StatusInfo>(`/jobs/${job}`);
export const results = (job: string) => get<Answer>(`/jobs/${job}/results`);
export const dismiss = (job: string) => get<StatusInfo>(`/jobs/${job}`, { method: "DELETE" });

export function execute(ask: Ask): Promise<StatusInfo> {
  const body = JSON.stringify({ inputs: ask });
  return get<StatusInfo>("/processes/what-if/execution", { method: "POST", headers: { "Content-Type": "application/json" }, body });
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

/** One question to the server and its answer: what it refuses, what must wait, and what time it is there. */
import { tongue } from "./tongue";

/** The server said no; `message` is its sentence in the reader's language. */
export class Refused extends Error {
  constructor(readonly status: number, readonly reason: string, sentence: string) {
    super(sentence);
  }
}

/** The server cannot take it now and has not taken it; `wait` [s] is how long it asks us to wait. */
export class Later extends Error {
  constructor(readonly wait: number, sentence: string) {
    super(sentence);
  }
}

/** No answer came, or that of a broken server: nobody knows whether what was sent arrived. */
export class Away extends Error {}

export type Asked = { method?: string; token?: string | null; body?: unknown; signal?: AbortSignal };
const PATIENCE = 20_000; // [ms]
const LATER = new Set([408, 425, 429, 503]);

let ahead = 0; // [ms] that the server's clock is ahead of ours

/** What the time is by the server's clock [ms since 1970]. */
export const now = (): number => Date.now() + ahead;

export async function ask(address: string, { method = "GET", token, body, signal }: Asked = {}): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": tongue.value };
  if (token) headers["X-Genrejs-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const late = new AbortController();
  const timer = signal ? undefined : setTimeout(() => late.abort(), PATIENCE);
  const init: RequestInit = { method, headers, signal: signal ?? late.signal };
  let answer: Response;
  try {
    answer = await fetch(address, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  } catch (error) {
    throw new Away(String(error));
  } finally {
    clearTimeout(timer);
  }
  hear(answer.headers.get("date"));
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function get<T>(address: string, asked: Asked = {}): Promise<T> {
  const answer = await ask(address, asked);
  try {
    return (await answer.json()) as T;
  } catch (error) {
    throw new Away(String(error));
  }
}

/** Set our clock by the server's: it tells whole seconds, half a second is the middle. */
export function hear(date: string | null): void {
  const told = Date.parse(date ?? "");
  if (Number.isFinite(told)) ahead = Math.abs(told + 500 - Date.now()) < 1000 ? 0 : told + 500 - Date.now();
}

async function refusal(answer: Response): Promise<Error> {
  const told = (await answer.json().catch(() => ({}))) as { detail?: unknown; reason?: unknown };
  const sentence = typeof told.detail === "string" ? told.detail : `${answer.status} ${answer.statusText}`;
  if (answer.status >= 500 && answer.status !== 503) return new Away(sentence);
  if (!LATER.has(answer.status)) return new Refused(answer.status, String(told.reason ?? ""), sentence);
  const wait = Number(answer.headers.get("retry-after"));
  return new Later(Number.isFinite(wait) ? wait : 0, sentence);
}

/** Follow a workshop over server-sent events; a line that breaks or goes silent is taken up again. */
import { ask, Refused } from "./wire";

const SILENCE = 40_000; // [ms] the server says something every 15 s
const FIRST = 1_000; // [ms]
const LONGEST = 15_000; // [ms]

export type Heard = { event: string; data: string };
export type On = { event: (heard: Heard) => void; line: (up: boolean) => void; refused: (error: Refused) => void };

/** Takes a stream apart into events; a part may end anywhere. */
export class Parser {
  private rest = "";

  push(part: string): Heard[] {
    const blocks = (this.rest + part).split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? "";
    return blocks.map(read).filter((heard) => heard.data !== "");
  }
}

function read(block: string): Heard {
  const fields = block.split(/\r?\n/).map((line) => line.match(/^(\w+): ?(.*)$/)).filter((each) => each !== null);
  const of = (name: string) => fields.filter((field) => field[1] === name).map((field) => field[2]);
  return { event: of("event").at(-1) ?? "message", data: of("data").join("\n") };
}

/** How long to wait before the next try [ms]: twice as long each time, and not all phones at once. */
export function pause(tries: number, chance: number = Math.random()): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(tries, 10)) * (0.7 + 0.6 * chance);
}

/** Follow an address; the returned function stops. */
export function follow(address: string, on: On): () => void {
  let stopped = false;
  let cut = new AbortController();
  let wake = () => {};
  const again = () => wake();
  const seen = () => document.visibilityState === "visible" && wake();
  addEventListener("online", again);
  document.addEventListener("visibilitychange", seen);

  const run = async () => {
    for (let tries = 0; !stopped; tries += 1) {
      cut = new AbortController();
      try {
        await listen(address, cut, (heard) => {
          tries = 0;
          on.line(true);
          on.event(heard);
        });
      } catch (error) {
        if (stopped) return;
        if (error instanceof Refused) return on.refused(error);
      }
      if (stopped) return;
      on.line(false);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, pause(tries));
        wake = () => (clearTimeout(timer), done());
      });
      wake = () => {};
    }
  };
  void run();
  return () => {
    stopped = true;
    removeEventListener("online", again);
    document.removeEventListener("visibilitychange", seen);
    cut.abort();
    wake();
  };
}

async function listen(address: string, cut: AbortController, heard: (heard: Heard) => void): Promise<void> {
  let timer = setTimeout(() => cut.abort(), SILENCE);
  try {
    const answer = await ask(address, { signal: cut.signal });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new Parser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(), SILENCE);
      parser.push(value).forEach(heard);
    }
  } finally {
    clearTimeout(timer);
  }
}

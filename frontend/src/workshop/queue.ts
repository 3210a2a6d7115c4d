/** What a participant does waits here until the server has it: nothing is lost, and by its key nothing is done twice. */
import { signal, type Signal } from "@preact/signals";
import { newKey } from "./once";
import { pause } from "./stream";
import type { Given } from "./types";
import { Later, Refused } from "./wire";

export type Item = { once: string; action: Given };
export type Hands = { send: (item: Item) => Promise<unknown>; refused: (item: Item, error: Refused) => void };

/** Actions of the same key say the same thing anew, so that only the last one counts; null: each counts. */
export function keyOf(action: Given): string | null {
  if (action.kind === "star") return `star ${action.card}`;
  if (action.kind === "support") return `support ${action.idea}`;
  if (action.kind === "good") return `good ${action.idea} ${action.good}`;
  return action.kind === "budget" || action.kind === "dots" ? action.kind : null;
}

export class Queue {
  /** Whether something could not be sent and is to be tried again. */
  readonly stuck = signal(false);
  /** Why the server asks us to wait, in its words; null where it did not answer. */
  readonly why = signal<string | null>(null);
  private busy = false;
  private flying: string | null = null;
  private wake = () => {};

  constructor(private readonly items: Signal<Item[]>, private readonly hands: Hands) {}

  /** Put an action in and send what waits. */
  add(action: Given): void {
    const key = keyOf(action);
    const old = (item: Item) => key !== null && item.once !== this.flying && keyOf(item.action) === key;
    this.items.value = [...this.items.value.filter((item) => !old(item)), { once: newKey(), action }];
    void this.run();
  }

  /** Try again at once, as when the net is back. */
  kick(): void {
    this.wake();
    void this.run();
  }

  /** Send what waits, one after the other, until nothing does. */
  async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let tries = 0; this.items.value.length; ) {
        const wait = await this.one(this.items.value[0]!);
        tries = wait === null ? 0 : tries + 1;
        this.stuck.value = wait !== null;
        if (wait !== null) await this.rest(Math.max(wait * 1000, pause(tries - 1)));
      }
    } finally {
      this.busy = false;
    }
  }

  /** Send one; return null when it is over, else the seconds that the server asks us to wait. */
  private async one(item: Item): Promise<number | null> {
    this.flying = item.once;
    this.why.value = null;
    try {
      await this.hands.send(item);
      this.drop(item);
      return null;
    } catch (error) {
      if (error instanceof Refused) {
        this.drop(item);
        this.hands.refused(item, error);
        return null;
      }
      if (!(error instanceof Later)) return 0;
      this.why.value = error.message;
      return error.wait;
    } finally {
      this.flying = null;
    }
  }

  private drop(item: Item): void {
    this.items.value = this.items.value.filter((each) => each.once !== item.once);
  }

  private rest(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.wake = () => (clearTimeout(timer), done());
    });
  }
}

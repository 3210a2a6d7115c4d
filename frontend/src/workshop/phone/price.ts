/** What a drawn work costs, asked of the server a moment after it was last changed. */
import { useEffect, useState } from "preact/hooks";
import type { Drawn } from "../../api/types";
import { root } from "../state";
import { get, Refused } from "../wire";
import { token } from "./session";

/** [DKK], why it has none, or null while that is not known. */
export type Priced = { dkk: number } | { why: string; no: boolean } | null;
const STILL = 500; // [ms]

export function usePrice(work: Drawn | null): Priced {
  const [priced, setPriced] = useState<Priced>(null);
  const key = JSON.stringify(work);
  useEffect(() => {
    setPriced(null);
    if (!work) return;
    const timer = setTimeout(() => void ask(work).then((found) => current && setPriced(found)), STILL);
    let current = true;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return priced;
}

/** `no`: it cannot be built as it is drawn; else it is only that the server cannot tell now. */
async function ask(work: Drawn): Promise<Priced> {
  try {
    return await get<{ dkk: number }>(`${root}/price`, { method: "POST", token: token.value, body: { drawn: [work] } });
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), no: error instanceof Refused };
  }
}

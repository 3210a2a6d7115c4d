/** The workshop's words in the reader's language. */
import { language } from "../text/text";
import da from "../text/workshop.da.json";
import en from "../text/workshop.en.json";
import type { Term } from "./types";

export type Word = keyof typeof da;
const WORDS: Record<string, Record<string, string>> = { da, en };

/** The text of a key, with `{name}` filled in. */
export function w(key: Word, values: Record<string, string | number> = {}): string {
  const text = WORDS[language.value]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text for one, or for `n` of them. */
export const count = (one: Word, many: Word, n: number): string => w(n === 1 ? one : many, { n });

/** A round or an other good by its name, as the server tells it. */
export function named(terms: Term[] | undefined, id: string): string {
  const names = terms?.find((each) => each.id === id)?.names;
  return names?.[language.value] ?? names?.en ?? id;
}

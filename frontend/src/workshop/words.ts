/** The workshop's words in the reader's language. */
import { language, number, t } from "../text/text";
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

/** An amount that people share out [DKK]: in millions with one decimal where there is one to tell. */
export const kroner = (dkk: number): string => amount(dkk).replaceAll(" ", "\u00a0");

function amount(dkk: number): string {
  if (dkk < 1e6) return t("money.plain", { n: number(Math.round(dkk)) });
  const [size, key] = dkk < 1e9 ? ([1e6, "money.million"] as const) : ([1e9, "money.billion"] as const);
  const tenths = Math.round((10 * dkk) / size);
  return t(key, { n: number(tenths / 10, tenths % 10 ? 1 : 0) });
}

/** A round or an other good by its name, as the server tells it. */
export function named(terms: Term[] | undefined, id: string): string {
  const names = terms?.find((each) => each.id === id)?.names;
  return names?.[language.value] ?? names?.en ?? id;
}

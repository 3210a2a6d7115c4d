/** The workshop's words in the reader's language. */
import da from "../text/workshop.da.json";
import en from "../text/workshop.en.json";
import { filled, type Values } from "../text/text";
import { otherWords, tongue } from "./tongue";
import type { Term } from "./types";

export type Word = keyof typeof da;
const WORDS: Record<string, Record<string, string>> = { da, en };
const STYLES: Record<string, string> = { da: "da-DK", en: "en-GB" };

export function w(key: Word, values: Values = {}): string {
  return filled(otherWords.value?.[key] ?? WORDS[tongue.value]?.[key] ?? en[key] ?? key, values);
}

/** The text for one, or for `n` of them. */
export const count = (one: Word, many: Word, n: number): string => w(n === 1 ? one : many, { n });

/** How the reader's language writes numbers, times and days. */
export function locale(): string {
  const style = STYLES[tongue.value] ?? tongue.value;
  try {
    return Intl.getCanonicalLocales(style)[0] ?? "en-GB";
  } catch {
    return "en-GB"; // a language that browsers do not know
  }
}

export function number(value: number, decimals = 0): string {
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
}

/** An amount that people share out [DKK]: in millions with one decimal where there is one to tell. */
export const kroner = (dkk: number): string => amount(dkk).replaceAll(" ", "\u00a0");

function amount(dkk: number): string {
  if (dkk < 1e6) return w("money.plain", { n: number(Math.round(dkk)) });
  const [size, key] = dkk < 1e9 ? ([1e6, "money.million"] as const) : ([1e9, "money.billion"] as const);
  const tenths = Math.round((10 * dkk) / size);
  return w(key, { n: number(tenths / 10, tenths % 10 ? 1 : 0) });
}

/** What the model says in kroner [DKK]: no finer than it can know. */
export function about(dkk: number): string {
  const step = dkk >= 1e10 ? 1e9 : dkk >= 1e9 ? 1e8 : dkk >= 1e7 ? 1e6 : dkk >= 1e6 ? 1e5 : dkk >= 1e4 ? 1e3 : 1;
  return kroner(Math.round(dkk / step) * step);
}

/** A round or an other good by its name, as the server tells it. */
export function named(terms: Term[] | undefined, id: string): string {
  return inTongue(terms?.find((each) => each.id === id)?.names) ?? id;
}

export const inTongue = (names: Record<string, string> | undefined): string | undefined => names?.[tongue.value] ?? names?.en;

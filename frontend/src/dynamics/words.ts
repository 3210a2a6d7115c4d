/** The game's words in the reader's language. */
import da from "../text/dynamics.da.json";
import en from "../text/dynamics.en.json";
import { language, number } from "../text/text";

export type Word = keyof typeof da;
const WORDS: Record<string, Record<string, string>> = { da, en };

/** The text of a key, with `{name}` filled in. */
export function d(key: Word, values: Record<string, string | number> = {}): string {
  const text = WORDS[language.value]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Money of the symbolic budget, given in millions: no finer than a tenth where it is small. */
export const millions = (amount: number): string => d("money.millions", { n: number(amount, amount < 10 ? 1 : 0) }).replaceAll(" ", "\u00a0");

export const share = (value: number): string => `${number(100 * value)}\u00a0%`;

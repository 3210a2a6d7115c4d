/** The game's words in the reader's language. */
import da from "../text/dynamics.da.json";
import en from "../text/dynamics.en.json";
import { filled, language, number, type Values } from "../text/text";

export type Word = keyof typeof da;
const WORDS: Record<string, Record<string, string>> = { da, en };

export const d = (key: Word, values: Values = {}): string => filled(WORDS[language.value]?.[key] ?? key, values);

/** Money of the symbolic budget, given in millions: no finer than a tenth where it is small. */
export const millions = (amount: number): string => d("money.millions", { n: number(amount, amount < 10 ? 1 : 0) }).replaceAll(" ", "\u00a0");

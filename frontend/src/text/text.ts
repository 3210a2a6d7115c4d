/** Words in the reader's language, and numbers as its readers write them. */
import { signal } from "@preact/signals";
import da from "./da.json";
import en from "./en.json";

/** The languages that all pages are built with, each by its own name. */
export const LANGUAGES = [{ id: "da", name: "Dansk" }, { id: "en", name: "English" }] as const;
export type Language = (typeof LANGUAGES)[number]["id"];
export type Key = keyof typeof da;
/** A thing with a name in both languages, as the server sends it. */
export type Named = { name_da: string; name_en: string };

const WORDS: Record<Language, Record<string, string>> = { da, en };
export type Values = Record<string, string | number>;
const KEPT = "genrejs-language";

/** The language that the address asks for, else the one that is kept: under `own` where these pages keep their own. */
export function wanted(own = KEPT): string | null {
  return new URLSearchParams(location.search).get("lang") ?? remembered(own) ?? remembered(KEPT);
}

function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be switched off
  }
}

export function remember(id: string, name = KEPT): void {
  try {
    localStorage.setItem(name, id);
  } catch {
    // nothing to remember it in
  }
}

export const language = signal<Language>(wanted() === "en" ? "en" : "da");

export function speak(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
  remember(chosen);
}

/** A text with each `{name}` filled in. */
export function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const t = (key: Key, values: Values = {}): string => filled(WORDS[language.value][key] ?? key, values);

export function nameOf(thing: Named): string {
  return language.value === "da" ? thing.name_da : thing.name_en;
}

export function titleOf(thing: { title_da: string; title_en: string }): string {
  return language.value === "da" ? thing.title_da : thing.title_en;
}

export function number(value: number, decimals = 0): string {
  const style = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(language.value === "da" ? "da-DK" : "en-GB", style).format(value);
}

/** A count with three figures at most: a model knows no more. */
export function rough(value: number): number {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value)))) - 2);
  return Math.round(value / size) * size;
}

/** A share as its readers write it, never broken before the sign. */
export function percent(share: number, decimals = 0): string {
  return `${number(100 * share, decimals)}${language.value === "da" ? "\u00a0" : ""}%`;
}

/** Kroner with as few digits as one can keep in mind. */
export function money(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return t("money.billion", { n: number(value / 1e9, size >= 1e10 ? 0 : 1) });
  if (size >= 1e6) return t("money.million", { n: number(value / 1e6, size >= 1e7 ? 0 : 1) });
  if (size >= 1e4) return t("money.plain", { n: number(Math.round(value / 1e3) * 1e3) });
  return t("money.plain", { n: number(Math.round(value)) });
}

export function days(count: number): string {
  return count < 2 ? t("time.hours", { n: number(count * 24) }) : t("time.days", { n: number(count, count < 10 ? 1 : 0) });
}

export function clock(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

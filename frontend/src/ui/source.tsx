/** Where a figure comes from: in Danish too where `sources.da.json` has it; measures' sources and names stay as they are. */
import sources from "../text/sources.da.json";
import { language, t, type Key } from "../text/text";

const NONE: Record<string, Key> = { assumption: "source.assumption", chosen: "source.chosen" };
const DANISH: Record<string, string> = sources;

/** A source in the reader's language, null where there is none but the English one. */
function told(text: string): string | null {
  const key = NONE[text.trim()];
  if (key) return t(key);
  return language.value === "en" ? text : (DANISH[text.trim()] ?? null);
}

export function Source({ text }: { text: string }) {
  const own = told(text);
  return own === null ? <span lang="en">{text}</span> : <>{own}</>;
}

/** The same with the word "source" before it, which says when the source is in another language than the page. */
export function From({ text }: { text: string }) {
  return <>{t(told(text) === null ? "source.from_english" : "source.from")} <Source text={text} /></>;
}

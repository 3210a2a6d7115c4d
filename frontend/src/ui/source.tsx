/** Where a figure comes from: sources are in English, apart from the words that stand for no source at all. */
import { t, type Key } from "../text/text";

const NONE: Record<string, Key> = { assumption: "source.assumption", chosen: "source.chosen" };

export function Source({ text }: { text: string }) {
  const key = NONE[text.trim()];
  return key ? <>{t(key)}</> : <span lang="en">{text}</span>;
}

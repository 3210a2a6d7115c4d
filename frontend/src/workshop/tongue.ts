/** The language of these pages: one that they are built with, or one whose words the server has. */
import { computed, signal } from "@preact/signals";
import { language, LANGUAGES, remember, speak, wanted } from "../text/text";

const KEPT = "genrejs-workshop-language";
const built = (id: string) => LANGUAGES.find((each) => each.id === id)?.id;

/** A language that the pages are not built with, and its words by key; what they lack is told in English. */
const other = signal<{ id: string; words: Record<string, string> } | null>(null);

export const tongue = computed(() => other.value?.id ?? language.value);
export const otherWords = computed(() => other.value?.words ?? null);

/** Speak a language from now on; false where there are no words in it. */
export async function speakIn(id: string, keep = true): Promise<boolean> {
  const known = built(id);
  if (known) {
    other.value = null;
    if (keep) speak(known);
    else language.value = known;
  } else {
    const words = await fetched(id);
    if (!words) return false;
    language.value = "en"; // what is told in two languages only
    other.value = { id, words };
  }
  if (keep) remember(id, KEPT);
  return true;
}

/** Take up the language that was chosen here before. */
export function begun(): string | null {
  const chosen = wanted(KEPT);
  if (chosen !== null && !built(chosen)) void speakIn(chosen, false);
  return chosen;
}

async function fetched(id: string): Promise<Record<string, string> | null> {
  try {
    const answer = await fetch(`/api/workshop/words/${encodeURIComponent(id)}`);
    return answer.ok ? ((await answer.json()) as Record<string, string>) : null;
  } catch {
    return null; // no net: the language stays what it was
  }
}

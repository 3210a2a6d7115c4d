/** The language of these pages: one that they are built with, or one whose words the server has. */
import { computed, signal } from "@preact/signals";
import { language, speak, type Language } from "../text/text";

const KEPT = "genrejs-workshop-language";
const BUILT: readonly string[] = ["da", "en"] satisfies Language[];

/** A language that the pages are not built with, and its words by key; what they lack is told in English. */
const other = signal<{ id: string; words: Record<string, string> } | null>(null);

export const tongue = computed(() => other.value?.id ?? language.value);
export const otherWords = computed(() => other.value?.words ?? null);

/** Speak a language from now on; false where there are no words in it. */
export async function speakIn(id: string, keep = true): Promise<boolean> {
  if (BUILT.includes(id)) {
    other.value = null;
    if (keep) speak(id as Language);
    else language.value = id as Language;
  } else {
    const words = await fetched(id);
    if (!words) return false;
    language.value = "en"; // what is told in two languages only
    other.value = { id, words };
  }
  if (keep) remember(id);
  return true;
}

/** Take up the language that was chosen here before. */
export function begun(): string | null {
  const asked = new URLSearchParams(location.search).get("lang");
  const chosen = asked ?? remembered();
  if (chosen !== null && !BUILT.includes(chosen)) void speakIn(chosen, false);
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

function remembered(): string | null {
  try {
    return localStorage.getItem(KEPT) ?? localStorage.getItem("genrejs-language");
  } catch {
    return null; // storage is switched off
  }
}

function remember(id: string): void {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // nothing to remember it in
  }
}

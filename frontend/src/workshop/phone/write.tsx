/** A few words in a box that says how many more fit. */
import type { Signal } from "@preact/signals";
import { terms } from "../state";
import { w } from "../words";

export function Write({ id, label, draft }: { id: string; label: string; draft: Signal<string> }) {
  const most = terms.value?.limits.text ?? 280;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} rows={3} maxLength={most} value={draft.value} aria-describedby={`${id}-left`} onInput={(event) => (draft.value = event.currentTarget.value)} />
      <p id={`${id}-left`} class="aside">{w("write.left", { n: most - draft.value.length })}</p>
    </div>
  );
}

/** What was written and is not on the server yet. */
export function Waiting({ texts }: { texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul class="plain cards" aria-label={w("write.waiting")}>
      {texts.map((text, place) => (
        <li key={place} class="card pending">
          <p>{text}</p>
          <p class="aside">{w("write.waiting")}</p>
        </li>
      ))}
    </ul>
  );
}

/** The side of the page: what may be tried, and what came of it. */
import { useSignal } from "@preact/signals";
import { t } from "../text/text";
import { Choices } from "./choices";
import { DrawPanel } from "./draw-panel";
import { EventPanel } from "./event-panel";
import { Results } from "./results";
import { RunBar } from "./run-bar";
import { YearPanel } from "./year-panel";

const PARTS = ["event", "year", "choices", "draw"] as const;
type Part = (typeof PARTS)[number];
const VIEW: Record<Part, () => preact.JSX.Element> = { event: EventPanel, year: YearPanel, choices: Choices, draw: DrawPanel };

export function Panel() {
  const open = useSignal<Part>("event");
  const View = VIEW[open.value];
  return (
    <aside id="panel" class="panel" aria-label={t("panel.title")} tabIndex={-1}>
      <div role="tablist" class="tabs" aria-label={t("panel.title")}>
        {PARTS.map((part) => (
          <button type="button" role="tab" key={part} id={`tab-${part}`} aria-selected={open.value === part} aria-controls="part" tabIndex={open.value === part ? 0 : -1} onClick={() => (open.value = part)} onKeyDown={(e) => step(e, part, open)}>
            {t(`panel.${part}`)}
          </button>
        ))}
      </div>
      <div id="part" role="tabpanel" aria-labelledby={`tab-${open.value}`} class="part">
        <View />
      </div>
      <RunBar />
      <Results />
      <p class="aside"><a href="/dynamics">{t("page.dynamics")}</a></p>
    </aside>
  );
}

function step(event: KeyboardEvent, part: Part, open: { value: Part }): void {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const next = PARTS[(PARTS.indexOf(part) + way + PARTS.length) % PARTS.length]!;
  open.value = next;
  document.getElementById(`tab-${next}`)?.focus();
}

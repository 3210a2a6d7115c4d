/** The resilience curve: what share of the services works, from the shock and back. */
import type { Answer } from "../api/types";
import { percent, t } from "../text/text";

const [W, H, LEFT, RIGHT, BOTTOM] = [320, 160, 42, 14, 24];
const DAYS = [0, 1, 3, 10, 30, 100, 365, 730];
const STROKES = [
  { stroke: "#b3400f", "stroke-dasharray": "" },
  { stroke: "#0072b2", "stroke-dasharray": "6 3" },
];

/** Days on a scale where the first hours and the last year can both be seen. */
export function across(days: number, last: number): number {
  return LEFT + ((W - LEFT - RIGHT) * Math.log1p(days * 4)) / Math.log1p(last * 4);
}

export function Curve({ answers }: { answers: Answer[] }) {
  const last = Math.max(...answers.map((each) => (each.curve.hours.at(-1) ?? 24) / 24));
  const low = Math.min(0.9, Math.floor(Math.min(...answers.map((each) => Math.min(...each.curve.f))) * 10) / 10);
  const up = (f: number) => 6 + ((H - BOTTOM - 6) * (1 - f)) / (1 - low);
  const path = (each: Answer) => each.curve.hours.map((hour, k) => `${k ? "L" : "M"}${across(hour / 24, last).toFixed(1)} ${up(each.curve.f[k]!).toFixed(1)}`).join("");
  return (
    <figure class="curve">
      <figcaption>{t("curve.title")}</figcaption>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={t("curve.alt")}>
        {[1, 0.95, low].map((f) => (
          <g key={f}>
            <line x1={LEFT} x2={W - RIGHT} y1={up(f)} y2={up(f)} stroke={f === 0.95 ? "#8a5a00" : "#d8dfdc"} stroke-dasharray={f === 0.95 ? "2 3" : ""} />
            <text x={LEFT - 4} y={up(f) + (f === 0.95 ? 10 : 4)} text-anchor="end">{percent(f)}</text>
          </g>
        ))}
        {DAYS.filter((day) => day <= last).map((day) => <text key={day} x={across(day, last)} y={H - 6} text-anchor="middle">{day}</text>)}
        {answers.map((each, k) => <path key={each.key} d={path(each)} fill="none" stroke-width="2" {...STROKES[k]!} />)}
      </svg>
      <p class="aside">{t("curve.days")}{answers.length > 1 && ` ${t("curve.pair")}`}</p>
    </figure>
  );
}

/** What went wrong, in the reader's language; what the server says only in English is said to be so. */
import { Away, Refused } from "../api/client";
import type { StatusInfo } from "../api/types";
import { language, t } from "./text";

export type Trouble = Error | StatusInfo;

export function words(trouble: Trouble): string {
  if (trouble instanceof Away) return t("trouble.away");
  if (trouble instanceof Refused) return refusal(trouble);
  if (trouble instanceof Error) return t("trouble.ours", { what: trouble.message });
  return message(trouble) ?? t("trouble.english", { what: trouble.message });
}

/** What a job says of itself, null where the server has no words for it. */
export function message(job: StatusInfo): string | null {
  return (language.value === "da" ? job.message_da : job.message_en) ?? null;
}

function refusal({ problem }: Refused): string {
  const told = language.value === "da" ? problem.detail_da : problem.detail_en;
  if (told) return told;
  const understood = language.value === "en" || problem.written === language.value;
  return understood ? problem.detail : t("trouble.english", { what: problem.detail });
}

/** Whatever was thrown, as an error. */
export function caught(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** What became of a participant's own ideas. */
import type { Idea, Run, State } from "./types";

/** An idea in its writer's own words, and the one that it is now: itself, or the one that it was made part of. */
export type Own = { id: string; text: string; now: Idea; merged: boolean };

export function own(state: State, ids: string[]): Own[] {
  return ids.flatMap((id): Own[] => {
    const itself = state.ideas.find((idea) => idea.id === id);
    if (itself) return [{ id, text: itself.text, now: itself, merged: false }];
    const now = state.ideas.find((idea) => idea.parts.some((part) => part.id === id));
    const text = now?.parts.find((part) => part.id === id)?.text;
    return now && text !== undefined ? [{ id, text, now, merged: true }] : [];
  });
}

/** The last run that is done and that an idea is in. */
export const lastRun = (state: State, idea: string): Run | null => state.runs.findLast((run) => run.status === "successful" && run.ideas.includes(idea)) ?? null;

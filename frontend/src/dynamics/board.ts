/** The picture's figures: for each area and stage how much is in place, how it moved, and what was bought too early. */
import type { Early, Outcome, PeriodTold, StageId, Told } from "./types";

export type Cell = { level: number; change: number; ready: boolean; early: number };

const mean = (values: number[]): number => values.reduce((total, each) => total + each, 0) / values.length;
const HAIR = 1e-9;
/** What a period lost in a cell [million DKK]; codes begin with their area and stage. */
const lostIn = (period: PeriodTold, cell: string): number => period.early.filter((each) => each.code.startsWith(cell)).reduce((sum, each) => sum + each.lost, 0);

/** The levels after `years` years, by policy code. */
export function levelsAt(outcome: Outcome, years: number): Map<string, number> {
  const row = outcome.levels[years] ?? [];
  return new Map(outcome.policies.map((code, place) => [code, row[place] ?? 0]));
}

/** One cell, null where no policy could be read; `early` [million DKK] was lost there in `period`. */
export function cell(told: Told, sub: string, stage: StageId, now: Map<string, number>, before: Map<string, number>, period: PeriodTold | null): Cell | null {
  const codes = told.policies.filter((each) => each.sub === sub && each.stage === stage).map((each) => each.code);
  if (codes.length === 0) return null;
  const levels = codes.map((code) => now.get(code) ?? 0);
  return { level: mean(levels), change: mean(levels) - mean(codes.map((code) => before.get(code) ?? 0)), ready: levels.every((each) => each >= told.threshold - HAIR), early: period ? lostIn(period, sub + stage) : 0 };
}

/** Whether a loss is worth a mark: a fortieth of the round's money. */
export const marked = (early: number, period: PeriodTold | null): boolean => period !== null && early > HAIR && early >= 0.025 * period.spent;

/** The policies bought too early in the cells that are marked. */
export const tooEarly = (period: PeriodTold): Early[] => period.early.filter((each) => marked(lostIn(period, each.code.slice(0, 3)), period));

/** What is left for the rounds after the first ones [million DKK], by the years of each round. */
export const moneyLeft = (years: number[], rounds: number, budget: number): number => years.slice(rounds).reduce((sum, each) => sum + each * budget, 0);

/** How many years each round lasts, so that they make up all years: the first ones take what is left over. */
export function lengths(years: number, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) => Math.floor(years / rounds) + (round < years % rounds ? 1 : 0));
}

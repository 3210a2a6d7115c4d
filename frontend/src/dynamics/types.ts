/** What the server tells of city dynamics. */
import type { Named } from "../text/text";

export type StageId = "S" | "M" | "A" | "R" | "T";
export type Rule = "road-map" | "even";
export type Split = Record<string, number>;

export type Stage = Named & { id: StageId; means_da: string; means_en: string };
export type Sub = Named & { id: string; known: StageId[] };
export type Policy = Named & { code: string; sub: string; stage: StageId; cost: number; cost_range: [number, number]; decay: number };
export type Told = {
  threshold: number;
  stages: Stage[];
  subs: Sub[];
  policies: Policy[];
  defaults: { years: number; budget: number; first_year: number };
  sources: Record<string, string>;
};

export type PeriodAsked = { years: number; budget: number; split: Split; rule: Rule };
export type Early = { code: string; lost: number; before: string[]; ready: number };
export type Money = { spent: number; order: number; repeated: number; upkeep: number; progress: number };
export type PeriodTold = Money & { first: number; last: number; early: Early[]; by_stage: Record<StageId, number>; best_by_stage: Record<StageId, number> | null };
export type Year = { adopted: number; stage_lowest: number; stage_median: number };
export type Lever = Named & { name: string; unit: string; without: number; now: number; policies: string[] };
export type Compared = { score: number; road_map: number; even: number; best: number; share: number; best_adopted: number; best_median: number; best_lowest: number };
export type Outcome = {
  years: number[];
  policies: string[];
  levels: number[][];
  counted: string[];
  indicators: Year[];
  periods: PeriodTold[];
  levers: Lever[];
  comparison: Compared | null;
};

/** What a workshop's server sends and takes (`GET /openapi.json`, docs/web.md), in types. */
import type { Drawn, Place } from "../api/types";

export const ROUNDS = ["talk", "challenges", "ideas", "run", "added_value", "decide", "harvest"] as const;
export type Round = (typeof ROUNDS)[number];

/** What happens when the event comes. */
export type Struck = { figures: Figures; districts: Hit[] };
export type Card = { id: string; text: string; group: string | null; stars: number };
export type Idea = {
  id: string;
  text: string;
  measure: string | null;
  place: Place | null;
  drawn: Drawn[];
  support: number;
  goods: Record<string, number>;
  cost: number | null;
  cost_source: string | null;
  parts: { id: string; text: string }[];
};
export type Hit = { id: string; buildings_flooded: number | null; residents_wet: number | null; person_days: number | null };
export type Figures = Record<string, number | boolean | null>;
export type Run = {
  job: string;
  ideas: string[];
  event: string;
  strategy: string;
  year: number | null;
  status: "running" | "successful" | "failed";
  constructed: boolean | null;
  cost_dkk: number | null;
  figures: Figures | null;
  districts: Hit[];
  before: Struck | null;
};
export type Spent = { people: number; dkk: number };
export type Rules = { budget: number; stars: number; dots: number };
export type State = {
  code: string;
  title: string;
  question: string;
  city: string;
  language: string;
  rounds: Round[];
  round: Round;
  timer: { ends_at: string } | null;
  people: number;
  rules: Rules;
  cards: Card[];
  groups: string[];
  ideas: Idea[];
  runs: Run[];
  tally: "open" | "hidden";
  budget: { total: number; spent: Record<string, Spent> } | "hidden";
  dots: Record<string, number> | "hidden";
  chosen: string[] | "hidden";
  closed: boolean;
  version: number;
};

export type Hidden = { id: string; text: string; by: string };
export type Done = { seq: number; at: string; by: string; kind: string; undone: boolean; data: Record<string, unknown> };
export type Everything = State & {
  keep_until: string;
  voted: { budget: number; dots: number };
  participants: { id: string; nickname: string | null; language: string }[];
  hidden: { cards: Hidden[]; ideas: Hidden[] };
  merged: Record<string, string>;
  log: Done[];
};

export type Mine = {
  participant: string;
  nickname: string | null;
  language: string;
  stars: string[];
  support: string[];
  goods: Record<string, string[]>;
  budget: Record<string, number>;
  dots: string[];
  ideas: string[];
};

export type Term = { id: string; names: Record<string, string> };
export type Terms = {
  address: string | null;
  languages: { id: string; name: string }[];
  rounds: Term[];
  goods: Term[];
  rule: Record<string, string>;
  limits: Record<string, number>;
};

/** What a participant may do. */
export type Given =
  | { kind: "card"; text: string }
  | { kind: "star"; card: string; on: boolean }
  | { kind: "idea"; text?: string; measure?: string; place?: Place; drawn?: Drawn[] }
  | { kind: "support"; idea: string; on: boolean }
  | { kind: "good"; idea: string; good: string; on: boolean }
  | { kind: "budget"; spend: Record<string, number> }
  | { kind: "dots"; ideas: string[] };

/** What only the leader may do; cards and ideas the leader may give too. */
export type Led =
  | Extract<Given, { kind: "card" | "idea" }>
  | { kind: "round"; name: Round; seconds?: number }
  | { kind: "timer"; seconds?: number }
  | { kind: "group"; cards: string[]; group: string | null }
  | { kind: "merge"; into: string; from: string }
  | { kind: "hide" | "show"; what: "card" | "idea"; id: string }
  | { kind: "undo"; seq: number }
  | { kind: "rules"; budget?: number; stars?: number; dots?: number }
  | { kind: "plan"; rounds: Round[] }
  | { kind: "cost"; idea: string; dkk: number }
  | { kind: "tally"; open: boolean }
  | { kind: "simulate"; ideas: string[]; event: string; strategy: string; year?: number }
  | { kind: "close" };

/** What the server sends and takes: docs/web.md in types. */
import type { Named } from "../text/text";

export type Place = [number, number];
export type District = { id: string; name: string; residents: number; centre: Place };
export type Component = Named & { id: string; service: string };
export type NamedEvent = { name: string; kind: string; title_da: string; title_en: string; source: string };
export type Strategy = Named & { id: string; measures: string[] };
export type Good = Named & { yearly: number; source: string };
export type Measure = Named & {
  id: string;
  pillar: string;
  kind: string;
  cost: number;
  upkeep: number;
  lifetime: number;
  mechanism_da: string;
  mechanism_en: string;
  evidence: string;
  source: string;
  added_value: Good[];
};
export type DrawnKind = "wall" | "basin" | "rain_bed";
export type DrawnPrice = { kind: DrawnKind; unit_cost: number; unit: string; source: string; figure: string; limits: Place };
export type Climate = { year: number; sea_rise: number; rain_factor: number; river_factor: number; residents: number | null };
export type Window = { corners: [Place, Place, Place, Place]; rows: number; columns: number; cell: number };
export type City = {
  name: string;
  title: string;
  constructed: boolean;
  bounds: [number, number, number, number];
  centre: Place;
  window: Window;
  residents: number;
  buildings: number;
  districts: District[];
  services: (Named & { id: string })[];
  components: Component[];
  events: NamedEvent[];
  strategies: Strategy[];
  measures: Measure[];
  years: { first: number; last: number; now: number };
  climate: Climate[];
  drawn: DrawnPrice[];
};

export type Drawn = { kind: DrawnKind; line?: Place[]; area?: Place[]; height?: number; depth?: number };
export type EventAsk =
  | string
  | { kind: "surge"; peak: number }
  | { kind: "cloudburst"; mm: number; minutes: number; place?: Place; radius?: number }
  | { kind: "river"; period: number }
  | { kind: "outage"; components?: string[]; services?: string[]; hours: number; cyber?: boolean };
export type Ask = {
  event: EventAsk;
  strategy: string;
  measures: string[];
  without: string[];
  drawn: Drawn[];
  year?: number;
};

export type Status = "accepted" | "running" | "successful" | "failed" | "dismissed";
export type StatusInfo = {
  jobID: string;
  processID: string;
  status: Status;
  progress: number;
  message: string;
  message_da?: string | null;
  message_en?: string | null;
  position?: number | null;
};
/** A refusal; both languages where the server has words for it, `written` in the language that the answer says. */
export type Problem = { detail: string; title?: string; detail_da?: string; detail_en?: string; written: string | null };
export type Frame = { n: number; time_s: number; address: string };

export type Figures = {
  flooded_area_m2: number;
  buildings_flooded: number;
  residents_in_wet_homes: number;
  damage_dkk: number;
  damage_dkk_p05: number | null;
  damage_dkk_p95: number | null;
  person_days_without_service: number;
  person_days_away: number;
  withstand: number;
  bounce_back_days: number;
  censored: boolean;
  resilience_loss: number;
  people_warned_in_time: number;
  water_balance_error: number;
};
export type Answer = {
  constructed: boolean;
  key: string;
  event: { name: string; kind: string; title_da: string; title_en: string; source: string; wet: boolean; duration_s: number };
  strategy: string;
  measures: string[];
  year: number | null;
  cost_dkk: number;
  figures: Figures;
  curve: { hours: number[]; f: number[] };
  services: { id: string; hours_without: number; f: number[] }[];
  districts: { id: string; buildings_flooded: number; residents_wet: number; person_days: number; services: Record<string, number> }[];
  groups: { group: string; value: string; people: number; person_days: number }[];
  components: { id: string; flooded: boolean; depth: number; back_hours: number | null }[];
  buildings: { rows: number[]; depth: number[] };
};

export type Variable = { name: string; unit: string; sentence_da: string; sentence_en: string; source: string; legend?: { from: number; colour: string }[] };
export type Fact = Named & { value: string | number | null; value_da?: string; value_en?: string; unit: string; source: string; constructed: boolean };
export type Thing = { title_da: string; title_en: string; facts: Fact[] };

/** Made by frontend/api_types.py from what the server declares; not to be changed by hand. */
export type Answer = {
  constructed: boolean;
  key: string;
  event: EventTold;
  strategy: string;
  measures: string[];
  year: number | null;
  cost_dkk: number;
  figures: Figures;
  curve: Curve;
  services: ServiceTold[];
  districts: DistrictTold[];
  groups: GroupTold[];
  components: ComponentTold[];
  buildings: BuildingsTold;
};
export type Ask = {
  event: string | SurgeAsk | CloudburstAsk | RiverAsk | OutageAsk;
  strategy?: string;
  measures?: string[];
  without?: string[];
  drawn?: DrawnAsk[];
  year?: number | null;
};
export type BuildingsTold = {
  rows: number[];
  depth: number[];
};
export type City = {
  name: string;
  title: string;
  constructed: boolean;
  bounds: [number, number, number, number];
  centre: [number, number];
  window: Window;
  residents: number;
  buildings: number;
  districts: District[];
  services: Service[];
  components: Component[];
  events: NamedEvent[];
  strategies: Strategy[];
  measures: Measure[];
  years: Years;
  climate: Climate[];
  drawn: DrawnPrice[];
};
export type Climate = {
  year: number;
  sea_rise: number;
  rain_factor: number;
  river_factor: number;
  residents: number | null;
};
export type CloudburstAsk = {
  kind: "cloudburst";
  mm: number;
  minutes?: number;
  place?: [number, number] | null;
  radius?: number;
};
export type Colour = {
  from: number;
  colour: string;
};
export type Component = {
  name_da: string;
  name_en: string;
  id: string;
  service: string;
};
export type ComponentTold = {
  id: string;
  flooded: boolean;
  depth: number;
  back_hours: number | null;
};
export type Curve = {
  hours: number[];
  f: number[];
};
export type District = {
  id: string;
  name: string;
  residents: number;
  centre: [number, number];
};
export type DistrictTold = {
  id: string;
  buildings_flooded: number;
  residents_wet: number;
  person_days: number;
  services: Record<string, number>;
};
export type DrawnAsk = {
  kind: "wall" | "basin" | "rain_bed";
  line?: [number, number][] | null;
  area?: [number, number][] | null;
  height?: number | null;
  depth?: number | null;
};
export type DrawnPrice = {
  kind: "wall" | "basin" | "rain_bed";
  unit_cost: number;
  unit: string;
  figure: string;
  limits: [number, number];
  largest: number;
  source: string;
};
export type EventTold = {
  name: string;
  kind: string;
  title_da: string;
  title_en: string;
  source: string;
  duration_s: number;
  wet: boolean;
};
export type Fact = {
  name_da: string;
  name_en: string;
  value: number | string | null;
  value_da?: string | null;
  value_en?: string | null;
  unit: string;
  source: string;
  constructed: boolean;
};
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
export type Frame = {
  n: number;
  time_s: number;
  address: string;
};
export type Good = {
  name_da: string;
  name_en: string;
  yearly: number;
  source: string;
};
export type GroupTold = {
  group: string;
  value: string;
  people: number;
  person_days: number;
};
export type Measure = {
  name_da: string;
  name_en: string;
  id: string;
  pillar: string;
  kind: string;
  cost: number;
  upkeep: number;
  lifetime: number;
  price_year: number;
  mechanism_da: string;
  mechanism_en: string;
  failure_da: string;
  failure_en: string;
  evidence: string;
  source: string;
  acts: string[];
  principles: string[];
  funding_source: string;
  why_da: string;
  why_en: string;
  conditions_da: string;
  conditions_en: string;
  derived_da: string;
  derived_en: string;
  added_value: Good[];
  cost_range: number[];
  funding: Record<string, number>;
  scores: Record<string, number>;
  counted: (Record<string, string | number | null>)[];
};
export type NamedEvent = {
  name: string;
  kind: string;
  title_da: string;
  title_en: string;
  source: string;
};
export type OutageAsk = {
  kind: "outage";
  components?: string[];
  services?: string[];
  hours?: number;
  cyber?: boolean;
};
export type RiverAsk = {
  kind: "river";
  period: number;
};
export type Service = {
  name_da: string;
  name_en: string;
  id: string;
};
export type ServiceTold = {
  id: string;
  hours_without: number;
  f: number[];
};
export type StatusInfo = {
  jobID: string;
  processID: string;
  type: string;
  status: "accepted" | "running" | "successful" | "failed" | "dismissed";
  progress: number;
  message: string;
  message_da?: string | null;
  message_en?: string | null;
  created: string;
  started?: string | null;
  finished?: string | null;
  position?: number | null;
  links: (Record<string, string>)[];
};
export type Strategy = {
  name_da: string;
  name_en: string;
  id: string;
  measures: string[];
};
export type SurgeAsk = {
  kind: "surge";
  peak: number;
};
export type Thing = {
  title_da: string;
  title_en: string;
  facts: Fact[];
};
export type Variable = {
  name: string;
  unit: string;
  sentence_da: string;
  sentence_en: string;
  source: string;
  legend: Colour[];
};
export type Window = {
  corners: [[number, number], [number, number], [number, number], [number, number]];
  rows: number;
  columns: number;
  cell: number;
};
export type Years = {
  first: number;
  last: number;
  now: number;
};

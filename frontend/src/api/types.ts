/** What the server sends and takes: made from what it declares (`server.d.ts`), and what only the pages say of it. */
import type * as server from "./server";

export type { Answer, City, Climate, Component, District, DrawnPrice, Fact, Figures, Frame, Good, Measure, NamedEvent, StatusInfo, Strategy, Thing, Variable, Window } from "./server";

export type Place = [number, number];
export type Drawn = server.DrawnAsk;
export type DrawnKind = Drawn["kind"];
export type EventAsk = server.Ask["event"];
/** A question as the page puts it: all its parts are there. */
export type Ask = Required<Omit<server.Ask, "year">> & { year?: number };

/** A refusal; both languages where the server has words for it, `written` in the language that the answer says. */
export type Problem = { detail: string; title?: string; detail_da?: string; detail_en?: string; written: string | null };

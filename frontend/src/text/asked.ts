/** A question in words: which event, in which year, under which strategy. */
import type { Ask, City, EventAsk } from "../api/types";
import { nameOf, number, t, titleOf } from "./text";

export function asked(question: Ask, city: City): string {
  const strategy = city.strategies.find((each) => each.id === question.strategy);
  const more = question.measures.length + question.without.length + question.drawn.length;
  const parts = [
    eventWords(question.event, city),
    question.year ? t("asked.year", { year: question.year }) : "",
    strategy ? nameOf(strategy) + (more ? ` (${t("asked.changed")})` : "") : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function eventWords(event: EventAsk, city: City): string {
  if (typeof event === "string") {
    const named = city.events.find((each) => each.name === event);
    return named ? titleOf(named) : event;
  }
  if (event.kind === "surge") return t("asked.surge", { n: number(event.peak, 2) });
  if (event.kind === "cloudburst") return t("asked.rain", { mm: number(event.mm), minutes: number(event.minutes ?? 60) });
  if (event.kind === "river") return t("asked.river", { n: number(event.period) });
  return t("asked.off", { n: number(event.hours ?? 48) });
}

/** Whether there is anything to compute: a sea that stands as it does every day is no event. */
export function isEvent(event: EventAsk): boolean {
  return typeof event === "string" || event.kind !== "surge" || event.peak > 0;
}

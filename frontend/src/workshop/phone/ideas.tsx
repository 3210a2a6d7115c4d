/** Ideas: one's own words or a measure of the catalogue; support for those of the others. */
import { nameOf } from "../../text/text";
import { city } from "../state";
import { DrawnWorks, Parts } from "../parts/drawn";
import { placeName } from "../parts/place";
import { Price, Works } from "../parts/measure";
import type { Idea, State } from "../types";
import { count, w } from "../words";
import { MyIdeas } from "./mine";
import { Propose } from "./propose";
import { act, mine, waiting } from "./session";
import { Waiting } from "./write";

export function Ideas({ now }: { now: State }) {
  const names = waiting.value.flatMap((each) => (each.kind === "idea" ? [each.text ?? measureName(each.measure)] : []));
  return (
    <>
      <Propose now={now} />
      <Waiting texts={names} />
      <MyIdeas now={now} />
      <Supported now={now} />
    </>
  );
}

const measureName = (id: string | undefined): string => {
  const found = city.value?.measures.find((each) => each.id === id);
  return found ? nameOf(found) : (id ?? "");
};

export function Supported({ now }: { now: State }) {
  return (
    <section aria-labelledby="all-ideas">
      <h2 id="all-ideas">{w("ideas.all", { n: now.ideas.length })}</h2>
      {now.ideas.length === 0 ? (
        <p>{w("ideas.none")}</p>
      ) : (
        <>
          <p>{w("ideas.support_hint")}</p>
          <ul class="plain cards">
            {[...now.ideas].reverse().map((idea) => (
              <li key={idea.id} class="card">
                <IdeaText idea={idea} />
                <Support idea={idea} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

export function IdeaText({ idea }: { idea: Idea }) {
  const place = placeName(idea);
  const measure = city.value?.measures.find((each) => each.id === idea.measure);
  return (
    <>
      <p id={`text-${idea.id}`}>{idea.text}</p>
      <p class="aside">
        {place && `${w("idea.place", { place })} · `}
        <Price idea={idea} />
      </p>
      <Parts idea={idea} />
      <DrawnWorks idea={idea} />
      {measure && <Works measure={measure} />}
    </>
  );
}

function Support({ idea }: { idea: Idea }) {
  const on = mine.value?.support.includes(idea.id) ?? false;
  return (
    <button type="button" class="star" aria-pressed={on} aria-describedby={`text-${idea.id}`} onClick={() => act({ kind: "support", idea: idea.id, on: !on })}>
      {on ? "✓ " : ""}{w(on ? "ideas.supported" : "ideas.support")} · {count("ideas.supporter", "ideas.supporters", idea.support)}
    </button>
  );
}

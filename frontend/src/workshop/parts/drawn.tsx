/** What an idea holds: the ideas that were made one with it, and its works in words and on the map. */
import { useState } from "preact/hooks";
import { middle, told } from "../sketch";
import { city } from "../state";
import type { Idea } from "../types";
import { w } from "../words";
import { MapBox } from "./map-box";

export function Parts({ idea }: { idea: Idea }) {
  if (idea.parts.length === 0) return null;
  return <p class="aside">{w("idea.parts", { texts: idea.parts.map((part) => `“${part.text}”`).join(", ") })}</p>;
}

export function DrawnWorks({ idea }: { idea: Idea }) {
  const [open, setOpen] = useState(false);
  if (idea.drawn.length === 0) return null;
  const words = idea.drawn.map(told).join("; ");
  return (
    <>
      {words !== idea.text && <p class="aside">{words}</p>}
      <button type="button" disabled={city.value === null} onClick={() => setOpen(true)}>{w("drawn.show")}<span class="heard">: {idea.text}</span></button>
      {open && <MapBox works={idea.drawn} middle={middle(idea.drawn[0]!)} close={() => setOpen(false)} />}
    </>
  );
}

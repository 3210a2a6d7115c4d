/** Drawing a wall, a basin or a rain bed: on the map, or by a district and a size for who cannot use one. */
import { useState } from "preact/hooks";
import type { Drawn, DrawnKind, Place } from "../../api/types";
import { KINDS, least, pointsOf, workOf } from "../../map/work";
import { Slider } from "../../ui/slider";
import { Districts } from "../parts/districts";
import { MapBox } from "../parts/map-box";
import { added, around, SIZES, told, USUAL } from "../sketch";
import { city, terms } from "../state";
import { kroner, number, w, type Word } from "../words";
import { usePrice, type Priced } from "./price";
import { district } from "./session";

const NAMES: Record<DrawnKind, Word> = { wall: "draw.wall", basin: "draw.basin", rain_bed: "draw.rain_bed" };
const NONE: Drawn[] = [];
type Props = { work: Drawn | null; set: (work: Drawn | null) => void };

export function Draw({ work, set }: Props) {
  const [kind, setKind] = useState<DrawnKind>(work?.kind ?? "wall");
  const [figure, setFigure] = useState(work?.height ?? work?.depth ?? USUAL.wall);
  const [points, setPoints] = useState<Place[] | null>(null);
  const limits = city.value?.drawn.find((each) => each.kind === kind)?.limits;
  const priced = usePrice(points ? workOf(kind, points, figure) : work);
  const again = (next: DrawnKind, value: number) => {
    setKind(next);
    setFigure(value);
    // Another height is the same wall; another kind is another work.
    set(work && next === work.kind ? workOf(next, pointsOf(work), value) : null);
  };
  const done = () => {
    set(workOf(kind, points ?? [], figure));
    setPoints(null);
  };
  const put = (at: Place) => setPoints((now) => now && added(now, at, terms.value?.limits.points));
  const undo = () => setPoints((now) => now && now.slice(0, -1));
  return (
    <div class="draw">
      <fieldset>
        <legend>{w("draw.what")}</legend>
        {KINDS.map((each) => <label key={each}><input type="radio" name="kind" checked={kind === each} onChange={() => again(each, USUAL[each])} /> {w(NAMES[each])}</label>)}
      </fieldset>
      {kind !== "rain_bed" && limits && <Slider id="figure" label={w(kind === "wall" ? "draw.height" : "draw.depth")} value={figure} min={limits[0]} max={limits[1]} step={0.1} said={w("draw.metres", { n: number(figure, 1) })} input={(value) => again(kind, value)} />}
      <button type="button" class="wide" disabled={city.value === null} onClick={() => setPoints(work ? pointsOf(work) : [])}>{w(work ? "draw.change" : "draw.open")}</button>
      <ByDistrict kind={kind} set={(drawn) => set(workOf(kind, drawn, figure))} />
      {work && points === null && <Outcome work={work} priced={priced} remove={() => set(null)} />}
      {points !== null && (
        <MapBox works={NONE} middle={points[0] ?? home()} close={() => setPoints(null)} pen={{ points, put, undo, done, enough: points.length >= least(kind), said: hint(kind, points, figure, priced) }} />
      )}
    </div>
  );
}

const home = (): Place | null => city.value?.districts.find((each) => each.id === district.value)?.centre ?? null;

/** What stands over the map: how to go on, then what is drawn and what it costs. */
function hint(kind: DrawnKind, points: Place[], figure: number, priced: Priced): string {
  const work = workOf(kind, points, figure);
  if (!work) return w(kind === "wall" ? "draw.hint_line" : "draw.hint_area", { n: points.length });
  return `${told(work)}. ${cost(priced)}`;
}

function cost(priced: Priced): string {
  if (priced === null) return w("draw.pricing");
  return "dkk" in priced ? w("idea.cost_model", { cost: kroner(priced.dkk) }) : priced.why;
}

function Outcome({ work, priced, remove }: { work: Drawn; priced: Priced; remove: () => void }) {
  return (
    <div class="card" role="status">
      <p><strong>{told(work)}</strong></p>
      <p class={priced && "no" in priced && priced.no ? "caution" : "aside"}>{cost(priced)}</p>
      <button type="button" onClick={remove}>{w("draw.remove")}</button>
    </div>
  );
}

/** A work of a plain shape in the middle of a district: it is told that it is only that. */
function ByDistrict({ kind, set }: { kind: DrawnKind; set: (points: Place[]) => void }) {
  const [where, setWhere] = useState("");
  const [size, setSize] = useState(100);
  const centre = city.value?.districts.find((each) => each.id === where)?.centre;
  return (
    <details>
      <summary>{w("draw.without")}</summary>
      <p class="aside">{w(kind === "wall" ? "draw.without_wall" : "draw.without_area")}</p>
      <label>{w("draw.district")}
        <Districts none="draw.choose" value={where} pick={setWhere} />
      </label>
      <label>{w(kind === "wall" ? "draw.length" : "draw.side")}
        <select value={String(size)} onChange={(event) => setSize(Number(event.currentTarget.value))}>
          {SIZES.map((each) => <option key={each} value={String(each)}>{w("draw.metres", { n: number(each) })}</option>)}
        </select>
      </label>
      <button type="button" class="wide" disabled={!centre} onClick={() => centre && set(around(centre, kind, size))}>{w("draw.put")}</button>
    </details>
  );
}

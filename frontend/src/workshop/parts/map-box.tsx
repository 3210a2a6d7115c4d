/** The map over the whole page: to look at drawn works, or to put points on it by taps or by keys. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Drawn, Place } from "../../api/types";
import type { CityMap } from "../../map/city-map";
import { city } from "../state";
import { w } from "../words";

type Pen = { points: Place[]; put: (at: Place) => void; undo: () => void; done: () => void; enough: boolean; said: string };
/** `pen`: what is drawn now; without one the works are only shown. `close` is also what Escape does. */
type Props = { works: Drawn[]; pen?: Pen; middle: Place | null; close: () => void };
const CLOSE = 14.5; // zoom at which streets have room between them

export function MapBox({ works, pen, middle, close }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const held = useRef<CityMap | null>(null);
  const now = useRef(pen);
  const [there, setThere] = useState<boolean | null>(null);
  const title = w(pen ? "draw.title" : "drawn.title");
  now.current = pen;
  useEffect(() => box.current?.showModal(), []);
  useEffect(() => {
    let gone = false;
    let made: CityMap | null = null; // what is closed before it is loaded must go too
    const open = async () => {
      const { CityMap } = await import("../../map/city-map");
      if (gone) return;
      made = new CityMap(holder.current!, city.value!);
      await opened(made, middle, title);
      if (gone) return;
      held.current = made;
      made.onClick((at) => now.current?.put(at));
      setThere(true);
    };
    open().catch(() => setThere(false));
    return () => {
      gone = true;
      made?.map.remove();
    };
  }, []);
  useEffect(() => held.current?.sketch(works, pen?.points ?? []), [works, pen?.points, there]);
  const centre = () => {
    const at = held.current?.map.getCenter();
    if (at) now.current?.put([at.lng, at.lat]);
  };
  const keys = (event: KeyboardEvent) => {
    if (!pen || !(event.target instanceof HTMLCanvasElement)) return;
    if (event.key === "Enter" || event.key === " ") centre();
    else if (event.key === "Backspace") pen.undo();
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={box} class="mapbox" aria-label={title} onCancel={(event) => (event.preventDefault(), close())} onKeyDown={keys}>
      <p class="said" role="status">{there === false ? w("draw.no_map") : there === null ? w("draw.loading") : (pen?.said ?? title)}</p>
      <div class="ground">
        <div ref={holder} class="holder" />
        {pen && there && <span class="cross" aria-hidden="true">+</span>}
      </div>
      <div class="tools">
        {pen && <button type="button" disabled={!there} onClick={centre}>{w("draw.here")}</button>}
        {pen && <button type="button" disabled={pen.points.length === 0} onClick={pen.undo}>{w("draw.undo")}</button>}
        {pen && <button type="button" class="go" disabled={!pen.enough} onClick={pen.done}>{w("draw.done")}</button>}
        <button type="button" onClick={close}>{w(pen ? "draw.cancel" : "drawn.close")}</button>
      </div>
      {pen && there && <p class="aside">{w("draw.keys")}</p>}
    </dialog>
  );
}

/** Seen from above, and named; the map is fetched when somebody opens one, since most phones of a workshop never do. */
async function opened(map: CityMap, middle: Place | null, title: string): Promise<void> {
  await map.ready;
  map.map.setTerrain(null);
  map.map.setMaxPitch(0);
  map.map.jumpTo({ center: middle ?? city.value!.centre, zoom: CLOSE, pitch: 0, bearing: 0 });
  map.switch("components", false);
  map.speak(title);
}

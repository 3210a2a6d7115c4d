/** Two maps that look at the same place: each move of one moves the other. */
import type { Map as GlMap } from "maplibre-gl";

export function twin(one: GlMap, two: GlMap): () => void {
  let busy = false;
  const copy = (from: GlMap, to: GlMap) => () => {
    if (busy) return;
    busy = true;
    to.jumpTo({ center: from.getCenter(), zoom: from.getZoom(), bearing: from.getBearing(), pitch: from.getPitch() });
    busy = false;
  };
  const there = copy(one, two);
  const back = copy(two, one);
  one.on("move", there);
  two.on("move", back);
  there();
  return () => {
    one.off("move", there);
    two.off("move", back);
  };
}

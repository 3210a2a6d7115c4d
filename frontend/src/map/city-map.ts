/** One map of the city: terrain, layers, water; the page may hold two of them side by side. */
import { AttributionControl, type GeoJSONSource, type ImageSource, Map as GlMap, type MapMouseEvent, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Answer, City, Drawn, Place } from "../api/types";
import { t } from "../text/text";
import { homography, matrix3d, type Homography, type Point } from "./homography";
import { SWITCHES, style, type Switch } from "./style";
import { Sheet } from "./water";
import { pointsOf } from "./work";

setWorkerUrl(new URL(workerUrl, location.href).href);

/** [px] a map narrower than this has no room for its sources; they stand behind their button. */
const NARROW = 640;
/** [m] ground that a dragged level can reach, on the map's scale of heights; the sea bed is left out. */
const LOW = [-2, 8] as const;
const NET = 24; // places across the window that are tried
const TERRAIN = { source: "ground", exaggeration: 1.6 };

/** Whether no graphics card draws the page. */
function drawnBySoftware(): boolean {
  const pen = document.createElement("canvas").getContext("webgl2");
  const told = pen?.getExtension("WEBGL_debug_renderer_info");
  const name = pen && told ? String(pen.getParameter(told.UNMASKED_RENDERER_WEBGL)) : "";
  pen?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}

export class CityMap {
  readonly map: GlMap;
  readonly sheet: Sheet;
  readonly ready: Promise<void>;
  private told: Answer | null = null;
  private wet: number[] = [];
  private laid = false;
  private wetMap = false;
  private readonly soft = drawnBySoftware();
  private out: Marker[] = [];

  constructor(
    holder: HTMLElement,
    private readonly city: City,
  ) {
    this.map = new GlMap({
      container: holder,
      style: style(),
      center: city.centre,
      zoom: 13,
      pitch: 50,
      bearing: -18,
      minZoom: 9.5,
      maxZoom: 18,
      maxPitch: 70,
      attributionControl: false,
      cancelPendingTileRequestsWhileZooming: true,
    });
    Object.assign(holder, { glMap: this.map }); // for tests and for the curious
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
    this.map.addControl(new AttributionControl({ compact: true, customAttribution: t("map.sources") }), "bottom-right");
    this.sheet = new Sheet(city.window.columns, city.window.rows);
    this.ready = new Promise((resolve) => this.map.once("load", () => resolve(this.dress())));
  }

  private dress(): void {
    if (this.map.getContainer().clientWidth < NARROW) this.fold();
    this.map.setTerrain(TERRAIN);
    // An image, not a canvas: what is draped on the ground is drawn anew only for the former.
    this.map.addSource("water", { type: "image", coordinates: this.city.window.corners });
    this.map.addLayer({ id: "water", type: "raster", source: "water", paint: { "raster-fade-duration": 0, "raster-resampling": "nearest" } }, "districts");
    this.flush();
    for (const district of this.city.districts) {
      const sign = document.createElement("span");
      sign.className = "district-name";
      sign.textContent = district.name;
      new Marker({ element: sign, opacityWhenCovered: "0.2" }).setLngLat(district.centre).addTo(this.map);
    }
  }

  /** Put what is painted on the sheet onto the map; where it is laid over it, there is nothing more to do. */
  flush(): void {
    this.sheet.show();
    if (!this.laid) this.drape(this.sheet.canvas);
  }

  private drape(picture: HTMLCanvasElement): void {
    (this.map.getSource("water") as ImageSource | undefined)?.updateImage({ image: picture });
    this.wetMap = picture === this.sheet.canvas;
  }

  /** Colour the buildings and plants that an answer says were hit. */
  tell(answer: Answer | null): void {
    if (answer === this.told) return;
    this.told = answer;
    for (const row of this.wet) this.map.setFeatureState({ source: "buildings", id: row }, { wet: false });
    this.wet = answer?.buildings.rows ?? [];
    for (const row of this.wet) this.map.setFeatureState({ source: "buildings", id: row }, { wet: true });
    const down = answer?.components.map((part) => part.id) ?? [];
    this.map.setPaintProperty("components", "circle-stroke-color", ["case", ["in", ["get", "id"], ["literal", down]], "#000000", "#ffffff"]);
    this.map.setPaintProperty("components", "circle-stroke-width", ["case", ["in", ["get", "id"], ["literal", down]], 4, 1.5]);
  }

  /** Put the map's sources behind their button. */
  fold(): void {
    this.map.getContainer().querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show");
  }

  /** Name the map and what is on it in the reader's language. */
  speak(title: string): void {
    const holder = this.map.getContainer();
    const name = (part: string, words: string) => {
      const found = holder.querySelector(part);
      found?.setAttribute("aria-label", words);
      found?.setAttribute("title", words);
    };
    this.map.getCanvas().setAttribute("aria-label", title);
    name(".maplibregl-ctrl-zoom-in", t("map.zoom_in"));
    name(".maplibregl-ctrl-zoom-out", t("map.zoom_out"));
    name(".maplibregl-ctrl-compass", t("map.north"));
    name(".maplibregl-ctrl-attrib-button", t("map.about"));
    const sources = holder.querySelector(".maplibregl-ctrl-attrib-inner");
    if (sources) sources.textContent = t("map.sources");
  }

  switch(name: Switch, on: boolean): void {
    for (const id of SWITCHES[name]) this.map.setLayoutProperty(id, "visibility", on ? "visible" : "none");
  }

  sketch(works: Drawn[], points: Place[]): void {
    const features = works.map((work) => ({ type: "Feature" as const, properties: {}, geometry: shape(work) }));
    const dots = points.map((at) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: at } }));
    const open = points.length > 1 ? [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: points } }] : [];
    (this.map.getSource("sketch") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features: [...features, ...open, ...dots] });
  }

  /** Mark one place, as of a cloudburst; null takes the mark away. */
  mark(place: Place | null): void {
    for (const marker of this.out) marker.remove();
    this.out = place ? [new Marker({ color: "#0b3569" }).setLngLat(place).addTo(this.map)] : [];
  }

  onClick(act: (place: Place, event: MapMouseEvent) => void): void {
    this.map.on("click", (event) => act([event.lngLat.lng, event.lngLat.lat], event));
  }

  /**
   * Where the processor draws the map, a new picture of it takes too long to follow a hand. While something is dragged the
   * map stands still, houses and all, and the water is laid over it in the same perspective: low ground is all but flat.
   */
  light(on: boolean): void {
    if (on === this.laid || !this.soft) return;
    const seen = on ? this.perspective() : null;
    if (on && !seen) return; // no low ground in sight
    this.laid = on;
    const { canvas } = this.sheet;
    if (seen) {
      if (this.wetMap) this.drape(document.createElement("canvas"));
      canvas.className = "laid";
      canvas.style.transform = matrix3d(seen);
      this.map.getCanvas().after(canvas); // under the names of places
      this.map.once("movestart", () => this.light(false));
      return;
    }
    this.drape(canvas);
    this.map.once("render", () => this.laid || canvas.remove());
  }

  /** What brings the water's sheet onto the low ground as it is seen now. */
  private perspective(): Homography | null {
    const { rows, columns, corners } = this.city.window;
    const { clientWidth: wide, clientHeight: high } = this.map.getContainer();
    const from: Point[] = [];
    const to: Point[] = [];
    for (let k = 0; k < NET * NET; k++) {
      const [x, y] = [(k % NET) / (NET - 1), Math.floor(k / NET) / (NET - 1)];
      const place = between(corners, x, y);
      const ground = this.map.queryTerrainElevation(place);
      const at = this.map.project(place);
      const seen = at.x >= 0 && at.y >= 0 && at.x <= wide && at.y <= high;
      if (ground === null || ground < LOW[0] || ground > LOW[1] || !seen) continue;
      from.push([x * columns, y * rows]);
      to.push([at.x, at.y]);
    }
    return homography(from, to);
  }
}

/** The place at shares of the way east and south in a window with corners NW, NE, SE, SW. */
function between(corners: Place[], x: number, y: number): Place {
  const shares = [(1 - x) * (1 - y), x * (1 - y), x * y, (1 - x) * y];
  const sum = (axis: 0 | 1) => corners.reduce((total, corner, k) => total + corner[axis] * shares[k]!, 0);
  return [sum(0), sum(1)];
}

function shape(work: Drawn) {
  const points = pointsOf(work);
  return work.line ? { type: "LineString" as const, coordinates: points } : { type: "Polygon" as const, coordinates: [[...points, points[0]!]] };
}

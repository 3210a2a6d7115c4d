/** One map of the city: terrain, layers, water; the page may hold two of them side by side. */
import { AttributionControl, type GeoJSONSource, type ImageSource, Map as GlMap, type MapMouseEvent, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Answer, City, Drawn, Place } from "../api/types";
import { t } from "../text/text";
import { SWITCHES, style, type Switch } from "./style";
import { Sheet } from "./water";

setWorkerUrl(new URL(workerUrl, location.href).href);

/** What costs most to draw. */
const HEAVY = ["shade", "streets", "buildings"];
/** [px] a map narrower than this has no room for its sources; they stand behind their button. */
const NARROW = 640;
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
  private wet: number[] = [];
  private lit = false;
  private hidden: string[] = [];
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
    const holder = this.map.getContainer();
    if (holder.clientWidth < NARROW) holder.querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show");
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

  /** Put what is painted on the sheet onto the map. */
  flush(): void {
    this.sheet.show();
    (this.map.getSource("water") as ImageSource | undefined)?.updateImage({ image: this.sheet.canvas });
  }

  /** Colour the buildings and plants that an answer says were hit. */
  tell(answer: Answer | null): void {
    for (const row of this.wet) this.map.setFeatureState({ source: "buildings", id: row }, { wet: false });
    this.wet = answer?.buildings.rows ?? [];
    for (const row of this.wet) this.map.setFeatureState({ source: "buildings", id: row }, { wet: true });
    const down = answer?.components.map((part) => part.id) ?? [];
    this.map.setPaintProperty("components", "circle-stroke-color", ["case", ["in", ["get", "id"], ["literal", down]], "#000000", "#ffffff"]);
    this.map.setPaintProperty("components", "circle-stroke-width", ["case", ["in", ["get", "id"], ["literal", down]], 4, 1.5]);
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

  /** Draw less while something is dragged, where the processor draws the map: smooth beats sharp. */
  light(on: boolean): void {
    if (on === this.lit || !this.soft) return;
    this.lit = on;
    if (on) this.hidden = HEAVY.filter((id) => this.map.getLayoutProperty(id, "visibility") !== "none");
    for (const id of this.hidden) this.map.setLayoutProperty(id, "visibility", on ? "none" : "visible");
    this.map.setPixelRatio(on ? 0.35 : devicePixelRatio);
    this.map.setTerrain(on ? null : TERRAIN);
  }
}

function shape(work: Drawn) {
  if (work.line) return { type: "LineString" as const, coordinates: work.line };
  const ring = work.area ?? [];
  return { type: "Polygon" as const, coordinates: [[...ring, ring[0]!]] };
}

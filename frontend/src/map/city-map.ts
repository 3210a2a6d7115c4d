/** One map of the city: terrain, layers, water; the page may hold two of them side by side. */
import { AttributionControl, type GeoJSONSource, Map as GlMap, type MapMouseEvent, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Answer, City, Drawn, Place } from "../api/types";
import { t } from "../text/text";
import { SWITCHES, style, type Switch } from "./style";
import { Sheet } from "./water";

setWorkerUrl(new URL(workerUrl, location.href).href);

/** What costs most to draw. */
const HEAVY = ["shade", "streets", "buildings"];
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
      locale: { "NavigationControl.ZoomIn": t("map.zoom_in"), "NavigationControl.ZoomOut": t("map.zoom_out"), "NavigationControl.ResetBearing": t("map.north"), "Map.Title": t("map.title") },
    });
    Object.assign(holder, { glMap: this.map }); // for tests and for the curious
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
    this.map.addControl(new AttributionControl({ compact: true, customAttribution: t("map.sources") }), "bottom-right");
    this.sheet = new Sheet(city.window.columns, city.window.rows);
    this.ready = new Promise((resolve) => this.map.once("load", () => resolve(this.dress())));
  }

  private dress(): void {
    this.map.setTerrain(TERRAIN);
    this.map.addSource("water", { type: "canvas", canvas: this.sheet.canvas, coordinates: this.city.window.corners, animate: false });
    this.map.addLayer({ id: "water", type: "raster", source: "water", paint: { "raster-fade-duration": 0, "raster-resampling": "nearest" } }, "districts");
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
    const source = this.map.getSource("water") as { play?: () => void; pause?: () => void } | undefined;
    source?.play?.();
    source?.pause?.();
    this.map.triggerRepaint();
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

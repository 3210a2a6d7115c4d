/** The look of the map: our own layers from our own server, nothing else. */
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";

export const COLOURS = {
  land: "#eae5d6",
  sea: "#cfe0e4",
  stream: "#6fa3b8",
  street: "#ffffff",
  motorway: "#e3b96b",
  district: "#7a8a85",
  building: "#c9bfb0",
  wet: "#d1490f",
  barrier: "#111111",
} as const;

/** Uses of buildings by the number that the server sends. */
export const USES = ["home", "business", "public", "utility", "other"] as const;
export const USE_COLOURS = ["#cbb9a0", "#b7a7c4", "#9db4a5", "#a3a3a3", "#d8d2c6"];

/** Plants by the service that they give. */
export const SERVICE_COLOURS = {
  power: "#e6a700", heat: "#c0392b", water: "#2f83c5", wastewater: "#7a5c3a", telecom: "#7a5195", digital: "#4b3f8f",
  roads: "#555555", hospital: "#d6336c", rescue: "#e8590c", school: "#2b8a3e", care: "#0b7285",
} as const;

// Not through URL, which would escape the braces.
const TILES = `${location.origin}/tiles/terrain/{z}/{x}/{y}.png`;

const geojson = (name: string) => ({ type: "geojson" as const, data: new URL(`/api/layers/${name}.geojson`, location.href).href });

export function style(): StyleSpecification {
  return {
    version: 8,
    sources: {
      ground: { type: "raster-dem", tiles: [TILES], encoding: "terrarium", tileSize: 256, minzoom: 9, maxzoom: 14 },
      shade: { type: "raster-dem", tiles: [TILES], encoding: "terrarium", tileSize: 256, minzoom: 9, maxzoom: 14 },
      sea: geojson("sea"),
      districts: geojson("districts"),
      streams: geojson("streams"),
      streets: geojson("streets"),
      buildings: { ...geojson("buildings"), promoteId: "i" },
      components: geojson("components"),
      structures: geojson("structures"),
      sketch: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": COLOURS.land } },
      { id: "shade", type: "hillshade", source: "shade", paint: { "hillshade-exaggeration": 0.45, "hillshade-shadow-color": "#6b6a55", "hillshade-highlight-color": "#fffdf4" } },
      { id: "sea", type: "fill", source: "sea", paint: { "fill-color": COLOURS.sea } },
      { id: "streams", type: "line", source: "streams", paint: { "line-color": COLOURS.stream, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1, 14, 3, 17, 9] } },
      {
        id: "streets",
        type: "line",
        source: "streets",
        minzoom: 12,
        paint: {
          "line-color": ["match", ["get", "k"], ["motorway", "motorway_link"], COLOURS.motorway, COLOURS.street],
          "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 12, 0.6, 15, 2.5, 18, 12],
        },
      },
      { id: "districts", type: "line", source: "districts", paint: { "line-color": COLOURS.district, "line-width": 1.2, "line-dasharray": [3, 2] } },
      {
        id: "buildings",
        type: "fill-extrusion",
        source: "buildings",
        minzoom: 12,
        paint: {
          "fill-extrusion-color": ["case", ["boolean", ["feature-state", "wet"], false], COLOURS.wet, ["match", ["get", "u"], 0, USE_COLOURS[0]!, 1, USE_COLOURS[1]!, 2, USE_COLOURS[2]!, 3, USE_COLOURS[3]!, USE_COLOURS[4]!]],
          "fill-extrusion-height": ["get", "h"],
          "fill-extrusion-opacity": 0.92,
        },
      },
      { id: "structures-line", type: "line", source: "structures", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": COLOURS.barrier, "line-width": 4 } },
      { id: "structures-point", type: "circle", source: "structures", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#ffd23f", "circle-stroke-color": COLOURS.barrier, "circle-stroke-width": 1.5, "circle-radius": 5 } },
      { id: "sketch-area", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#2e7d32", "fill-opacity": 0.35 } },
      { id: "sketch-line", type: "line", source: "sketch", paint: { "line-color": "#b3400f", "line-width": 4 } },
      { id: "sketch-point", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#b3400f", "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } },
      {
        id: "components",
        type: "circle",
        source: "components",
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 3, 15, 7],
          "circle-color": ["match", ["get", "service"], ...Object.entries(SERVICE_COLOURS).flat(), "#888888"] as unknown as ExpressionSpecification,
          "circle-stroke-color": "#ffffff",
          "circle-stroke-width": 1.5,
        },
      },
    ],
  };
}

/** Layers that can be switched on and off, each with the ids it shows. */
export const SWITCHES = {
  buildings: ["buildings"],
  components: ["components"],
  structures: ["structures-line", "structures-point"],
  streets: ["streets"],
  districts: ["districts"],
  shade: ["shade"],
} as const;
export type Switch = keyof typeof SWITCHES;

/** The maps on the page, once they are ready. */
import { signal } from "@preact/signals";
import type { CityMap } from "../map/city-map";

export const maps = { main: signal<CityMap | null>(null), second: signal<CityMap | null>(null) };

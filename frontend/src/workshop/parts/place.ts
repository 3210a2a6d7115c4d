/** Places told by the district they are in: nobody needs a map to say where. */
import { city } from "../state";
import type { Idea } from "../types";

/** The name of the district whose middle is nearest to an idea's place. */
export function placeName(idea: Idea): string | null {
  const districts = city.value?.districts ?? [];
  if (!idea.place || districts.length === 0) return null;
  const [lon, lat] = idea.place;
  const narrow = Math.cos((lat * Math.PI) / 180);
  const far = (each: (typeof districts)[number]) => Math.hypot((each.centre[0] - lon) * narrow, each.centre[1] - lat);
  return districts.reduce((best, each) => (far(each) < far(best) ? each : best)).name;
}

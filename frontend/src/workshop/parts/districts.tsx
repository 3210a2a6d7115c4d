/** The districts to choose from; `none` is what stands for no choice. */
import { city } from "../state";
import { w, type Word } from "../words";

type Props = { id?: string; none: Word; value: string; pick: (id: string) => void };

export function Districts({ id, none, value, pick }: Props) {
  return (
    <select id={id} value={value} onChange={(event) => pick(event.currentTarget.value)}>
      <option value="">{w(none)}</option>
      {city.value?.districts.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
    </select>
  );
}

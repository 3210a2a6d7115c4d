/** A labelled slider with its value said in words. */
type Props = { id: string; label: string; value: number; min: number; max: number; step: number; said: string; input: (value: number) => void; change?: (value: number) => void };

export function Slider({ id, label, value, min, max, step, said, input, change }: Props) {
  return (
    <div class="slider">
      <label for={id}>
        {label} <output for={id}>{said}</output>
      </label>
      <input id={id} type="range" min={min} max={max} step={step} value={value} aria-valuetext={said} onInput={(e) => input(Number(e.currentTarget.value))} onChange={(e) => change?.(Number(e.currentTarget.value))} />
    </div>
  );
}

/** The time that is left; read aloud at a few moments only. */
import { useEffect } from "preact/hooks";
import { digits, left, look, mark, spoken, tick } from "../clock";
import { w } from "../words";

export function Countdown({ endsAt, big = false }: { endsAt: string; big?: boolean }) {
  useEffect(look, []);
  tick.value;
  const seconds = left(endsAt);
  const said = mark(seconds);
  return (
    <div class={big ? "countdown big" : "countdown"}>
      <p class={seconds > 0 ? "digits" : "digits over"} role="timer" aria-live="off">
        {seconds > 0 ? (
          <>
            <span class="heard">{spoken(seconds)} {w("time.left")}</span>
            <span aria-hidden="true">{digits(seconds)} <small>{w("time.left")}</small></span>
          </>
        ) : (
          w("time.up")
        )}
      </p>
      <p class="heard" aria-live="polite">{said === null ? "" : said > 0 ? w("time.soon", { time: spoken(said) }) : w("time.up")}</p>
    </div>
  );
}

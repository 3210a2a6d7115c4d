/** The run that is shown: how far it is, its frames over time, stop. */
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { cancel, go } from "../model/actions";
import type { StatusInfo } from "../api/types";
import { message } from "../text/trouble";
import { asked, isEvent } from "../text/asked";
import { ask, city, current, event, frame, type Run } from "../model/state";
import { useBrought } from "./bring";
import { clock, number, percent, t } from "../text/text";

const PACE = 180; // [ms] a frame while playing

export function RunBar() {
  const run = current.value;
  const ready = isEvent(event.value);
  return (
    <section class="run" aria-label={t("run.title")}>
      <p class="aside" id="asked">{ready ? asked(ask.value, city.value!) : t("asked.nothing")}</p>
      <button type="button" class="again" aria-describedby="asked" disabled={!ready} onClick={() => void go()}>{t("run.start")}</button>
      {run && <Progress run={run} />}
      {run && run.frames.length > 1 && <Film run={run} />}
    </section>
  );
}

function Progress({ run }: { run: Run }) {
  const { status } = run;
  const going = status.status === "accepted" || status.status === "running";
  const words = told(status);
  const box = useRef<HTMLDivElement>(null);
  useBrought(box, run);
  return (
    <div class="progress" ref={box}>
      <p role="status">
        {words}
        {going && status.progress > 0 ? ` ${percent(status.progress / 100)}` : ""}
      </p>
      {going && (
        <>
          <progress max={100} value={status.progress} aria-label={t("run.title")} />
          <button type="button" onClick={() => cancel(run.id)}>{t("run.cancel")}</button>
        </>
      )}
    </div>
  );
}

/** Where a run is: its place in the queue, what is being done, or how it ended and why. */
function told(status: StatusInfo): string {
  const at = status.status;
  if (at === "accepted") return t("run.waiting", { n: number((status.position ?? 0) + 1) });
  if (at === "running") return t("run.doing", { what: message(status) ?? t("run.running") });
  return at === "failed" ? `${t("run.failed")} ${message(status) ?? ""}` : t(`run.${at}`);
}

function Film({ run }: { run: Run }) {
  const playing = useSignal(false);
  const last = run.frames.length;
  const at = Math.min(frame.value, last);
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => (frame.value = frame.value >= run.frames.length - 1 ? 0 : frame.value + 1), PACE);
    return () => clearInterval(timer);
  }, [playing.value, run.frames.length]);
  const time = run.frames[at]?.time_s;
  const said = time === undefined ? t("run.most") : t("run.time", { at: clock(time) });
  return (
    <div class="film">
      <button type="button" aria-pressed={playing.value} onClick={() => (playing.value = !playing.value)}>{t(playing.value ? "run.pause" : "run.play")}</button>
      <label>
        <span class="heard">{t("run.slider")}</span>
        <input type="range" min={0} max={last} value={at} aria-valuetext={said} onInput={(e) => { playing.value = false; frame.value = Number(e.currentTarget.value); }} />
      </label>
      <span class="said">{said}</span>
    </div>
  );
}

/** The answer that somebody waits for comes into view: the panel scrolls, or on a phone the page; the focus stays. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { awaited, type Run } from "../model/state";

const GONE_ON = ["pointerdown", "keydown", "wheel"] as const;

/** Bring `box` to the top when the run's answer is there; not for who does something else there meanwhile. */
export function useBrought(box: RefObject<HTMLElement | null>, run: Run): void {
  const waited = awaited.value === run.id;
  const there = run.answer !== null;
  useEffect(() => {
    const scrolls = box.current && scroller(box.current);
    if (!waited || !scrolls) return;
    const over = () => void (awaited.value = null);
    if (there) {
      bring(box.current!, scrolls);
      return over();
    }
    GONE_ON.forEach((each) => scrolls.addEventListener(each, over, { passive: true }));
    return () => GONE_ON.forEach((each) => scrolls.removeEventListener(each, over));
  }, [run.id, waited, there]);
}

function bring(box: HTMLElement, scrolls: Element): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = scrolls.scrollTop + box.getBoundingClientRect().top - scrolls.getBoundingClientRect().top;
  scrolls.scrollTo({ top, behavior: still ? "auto" : "smooth" });
}

function scroller(from: Element): Element | null {
  const above = from.parentElement;
  return above === null || /auto|scroll/.test(getComputedStyle(above).overflowY) ? above : scroller(above);
}

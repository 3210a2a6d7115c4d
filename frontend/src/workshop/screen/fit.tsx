/** As many things as fit, as large as they fit; those that do not fit take turns, until somebody says stop. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { w } from "../words";

const LARGEST = 3.1; // [rem] 100 px on a screen of 1920
const SMALLEST = 1.25; // [rem] 40 px: letters that are read from ten metres (assumption: a screen of 2 m)
const STEP = 0.05;
const TURN = 12_000; // [ms]

type Props<T> = { items: T[]; largest?: number; children: (items: T[]) => ComponentChildren };

export function Fit<T>({ items, largest = LARGEST, children }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(items.length);
  const [turn, setTurn] = useState(0);
  const [still, setStill] = useState(false);
  const [size, setSize] = useState(0);
  const pages = Math.max(1, Math.ceil(items.length / Math.max(1, fits)));
  const page = turn % pages;

  useEffect(() => {
    const seen = new ResizeObserver(() => (setFits(Number.MAX_SAFE_INTEGER), setSize((now) => now + 1)));
    seen.observe(box.current!);
    return () => seen.disconnect();
  }, []);
  useEffect(() => setFits(Number.MAX_SAFE_INTEGER), [items.length]);
  useLayoutEffect(() => {
    const here = box.current!;
    const full = () => here.scrollHeight > here.clientHeight + 1;
    let rem = largest;
    for (here.style.fontSize = `${rem}rem`; full() && rem > SMALLEST; here.style.fontSize = `${rem}rem`) rem -= STEP;
    const shown = Math.min(fits, items.length);
    if (full() && shown > 1) setFits(Math.max(1, Math.min(shown - 1, Math.floor((shown * here.clientHeight) / here.scrollHeight))));
  }, [items, fits, page, size]);
  useEffect(() => {
    if (pages < 2 || still) return;
    const timer = setInterval(() => setTurn((now) => now + 1), TURN);
    return () => clearInterval(timer);
  }, [pages, still]);

  const from = page * fits;
  return (
    <>
      <div class="fit" ref={box}>{children(fits >= items.length ? items : items.slice(from, from + fits))}</div>
      {pages > 1 && (
        <p class="turns">
          {w("screen.page", { n: page + 1, of: pages })} <button type="button" onClick={() => setStill(!still)}>{w(still ? "screen.go_on" : "screen.stop")}</button>
        </p>
      )}
    </>
  );
}

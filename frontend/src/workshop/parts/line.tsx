/** How it stands with the line to the server, said when it changes. */
import type { ComponentChildren } from "preact";
import { city, gone, here, line } from "../state";
import { count, w } from "../words";
import { readCode } from "../where";

/** `why`: what the server said of what waits, where it said anything. */
export function Line({ waiting = 0, why = null }: { waiting?: number; why?: string | null }) {
  const kept = why === null ? count("line.waiting_one", "line.waiting", waiting) : `${why} ${count("line.kept_one", "line.kept", waiting)}`;
  const words = waiting > 0 ? kept : line.value === false ? w("line.down") : "";
  return <div class={words ? "line seen" : "line"} role="status">{words}</div>;
}

/** The page's content once the workshop is there; before that a word of waiting, or why there is none. */
export function Present({ children, there }: { children: ComponentChildren; there: boolean }) {
  if (gone.value !== null) return <Wrong why={gone.value} />;
  if (!there) return <p class="waiting" role="status">{line.value === false ? w("line.down") : w("page.loading")}</p>;
  return <>{children}</>;
}

/** A word of waiting until the model of the city is loaded. */
export function Loading() {
  return <p class="aside" role="status">{city.value === null ? w("city.loading") : ""}</p>;
}

function Wrong({ why }: { why: string }) {
  const go = (event: SubmitEvent) => {
    event.preventDefault();
    const code = readCode(String(new FormData(event.currentTarget as HTMLFormElement).get("code") ?? ""));
    location.assign(`${here.role === "screen" ? "/screen" : "/w"}/${code}`);
  };
  return (
    <main class="narrow">
      <h1>{w("wrong.title")}</h1>
      <p role="alert">{why}</p>
      <form onSubmit={go}>
        <label for="code">{w("wrong.code")}</label>
        <input id="code" name="code" class="code" defaultValue={here.code} maxLength={9} autocomplete="off" autocapitalize="characters" spellcheck={false} required />
        <button type="submit" class="go">{w("wrong.go")}</button>
      </form>
    </main>
  );
}

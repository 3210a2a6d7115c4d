/** Coming in: a nickname for who likes, no account, no name asked. */
import { useState } from "preact/hooks";
import { terms } from "../state";
import type { State } from "../types";
import { w } from "../words";
import { join } from "./session";

export function Join({ now }: { now: State }) {
  const [busy, setBusy] = useState(false);
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    await join(String(new FormData(event.currentTarget as HTMLFormElement).get("nickname") ?? "").trim());
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void go(event)} class="join">
      <h1>{w("join.title")}</h1>
      <p class="question">{now.question || now.title}</p>
      <label for="nickname">{w("join.nickname")}</label>
      <input id="nickname" name="nickname" type="text" maxLength={terms.value?.limits.nickname ?? 24} autocomplete="off" aria-describedby="nickname-hint" />
      <p id="nickname-hint" class="aside">{w("join.nickname_hint")}</p>
      <button type="submit" class="go wide" disabled={busy}>{w("join.go")}</button>
      <p class="aside">{w("join.private")}</p>
    </form>
  );
}

/** How people come in, the big screen, and the leader's own secret link. */
import { useRef, useState } from "preact/hooks";
import { base, phones, root } from "../state";
import type { Everything } from "../types";
import { w } from "../words";
import { secret } from "./desk";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function Invite({ now }: { now: Everything }) {
  return (
    <section aria-labelledby="invite" class="invite">
      <h2 id="invite">{w("invite.title")}</h2>
      <p class="bigcode">{now.code}</p>
      <img src={`${root}/qr.svg`} width="180" height="180" alt={w("invite.qr", { address: phones() })} />
      <p class="aside">{phones()}</p>
      {LOCAL.has(new URL(base()).hostname) && <p class="caution">{w("invite.local")} <code>genrejs serve --host 0.0.0.0 --address http://…:8000</code></p>}
      <Secret />
    </section>
  );
}

function Secret() {
  const box = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState(false);
  const copy = async () => {
    box.current?.select();
    try {
      await navigator.clipboard.writeText(secret());
      setDone(true);
    } catch {
      setDone(document.execCommand("copy")); // a plain http address has no clipboard of its own
    }
  };
  return (
    <details>
      <summary>{w("invite.secret")}</summary>
      <p>{w("invite.secret_hint")}</p>
      <label for="secret">{w("invite.link")}</label>
      <input id="secret" ref={box} type="text" readOnly value={secret()} />
      <button type="button" onClick={() => void copy()}>{w("invite.copy")}</button>
      <p role="status">{done ? w("invite.copied") : ""}</p>
    </details>
  );
}

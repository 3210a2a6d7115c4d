/** What is taken home, and deleting all of it. */
import { useRef } from "preact/hooks";
import type { Everything } from "../types";
import { tongue } from "../tongue";
import { locale, w, type Word } from "../words";
import { drop, save } from "./desk";

const FILES: { file: string; word: Word; note: Word }[] = [
  { file: "minutes.md", word: "save.minutes", note: "save.minutes_note" },
  { file: "study.toml", word: "save.study", note: "save.study_note" },
  { file: "ask.json", word: "save.ask", note: "save.ask_note" },
  { file: "export.json", word: "save.export", note: "save.export_note" },
];

export function Save({ now }: { now: Everything }) {
  const box = useRef<HTMLDialogElement>(null);
  const day = new Date(now.keep_until).toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" });
  return (
    <>
      <ul class="plain">
        {FILES.map(({ file, word, note }) => (
          <li key={file} class="line-item">
            <span><strong>{w(word)}</strong><br /><span class="aside">{w(note)}</span></span>
            <button type="button" aria-label={w("save.get_what", { what: w(word) })} onClick={() => void save(`${file}?language=${tongue.value}`)}>{w("save.get")}</button>
          </li>
        ))}
      </ul>
      <p>{w("save.until", { day })}</p>
      <button type="button" class="danger" onClick={() => box.current?.showModal()}>{w("save.delete")}</button>
      <dialog ref={box} aria-labelledby="delete-title">
        <h2 id="delete-title">{w("save.delete_sure")}</h2>
        <p>{w("save.delete_note")}</p>
        <div class="row">
          <button type="button" onClick={() => box.current?.close()}>{w("page.no")}</button>
          <button type="button" class="danger" onClick={() => void drop()}>{w("save.delete_yes")}</button>
        </div>
      </dialog>
    </>
  );
}

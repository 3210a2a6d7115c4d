import { language, LANGUAGES, speak, t } from "../text/text";

export function LanguageSwitch() {
  return (
    <div class="switch" role="group" aria-label={t("page.language")}>
      {LANGUAGES.map(({ id, name }) => (
        <button type="button" key={id} lang={id} aria-pressed={language.value === id} onClick={() => speak(id)}>{name}</button>
      ))}
    </div>
  );
}

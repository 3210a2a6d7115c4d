import { language, speak, t } from "../text/text";

export function LanguageSwitch() {
  return (
    <div class="switch" role="group" aria-label={t("page.language")}>
      {(["da", "en"] as const).map((each) => (
        <button type="button" key={each} lang={each} aria-pressed={language.value === each} onClick={() => speak(each)}>
          {each === "da" ? "Dansk" : "English"}
        </button>
      ))}
    </div>
  );
}

import { useEffect } from "preact/hooks";
import { Panel } from "../panel/panel";
import { LanguageSwitch } from "../ui/language-switch";
import { Toast } from "../ui/toast";
import { t } from "../text/text";
import { words } from "../text/trouble";
import { Stage } from "./stage";
import { city, trouble } from "./state";

export function App() {
  const here = city.value;
  const title = here ? t("page.title", { city: here.title }) : "Genrejs";
  useEffect(() => void (document.title = here ? `${title} – Genrejs` : title), [title]);
  return (
    <>
      <a class="skip" href="#panel">{t("page.skip")}</a>
      <header class="top">
        <h1>{title}</h1>
        <LanguageSwitch />
      </header>
      <main class="model">
        {here ? <Stage city={here} /> : <p class="waiting" role="status">{t("page.loading")}</p>}
        {here && <Panel />}
      </main>
      <Toast words={trouble.value && words(trouble.value)} close={() => (trouble.value = null)} />
    </>
  );
}

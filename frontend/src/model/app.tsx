import { useEffect } from "preact/hooks";
import { Panel } from "../panel/panel";
import { LanguageSwitch } from "../ui/language-switch";
import { Toast } from "../ui/toast";
import { t } from "../text/text";
import { words } from "../text/trouble";
import { load } from "./actions";
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
        {here ? <Stage city={here} /> : <Waiting />}
        {here && <Panel />}
      </main>
      <Toast words={here && trouble.value ? words(trouble.value) : null} close={() => (trouble.value = null)} />
    </>
  );
}

/** Until the city is there, and when it does not come. */
function Waiting() {
  const again = () => {
    trouble.value = null;
    void load();
  };
  return (
    <div class="waiting">
      <p role="status">{trouble.value ? words(trouble.value) : t("page.loading")}</p>
      {trouble.value && <button type="button" onClick={again}>{t("page.again")}</button>}
    </div>
  );
}

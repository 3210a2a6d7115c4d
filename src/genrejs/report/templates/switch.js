"use strict";
(() => {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-language]")];

  function show(language) {
    root.lang = language;
    document.title = document.body.getAttribute("data-title-" + language);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    for (const [attribute, source] of [["alt", "data-alt-"], ["aria-label", "data-label-"]]) {
      for (const element of document.querySelectorAll("[" + source + language + "]")) {
        element.setAttribute(attribute, element.getAttribute(source + language));
      }
    }
  }

  function asked() {
    const language = location.hash.slice(1);
    if (language === "da" || language === "en") show(language);
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.language));
  addEventListener("hashchange", asked);
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("details:not([open])")];
    for (const each of shut) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of shut) each.open = false; });
  for (const map of document.querySelectorAll(".map .wide")) map.scrollLeft = (map.scrollWidth - map.clientWidth) / 2;
  show(root.lang);
  asked();
})();

"use strict";
(() => {
  const figure = document.querySelector("#dark");
  const source = document.querySelector("#dark-data");
  if (!figure || !source) return;
  const data = JSON.parse(source.textContent);
  const part = (name) => figure.querySelector('[data-dark="' + name + '"]');
  const parts = (name) => [...figure.querySelectorAll('[data-dark="' + name + '"]')];
  const [event, service, time, play] = ["event", "service", "time", "play"].map(part);
  const places = parts("place");
  const labels = parts("label");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const PAUSE = 3000;
  let timer = 0;
  let touched = false;
  let saidAt = 0;

  const language = () => (document.documentElement.lang === "en" ? "en" : "da");
  const film = () => data.films[Number(event.value)];
  const filled = (pair, share) => pair[language()].replace("{share}", share);
  const value = (row, picture) => parseInt(data.rows[row].slice(2 * picture, 2 * picture + 2), 16);

  function options(select, pairs) {
    const chosen = select.value;
    select.replaceChildren(...pairs.map(([id, pair]) => new Option(pair[language()], id)));
    if (chosen) select.value = chosen;
  }

  function draw() {
    const shown = film();
    const picture = Number(time.value);
    const rows = shown.series[service.value];
    places.forEach((place, number) => {
      const share = value(rows[number], picture);
      place.setAttribute("fill", data.colours[share]);
      const written = labels[number].querySelector('[data-dark="percent"]');
      if (written) written.textContent = filled(data.words.percent, share);
    });
    const state = service.value === "all" ? data.words.works : data.words.has;
    part("title").textContent = shown.title[language()];
    part("moment").textContent = shown.moments[language()][picture];
    part("state").textContent = filled(state, value(rows[places.length], picture));
    time.setAttribute("aria-valuetext", part("moment").textContent + ". " + part("state").textContent);
  }

  function say() {
    saidAt = Date.now();
    part("said").textContent = time.getAttribute("aria-valuetext");
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    part("go").hidden = false;
    part("stop").hidden = true;
  }

  function step() {
    if (time.value === time.max) {
      stop();
      say();
      return;
    }
    time.value = Number(time.value) + 1;
    draw();
    if (Date.now() - saidAt >= PAUSE) say();
    timer = setTimeout(step, calm.matches ? 1000 : 280);
  }

  function start() {
    if (!touched || time.value === time.max) time.value = 0;
    touched = true;
    part("go").hidden = true;
    part("stop").hidden = false;
    draw();
    say();
    timer = setTimeout(step, calm.matches ? 1000 : 600);
  }

  function choose() {
    stop();
    touched = false;
    time.max = film().moments.da.length - 1;
    time.value = film().worst;
    draw();
  }

  function speak() {
    options(event, data.films.map((each, number) => [String(number), each.title]));
    options(service, Object.entries(data.services));
    draw();
  }

  options(event, data.films.map((each, number) => [String(number), each.title]));
  options(service, Object.entries(data.services));
  choose();
  part("choices").hidden = part("controls").hidden = false;
  event.addEventListener("change", choose);
  service.addEventListener("change", () => { draw(); say(); });
  play.addEventListener("click", () => {
    if (timer) { stop(); say(); } else start();
  });
  time.addEventListener("input", () => { stop(); touched = true; draw(); });
  new MutationObserver(speak).observe(document.documentElement, { attributeFilter: ["lang"] });
})();

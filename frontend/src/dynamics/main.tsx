/** City dynamics: a game of rounds, where money moves the city through the stages of maturity. */
import { effect } from "@preact/signals";
import { render } from "preact";
import "../style/base.css";
import { language } from "../text/text";
import { App } from "./app";
import "./dynamics.css";
import { load } from "./game";
import { d } from "./words";

effect(() => {
  document.documentElement.lang = language.value;
  document.title = d("page.title");
});
render(<App />, document.getElementById("app")!);
void load();

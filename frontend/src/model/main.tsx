/** The page of the model. */
import { render } from "preact";
import { language, speak } from "../text/text";
import { load } from "./actions";
import { App } from "./app";
import "../style/base.css";
import "../style/model.css";

speak(language.value);
render(<App />, document.getElementById("app")!);
void load();

/** The pages of a workshop; the address says which one. */
import { render, type ComponentType } from "preact";
import "../style/base.css";
import "../style/workshop.css";
import { Leader } from "./leader/app";
import { enter } from "./leader/desk";
import { Make } from "./make/app";
import { Phone } from "./phone/app";
import { begin } from "./phone/session";
import { Screen } from "./screen/app";
import { here, load, open, state, titled } from "./state";
import { w, type Word } from "./words";
import type { Role } from "./where";

type Page = { Page: ComponentType; title: Word; start: () => void };
const PAGES: Record<Role, Page> = {
  phone: { Page: Phone, title: "page.phone", start: () => (open(), begin()) },
  leader: { Page: Leader, title: "page.leader", start: enter },
  screen: { Page: Screen, title: "page.screen", start: () => open() },
  make: { Page: Make, title: "page.make", start: () => {} },
};

const { Page, title, start } = PAGES[here.role];
document.body.className = here.role;
titled(() => w(title, { title: state.value?.title ?? "Genrejs" }));
render(<Page />, document.getElementById("app")!);
void load();
start();

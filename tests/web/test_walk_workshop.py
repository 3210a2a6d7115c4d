"""A whole workshop in Danish: a leader, a big screen and three phones, round by round, until the minutes are home."""

from __future__ import annotations

import re
import runpy
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

WALK = runpy.run_path(str(Path(__file__).parent / "walk.py"))
pytestmark, address, browser, walk = WALK["MARKS"], WALK["address"], WALK["browser"], WALK["walk"]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 800}, "accept_downloads": True}
WALL = {"viewport": {"width": 1920, "height": 1080}}

WORKSHOPS = "/api/workshops"
TITLE, QUESTION = "Vejle <b>og</b> vandet", "Hvad gør vi, når nettet går ned?"
BOLD, DROP, PLAIN = "Ingen kan <b>ringe</b> 112", "'; DROP TABLE cards; --", "Ældre kan ikke åbne døren"
MEASURE, OWN = "Drift i hånden, når it svigter", "Radioer <b>i alle</b> bydele"
EVENT = "Teleudfald i 24 timer: central og master"
"""An event without water, which the model is through in a second."""


@dataclass(frozen=True)
class Room:
    """Who is in the workshop, and how one looks at them."""

    walk: object
    leader: Page
    screen: Page
    phones: tuple[Page, ...]

    @property
    def views(self) -> dict[str, Page]:
        """The leader, the screen and one of the phones, which are looked at in every round."""
        return {"leader": self.leader, "screen": self.screen, "phone": self.phones[0]}

    def everybody(self, text: str) -> None:
        """Wait until `text` is to be read in all places."""
        for page in (self.leader, self.screen, *self.phones):
            expect(page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()

    def look(self, name: str) -> None:
        for who, page in self.views.items():
            self.walk.look(page, f"{name}-{who}")

    def next(self, name: str) -> None:
        """Open the next round, whose name all pages are to show."""
        self.leader.get_by_role("button", name=f"Videre til: {name}").click()
        for page in (self.screen, *self.phones):
            expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def press(page: Page, name: str | re.Pattern[str], within: str = "body") -> None:
    page.locator(within).get_by_role("button", name=name).first.click()


def made(walk) -> Page:
    """Make a workshop as a leader does, and return the leader's page."""
    page = walk.page("/workshop", **DESK)
    expect(page.get_by_text("By: Vejle")).to_be_visible()
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Spørgsmålet").fill(QUESTION)
    walk.look(page, "make")
    press(page, "Lav workshoppen")
    expect(page.locator(".bigcode")).to_have_text(re.compile(r"^[A-Z0-9]{6}$"))
    assert re.search(r"/leader/[A-Z0-9]{6}#\S{20,}$", page.url)
    return page


def filled(walk) -> Room:
    """Return a workshop with its screen and three phones, one of them with a nickname."""
    leader = made(walk)
    code = leader.locator(".bigcode").inner_text()
    screen = walk.page(f"/screen/{code}", **WALL)
    phones = tuple(walk.page(f"/w/{code}", **PHONE) for _ in range(3))
    for page, nickname in zip(phones, ("Ræven", "", ""), strict=True):
        page.get_by_label("Kaldenavn").fill(nickname)
        if nickname:
            walk.look(page, "join")
        page.get_by_role("button", name="Kom med").tap()
        expect(page.get_by_role("heading", level=1, name="Tal to minutter")).to_be_visible()
    expect(screen.get_by_text("3 deltagere")).to_be_visible()
    return Room(walk, leader, screen, phones)


def talk(room: Room) -> None:
    press(room.leader, "2 min.")
    for page in (room.leader, room.screen, *room.phones):
        expect(page.get_by_role("timer")).to_have_text(re.compile(r"1:\d\d\s*tilbage"))
    assert room.screen.locator("h1, .question").all_inner_texts()
    room.look("talk")


def challenges(room: Room) -> None:
    room.next("Udfordringer")
    for page, text in zip(room.phones, (BOLD, DROP, PLAIN), strict=True):
        page.get_by_label("Skriv et kort").fill(text)
        page.get_by_role("button", name="Send kortet").tap()
    for text in (BOLD, DROP, PLAIN):
        room.everybody(text)
    group(room, "Hjælp", BOLD, PLAIN)
    for page in room.phones:
        page.get_by_role("listitem").filter(has_text=BOLD).get_by_role("button", name="Stjerne").tap()
    expect(room.screen.get_by_role("listitem").filter(has_text=BOLD)).to_contain_text("★ 3")
    room.look("challenges")
    hide_and_undo(room)


def group(room: Room, name: str, *texts: str) -> None:
    for text in texts:
        room.leader.get_by_label(text, exact=True).check()
    room.leader.get_by_label("Gruppens navn").fill(name)
    press(room.leader, "Læg i gruppen")
    for page in (room.screen, *room.phones):
        expect(page.locator("h2, h3").filter(has_text=name)).to_be_visible()


def hide_and_undo(room: Room) -> None:
    """Take one card away and bring it back, then undo another and do it again."""
    press(room.leader, f"Skjul: {DROP}")
    for page in (room.screen, *room.phones):
        expect(page.get_by_text(DROP)).to_have_count(0)
    press(room.leader, "Fortryd", "nav")
    press(room.leader, f"Fortryd: Skjulte: {DROP}")
    room_without = [room.screen, *room.phones]
    for page in room_without:
        expect(page.get_by_text(DROP)).to_be_visible()
    press(room.leader, f"Fortryd: Nyt kort: {PLAIN}")
    for page in room_without:
        expect(page.get_by_text(PLAIN)).to_have_count(0)
    room.walk.look(room.leader, "undo-leader")
    press(room.leader, f"Gør igen: Nyt kort: {PLAIN}")
    for page in room_without:
        expect(page.get_by_text(PLAIN)).to_be_visible()


def ideas(room: Room) -> None:
    room.next("Idéer")
    first, second, third = room.phones
    first.get_by_label("Jeg vælger et tiltag fra listen").check()
    first.get_by_label("Tiltag og pris").select_option(value="manual_fallback")
    first.get_by_label("Bydel").select_option(label="Midtby")
    room.walk.look(first, "propose-phone")
    first.get_by_role("button", name="Send idéen").tap()
    second.get_by_label("Skriv din idé").fill(OWN)
    second.get_by_role("button", name="Send idéen").tap()
    for text in (MEASURE, OWN):
        room.everybody(text)
    expect(third.get_by_text("Sted: Midtby")).to_be_visible()
    for page in (second, third):
        page.get_by_role("listitem").filter(has_text=MEASURE).get_by_role("button", name="Støt").tap()
    expect(room.screen.get_by_text("2 støtter")).to_be_visible()
    priced = room.leader.get_by_role("listitem").filter(has_text=OWN)
    priced.get_by_text("Giv en pris").click()
    priced.get_by_label("Skøn over prisen").fill("2,5")
    room.look("ideas")
    press(room.leader, "Sæt prisen")
    expect(third.get_by_text("2,5 mio. kr. (lederens skøn)")).to_be_visible()


def run(room: Room) -> None:
    room.next("Hvad modellen siger")
    room.leader.get_by_label(MEASURE, exact=True).check()
    room.leader.get_by_label("Hvad sker der?").select_option(label=EVENT)
    room.walk.look(room.leader, "ask-leader")
    press(room.leader, "Regn på det")
    for page in (room.leader, room.screen, *room.phones):
        row = page.get_by_role("row").filter(has_text="Dage uden strøm").first
        expect(row).to_contain_text(re.compile(r"(\d{3}\.\d{3}){2}.*færre"), timeout=WALK["RUN"])
    room.phones[0].get_by_label("Hvilken bydel bor du i?").select_option(label="Midtby")
    expect(room.phones[0].get_by_role("table", name="Bydelen Midtby").first).to_be_visible()
    room.look("run")


def added_value(room: Room) -> None:
    room.next("Merværdi")
    for page in room.phones[:2]:
        page.get_by_label("tryghed").first.check()
    expect(room.screen.get_by_role("listitem").filter(has_text="tryghed 2")).to_be_visible()
    room.look("added-value")


def decide(room: Room) -> None:
    room.next("Beslutning")
    for page in room.phones:
        for _ in range(2):
            page.get_by_role("button", name=f"Mere til {MEASURE}").tap()
        expect(page.get_by_text("Dit valg er gemt.")).to_be_visible()
    expect(room.leader.get_by_text("3 af 3 har stemt.")).to_be_visible()
    expect(room.screen.get_by_text("Stemmerne vises, når lederen åbner dem.")).to_be_visible()
    for page in (room.screen, *room.phones):
        expect(page.get_by_text("3 vil betale")).to_have_count(0)
    room.look("decide-hidden")
    press(room.leader, "Vis stemmerne for alle")
    room.everybody("3 vil betale")
    room.look("decide-open")


def harvest(room: Room) -> None:
    room.next("Høst")
    room.look("harvest")
    press(room.leader, "Gem og slet")
    with room.leader.expect_download() as taken:
        press(room.leader, "Hent: Referat")
    with room.phones[2].expect_download() as got:
        room.phones[2].get_by_role("link", name="Hent referatet").tap()
    minutes = Path(taken.value.path()).read_text(encoding="utf-8")
    assert minutes == Path(got.value.path()).read_text(encoding="utf-8")
    read = unescape(minutes.replace("\\", ""))
    for text in (TITLE, QUESTION, BOLD, DROP, PLAIN, "Hjælp", MEASURE, OWN, EVENT, "2,5 mio. kr.", "tryghed"):
        assert text in read, (text, minutes)
    assert "Ræven" not in minutes and "<b>" not in minutes
    press(room.leader, "Slut workshoppen")
    room.walk.look(room.leader, "sure-leader")
    press(room.leader, "Ja, slut")
    expect(room.screen.get_by_text("Tak for i dag")).to_be_visible()
    for page in (room.leader, *room.phones):
        expect(page.get_by_text("Workshoppen er slut")).to_be_visible()
    press(room.leader, "Slet workshoppen")
    room.walk.look(room.leader, "delete-leader")
    room.look("closed")


def test_a_whole_workshop_in_danish(walk) -> None:
    room = filled(walk)
    for step in (talk, challenges, ideas, run, added_value, decide, harvest):
        step(room)
        for page in (room.leader, room.screen, *room.phones):
            assert page.locator("html").get_attribute("lang") == "da"
            assert page.locator("b").count() == 0


TOGETHER = """() => [...document.querySelectorAll('.columns > section')].map(section => {
  const at = each => Math.round(each.getBoundingClientRect().x);
  return [at(section.querySelector('h2')), ...[...section.querySelectorAll('li')].map(at)];
})"""
"""Where each group's heading and cards begin, from the left."""


def grouped(address: str, *sizes: int) -> str:
    """Make a workshop whose cards lie in groups of these sizes, and return its code."""
    with httpx.Client(base_url=address, timeout=60) as web:
        made = web.post(WORKSHOPS, json={"title": TITLE, "question": QUESTION}).raise_for_status().json()
        here, leader = f"{WORKSHOPS}/{made['code']}", made["leader_token"]
        joined = web.post(f"{here}/join", json={"language": "da"}).raise_for_status().json()["token"]

        def act(token: str, **action: object) -> None:
            web.post(f"{here}/actions", json=action, headers={"X-Genrejs-Token": token}).raise_for_status()

        act(leader, kind="round", name="challenges")
        for number in range(sum(sizes)):
            act(joined, kind="card", text=f"{PLAIN}, og hvem gør det så? Kort {number}")
        cards = sorted(each["id"] for each in web.get(here).json()["cards"])
        for number, size in enumerate(sizes):
            act(leader, kind="group", cards=[cards.pop(0) for _ in range(size)], group=f"Gruppe {number}")
        return str(made["code"])


@pytest.mark.parametrize(
    ("sizes", "whole"), [((3, 1, 2), (3, 1, 2)), ((2, 3), (2, 3)), ((6, 2, 2), (2, 2, 2)), ((1, 2, 3, 1), (1, 2, 3, 1))]
)
def test_a_heading_on_the_screen_stands_with_its_cards(walk, sizes, whole) -> None:
    page = walk.page(f"/screen/{grouped(walk.address, *sizes)}", **WALL)
    expect(page.locator(".columns li")).to_have_count(sum(sizes))
    walk.look(page, "challenges-groups-" + "-".join(map(str, sizes)))
    groups = page.evaluate(TOGETHER)
    assert [len(cards) for _, *cards in groups] == list(sizes)
    for (heading, *cards), least in zip(groups, whole, strict=True):
        assert cards[:least] == [heading] * least, groups
        assert len(cards) == least or cards[-1] == cards[-2], groups

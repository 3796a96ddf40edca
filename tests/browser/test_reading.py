"""What a reader does: ask, look at what is found, follow a citation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.servers import Server

THIRD, FIRST, SECOND = "某市中级人民法院", "某市第一中级人民法院", "某市第二中级人民法院"
SCREENS = {
    "phone": {"viewport": {"width": 375, "height": 667}, "is_mobile": True, "has_touch": True},
    "small phone": {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True},
    "without scripts": {"java_script_enabled": False},
    "dark": {"color_scheme": "dark"},
}


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """A visitor with another screen or browser than most."""
    with visit(browser, server.url, **SCREENS[request.param]) as opened:
        yield opened


def ask(page: Page, query: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("searchbox").press("Enter")


def follow_first_citation(page: Page) -> str:
    """Follow the first hit's citation and return what the server says it quotes."""
    link = page.locator(".hit .cite a").first
    found = page.request.get("/api/search", params={"q": page.get_by_role("searchbox").input_value()})
    citation = found.json()["hits"][0]["citation"]
    assert link.get_attribute("href") == citation["url"]
    link.click()
    expect(page).to_have_url(f"{page.url.split('/reports/')[0]}{citation['url']}")
    return str(citation["quote"])


def test_an_empty_query_is_not_sent(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").press("Enter")
    expect(page).not_to_have_url("**/?q=*")
    expect(page.locator(".hit")).to_have_count(0)
    assert page.evaluate("document.querySelector('#q').validity.valueMissing")


def test_markup_in_a_query_runs_nothing(page: Page) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    query = "<img src=/x onerror=alert(1)>\"'><script>alert(2)</script>整改"
    ask(page, query)
    expect(page.get_by_role("searchbox")).to_have_value(query)
    expect(page.locator(".hit")).to_have_count(10)
    expect(page.locator("img")).to_have_count(0)
    assert dialogs == []


def test_nothing_found_is_said(page: Page) -> None:
    ask(page, "😀😀😀")
    expect(page.get_by_role("status")).to_contain_text("没有找到相关段落")


def test_a_query_finds_passages_with_court_path_and_marked_words(page: Page) -> None:
    ask(page, "排查廉政风险多少个")
    expect(page.locator(".hit")).to_have_count(10)
    first = page.locator(".hit").first
    expect(first.locator(".court")).to_have_text(THIRD)
    expect(first.locator(".path")).to_contain_text("四、从严正风反腐")
    expect(first.locator("mark").filter(has_text="廉政风险").first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("排查廉政风险多少个")


def test_a_citation_leads_to_the_cited_words_marked_and_in_sight(page: Page) -> None:
    ask(page, "12368热线接听电话")
    quote = follow_first_citation(page)
    cited = page.locator("#cited")
    expect(cited).to_be_in_viewport()
    expect(cited).to_contain_text("12368热线")
    assert "".join(page.locator("mark").all_text_contents()) == quote
    assert page.evaluate("window.scrollY") > 0
    expect(page.get_by_role("heading", level=1)).to_contain_text(FIRST)


def test_a_report_can_be_left_for_the_search_page_and_come_back_to(page: Page) -> None:
    ask(page, "廉政风险")
    follow_first_citation(page)
    page.go_back()
    expect(page.locator(".hit")).to_have_count(10)
    page.get_by_role("link", name="法问").click()
    expect(page.get_by_role("heading", name="库内报告")).to_be_visible()


def test_the_keyboard_alone_reaches_a_result(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("志愿服务活动")
    page.keyboard.press("Enter")
    link = page.locator(".hit .cite a").first
    expect(link).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    expect(link).to_be_focused()
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#cited")).to_be_in_viewport()


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/?q=整改")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


def test_choosing_a_court_narrows_what_is_found(page: Page) -> None:
    ask(page, "整改措施")
    assert len(set(page.locator(".hit .court").all_text_contents())) == 3
    page.locator("label.chip", has_text=SECOND).click()
    expect(page.get_by_role("checkbox", name=SECOND)).to_be_checked()
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".hit").first).to_be_visible()
    expect(page.get_by_role("checkbox", name=SECOND)).to_be_checked()
    assert set(page.locator(".hit .court").all_text_contents()) == {SECOND}


def test_a_court_can_be_chosen_with_the_keyboard(page: Page) -> None:
    ask(page, "整改措施")
    page.get_by_role("checkbox", name=FIRST, exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=FIRST, exact=True)).to_be_checked()
    page.wait_for_url("**court=*")
    assert set(page.locator(".hit .court").all_text_contents()) == {FIRST}


def test_choosing_a_mode_changes_the_ranking(page: Page) -> None:
    ask(page, "整改措施落实情况")
    ranked = page.locator(".hit .cite a").evaluate_all("links => links.map(link => link.href)")
    page.locator("label.chip", has_text="字面").click()
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**mode=lexical*")
    assert page.locator(".hit .cite a").evaluate_all("links => links.map(link => link.href)") != ranked


def test_any_screen_asks_finds_and_reads_without_sideways_scrolling(screen: Page) -> None:
    ask(screen, "排查廉政风险多少个")
    expect(screen.locator(".hit")).to_have_count(10)
    fits(screen)
    quote = follow_first_citation(screen)
    expect(screen.locator("#cited")).to_be_in_viewport()
    assert "".join(screen.locator("mark").all_text_contents()) == quote
    fits(screen)
    screen.goto("/reports/none")
    fits(screen)


def fits(page: Page) -> None:
    """Nothing reaches beyond the screen's right edge."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    for box in page.locator("main, header, footer, .hit, form, article").all():
        bounds = box.bounding_box()
        assert bounds is not None
        assert bounds["x"] >= 0
        assert bounds["x"] + bounds["width"] <= width


@pytest.mark.parametrize("width", [320, 375])
def test_a_phone_never_scrolls_sideways(browser: Browser, server: Server, width: int) -> None:
    options = {"viewport": {"width": width, "height": 667}, "is_mobile": True, "has_touch": True}
    with visit(browser, server.url, **options) as phone:
        for path in "/", "/?q=整改措施", "/?q=" + "x" * 900, "/?q=a&year=" + "9" * 300, "/reports/none":
            phone.goto(path)
            assert phone.evaluate("document.documentElement.scrollWidth") == width
        phone.goto("/?q=整改措施")
        phone.locator(".hit .cite a").first.tap()
        expect(phone.locator("#cited")).to_be_in_viewport()
        assert phone.evaluate("document.documentElement.scrollWidth") == width


def test_the_api_documentation_works_without_any_other_site(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="接口文档").click()
    expect(page.get_by_text("/api/search").first).to_be_visible()
    expect(page.get_by_role("heading", name="Fawen 法问")).to_be_visible()

"""A voter's finger on the page: taps through a vote and counts the taps."""

from playwright.sync_api import Page, expect

SIX = ("满意", "比较满意", "不满意", "基本满意", "不了解情况", "满意")
SIX_AS_CELLS = bytes([1, 2, 4, 3, 5, 1, 0, 0, 0])


class Finger:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.taps += 1

    def begin(self, *, own: bool = False) -> None:
        """From the first screen to the departments; `own`: on the voter's own phone."""
        if own:
            self.page.get_by_label("这是我本人的手机").check()
            self.taps += 1
        self.button("开始评价")

    def department(self, name: str) -> None:
        self.page.get_by_label(name, exact=True).check()
        self.taps += 1

    def answer(self, place: int, word: str) -> None:
        self.page.locator("fieldset.v-question").nth(place).get_by_text(word, exact=True).click()
        self.taps += 1

    def open_department(self, number: int = 1) -> None:
        self.department(f"示范部门{number}")
        self.button("下一步")

    def hand_in(self) -> None:
        """From the last answer to the receipt."""
        self.button("核对评价")
        self.button("提交评价")
        expect(self.page.get_by_role("heading", name="评价已提交")).to_be_visible()


def vote(page: Page, *words: str, own: bool = False) -> Finger:
    """From the first screen to the receipt: the first three words for 示范部门1, more for 示范部门2."""
    finger = Finger(page)
    finger.begin(own=own)
    return fill_in(finger, *words)


def fill_in(finger: Finger, *words: str) -> Finger:
    """From the departments to the receipt."""
    if words[3:]:
        finger.department("示范部门2")
    finger.open_department(1)
    for place, word in enumerate(words[:3]):
        finger.answer(place, word)
    if words[3:]:
        finger.button("下一部门")
    for place, word in enumerate(words[3:]):
        finger.answer(place, word)
    finger.hand_in()
    return finger

"""Questions about identity are decided and taken back; devices are merged, split and replaced from a camera's page."""

import pytest

from tests.builders.doubtful_identity import INTERRUPTED, POINT, RECORDER, SPARE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ANSWERS = {
    "identity": "same_as",
    "replacement": "replaced",
    "channels": "bind",
    "same_camera": "same_camera",
    "replaced_again": "seen",
}
LEAVES_NO_ACTION = {"replaced_again"}
UNDO = "tr[data-action] button"


def questions(doubtful) -> dict[str, dict]:
    return {question["kind"]: question for question in doubtful.get("/conflicts")["items"]}


def decide(one, question: dict, answer: str) -> None:
    shown = f".conflict[data-conflict='{question['id']}']"
    one.page.click(f"{shown} .conflict-head")
    one.page.wait_for_selector(f"{shown} .device-card dl")
    one.page.click(f"{shown} [data-answer={answer}]")
    for n, camera in enumerate(reversed(question["camera_ids"]) if answer == "bind" else ()):
        one.page.select_option(f"{shown} select[name=camera-{n}]", str(camera))
    one.page.fill(f"{shown} [name=why]", "看过标签")
    one.page.click(f"{shown} [type=submit]")


def the_camera(doubtful, name: str) -> dict:
    return next(row for row in doubtful.get("/cameras", limit=100)["items"] if row["name"] == name)


def test_every_kind_of_question_is_decided_and_taken_back_where_it_is_handled(doubtful, visit_doubtful) -> None:
    asked = questions(doubtful)
    assert asked.keys() == ANSWERS.keys()
    one = visit_doubtful("#/discovery?tab=conflicts")
    decide(one, asked["identity"], "later")
    one.page.wait_for_selector(f".conflict[data-conflict='{asked['identity']['id']}'] .note:has-text('看过标签')")
    one.page.click(f".conflict[data-conflict='{asked['identity']['id']}'] .conflict-head")
    for kind, answer in ANSWERS.items():
        decide(one, asked[kind], answer)
        one.page.wait_for_selector(f".conflict[data-conflict='{asked[kind]['id']}']", state="detached")
        one.page.wait_for_selector(".done-note[data-state=done]")
    assert questions(doubtful) == {}
    channels = doubtful.get(f"/devices/{asked['channels']['device_id']}")["cameras"]
    assert [each["id"] for each in channels if each["channel"] == "src1"] == [asked["channels"]["camera_ids"][1]]
    one.page.click(".done-note button.quiet")
    one.go("#/discovery?tab=actions")
    shown = doubtful.get("/identity-actions")["total"]
    for taken_back in range(len(ANSWERS) - len(LEAVES_NO_ACTION)):
        one.wait_until(f"document.querySelectorAll('{UNDO}').length === {shown - taken_back}")
        one.page.click(f"{UNDO} >> nth=0")
    one.wait_until(f"document.querySelectorAll('{UNDO}').length === {shown - taken_back - 1}")
    assert questions(doubtful).keys() == ANSWERS.keys() - LEAVES_NO_ACTION
    one.go("#/discovery?tab=conflicts")
    decide(one, asked["identity"], "new_device")
    one.page.wait_for_selector(".done-note[data-state=done]")
    assert "identity" not in questions(doubtful)


def test_who_may_not_decide_reads_the_question_and_has_no_button(doubtful, visit_doubtful) -> None:
    one = visit_doubtful(language="en-GB", signed_in=False)
    one.sign_in("operator")
    one.go(f"#/discovery?conflict={questions(doubtful)['replacement']['id']}")
    one.page.wait_for_selector(".conflict-body .device-card dl")
    text = one.page.inner_text(".conflict-body")
    assert "An administrator or a maintainer decides this." in text
    assert "Your role does not see this device" in text
    assert one.page.query_selector(".decide, [name=why]") is None
    one.go(f"#/camera/{the_camera(doubtful, POINT)['id']}?tab=device")
    one.page.wait_for_selector(".record")
    assert one.page.query_selector("[data-deed=merge], [data-deed=reset-login]") is None
    one.complaints = [each for each in one.complaints if "404" not in each]


def choose_device(one, text: str) -> None:
    one.page.fill(".device-search input", text)
    one.page.click(".device-search li:only-child label")
    one.page.wait_for_selector(".drawer .device-card:nth-child(2) dl")


def carry_out(one, *, undo: bool = True) -> None:
    one.page.fill(".drawer [name=why]", "现场核对")
    one.page.click(".drawer [type=submit]")
    one.page.wait_for_selector(".done-note[data-state=done]")
    if undo:
        one.page.click(".done-note [data-deed=undo]")
        one.page.wait_for_selector(".done-note[data-state=undone]")


def test_devices_are_merged_split_and_replaced_from_a_cameras_page_and_each_is_taken_back(
    doubtful, visit_doubtful
) -> None:
    camera = the_camera(doubtful, POINT)
    spare, recorder = (doubtful.get("/devices", q=serial)["items"][0]["id"] for serial in (SPARE, RECORDER))
    one = visit_doubtful(f"#/camera/{camera['id']}?tab=device")
    one.page.click("[data-deed=merge]")
    choose_device(one, SPARE)
    carry_out(one)
    one.page.click("[data-deed=split]")
    one.page.check(".drawer [data-part=keys] li:first-child input")
    carry_out(one)
    one.page.click("[data-deed=replace]")
    choose_device(one, "127.40.6.9")
    one.page.fill(".drawer [name=why]", "换了录像机")
    one.page.click(".drawer [type=submit]")
    refused = one.page.wait_for_selector(".drawer .problem").inner_text()
    assert f"设备 {recorder} 有多个通道" in refused
    one.complaints.clear()
    one.page.select_option(".drawer [name=channel]", "ch1")
    carry_out(one)
    done = doubtful.get("/identity-actions", limit=3)["items"]
    assert [(each["kind"], each["undone_by"]) for each in done] == [
        ("replace", "admin"),
        ("split", "admin"),
        ("merge", "admin"),
    ]
    assert doubtful.get(f"/cameras/{camera['id']}")["device"]["id"] == camera["device_id"]
    one.page.click("[data-deed=replace]")
    choose_device(one, SPARE)
    carry_out(one, undo=False)
    one.page.wait_for_selector(f".table-tools h2:has-text('设备 {spare}')")


def test_a_login_whose_outcome_nobody_knows_is_explained_and_reset(doubtful, visit_doubtful) -> None:
    device = doubtful.get("/devices", q=INTERRUPTED)["items"][0]
    camera = doubtful.get(f"/devices/{device['id']}")["cameras"][0]
    one = visit_doubtful(f"#/camera/{camera['id']}?tab=device")
    one.page.click("[data-deed=reset-login]")
    assert "程序在登录这台设备时中断" in one.page.inner_text(".login-reset")
    one.page.fill(".login-reset [name=why]", "账号没有被锁")
    one.page.click(".login-reset [type=submit]")
    one.page.wait_for_selector("[data-state=reset]")
    assert doubtful.get(f"/devices/{device['id']}")["learnt"]["forgotten"]

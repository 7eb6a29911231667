"""Sweeps with their progress, lists taken in, tasks on devices: started and followed in the console."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
A_FEW = "127.64.0.0/28"
"""Where the pretend city has its first devices."""


def a_sheet() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (
        ["点位名称", "建设类别", "行政区划代码", "安装地址", "经度", "纬度", "录像天数"],
        ["新桥东头", "政府", "410102001001", "新桥1号", 113.62, 34.75, 30],
        ["新桥西头", "政府", "410102001001", "新桥2号", 113.63, 34.75, 30],
        ["新桥底下", "政府", "410102001001", "新桥3号", 613.63, 34.75, 30],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_looked_into_checked_and_taken_in(console, visit) -> None:
    one = visit("#/import")
    one.page.wait_for_selector(".drop-zone")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    one.page.set_input_files(".drop-zone input", {"name": "新桥.xlsx", "mimeType": kind, "buffer": a_sheet()})
    one.page.wait_for_selector("[data-heading='点位名称']")
    one.page.select_option("[data-heading='录像天数'] select", "retention_days")
    one.page.click("[data-deed=check]")
    one.page.wait_for_selector("[data-deed=take-in]:not([disabled])")
    assert one.page.inner_text("[data-count=created] b") == "2"
    assert "613.63" in one.page.inner_text(".rejected")
    assert console.get("/cameras", q="新桥", limit=1)["total"] == 0
    one.page.click("[data-deed=take-in]")
    one.page.wait_for_selector("a.primary[href*='inventory']")
    assert console.get("/cameras", q="xinqiao", limit=1)["total"] == 2
    assert [each["name"] for each in console.get("/mappings")["items"]] == ["新桥"]
    one.go("#/inventory?q=新桥")
    one.page.wait_for_selector("#line-1[data-camera]")
    one.page.click("[data-deed=export-form]")
    one.page.select_option(".drawer [name=sheet]", "archive27")
    one.page.wait_for_selector(".drawer .export-summary[data-summary='2']")
    with one.page.expect_download() as coming:
        one.page.click(".drawer [data-deed=export]")
    taken = load_workbook(io.BytesIO(coming.value.path().read_bytes())).active
    assert (taken.max_column, taken.max_row) == (27, 3)
    one.page.wait_for_selector(".drawer", state="detached")


def test_a_sweep_is_started_and_its_progress_and_findings_are_seen(console, visit) -> None:
    one = visit("#/discovery")
    one.page.click("[data-deed=new-sweep]")
    one.page.check(".drawer .choice label:nth-of-type(2) input")
    one.page.fill("[name=cidrs]", A_FEW)
    one.page.uncheck(".drawer [name=multicast]")
    one.page.click(".drawer [type=submit]")
    one.page.wait_for_selector(".sweep-head [role=progressbar]")
    one.page.wait_for_selector(".sweep-head[data-state=done]", timeout=60_000)
    one.page.wait_for_selector(".findings tbody tr:has-text('127.64.0.1:')")
    sweep = console.get("/sweeps", limit=1)["items"][0]
    assert sweep["findings"] >= 5
    assert one.page.evaluate("document.querySelector('[role=progressbar]').getAttribute('aria-valuenow')") == str(
        sweep["addresses_total"]
    )
    one.page.click(".discovery button:has-text('全部扫描')")
    devices = sweep["findings"] - sweep["outcomes"].get("nobody", 0)
    expect(one.page.locator(f"[data-sweep='{sweep['id']}'] [data-count=devices]")).to_have_text(str(devices))


def test_a_task_is_looked_at_before_it_is_started_and_tells_what_each_device_made_of_it(console, visit) -> None:
    camera = console.get("/cameras", status="up", tier="government", sort="id", limit=20)["items"][5]
    one = visit(f"#/inventory?filter=id%20%3D%20{camera['id']}")
    one.page.wait_for_selector("#line-0[data-camera]")
    one.page.click("#line-0 input")
    one.page.click("[data-deed=task]")
    one.page.select_option(".drawer [name=kind]", "read_firmware")
    one.page.click(".drawer [data-deed=preview]")
    one.page.wait_for_selector(".drawer .edit-preview tbody tr")
    one.page.fill(".drawer [name=why]", "固件清点")
    one.page.click(".drawer [data-deed=start]")
    one.page.wait_for_selector(".sweep-head[data-state=done]", timeout=60_000)
    one.page.wait_for_selector(".steps-list tbody tr .work-state:is(.is-done, .is-unchanged)")

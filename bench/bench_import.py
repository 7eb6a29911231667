"""Promise: 100,000 rows, 1 % of them bad, as CSV and as XLSX, in ≤ 60 s and in bounded memory; each bad row is named; a
second import changes nothing. Each import runs in a process of its own, so that its memory is its own.

`python bench/bench_import.py [ROWS]`: 20,000 where nothing is said, which is quick; the full size is 100000. The peer
reads the same spreadsheet with openpyxl alone, in its read-only mode, and stores nothing.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook, load_workbook

from vms.services.import_cameras import import_cameras
from vms.services.lists.list_file import CameraFile
from vms.store.database import Database
from vms.store.migrate import upgrade

HEADINGS = (
    *(
        "国标编码",
        "点位名称",
        "建设类别",
        "行政区划代码",
        "安装地址",
        "杆号",
        "序列号",
        "MAC地址",
        "IP地址",
        "端口",
        "经度",
        "纬度",
    ),
    *("坐标系", "监视方位", "视场角", "可视距离", "权属单位", "点位类型", "摄像机类型", "摄像机位置类型", "补光属性"),
    *("安装时间", "管理单位", "管理单位联系方式", "录像保存天数", "设备状态"),
)
BAD_EVERY = 100


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_csv(folder / "list.csv", rows)
        _write_xlsx(folder / "list.xlsx", rows)
        for kind in ("csv", "xlsx"):
            file, url = folder / f"list.{kind}", f"sqlite:///{folder / kind}.db"
            upgrade(Database(url))
            good, bad = rows - rows // BAD_EVERY, rows // BAD_EVERY
            _check(_report(f"{kind}, import", "import", url, file, rows), {"created": good, "rejected_rows": bad})
            _check(_report(f"{kind}, again", "import", url, file, rows), {"unchanged": good, "rejected_rows": bad})
            _report(f"{kind}, read alone", "read", url, file, rows)
        _report("peer: openpyxl reads the spreadsheet alone", "peer", "", folder / "list.xlsx", rows)


def _report(what: str, job: str, url: str, file: Path, rows: int) -> dict[str, int]:
    command = [sys.executable, __file__, job, url, str(file)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(
        f"{what}: {rows:,} rows in {told['wall_s']:.1f} s; {told['cpu_s']:.1f} s of CPU = "
        f"{rows / told['cpu_s']:,.0f} rows per CPU second; memory, most: {told['memory_mb']:.0f} MB"
    )
    return told


def _check(told: dict[str, int], wanted: dict[str, int]) -> None:
    assert {name: told[name] for name in wanted} == wanted, told


def one_job(job: str, url: str, file: Path) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    figures: dict[str, float] = {}
    if job == "import":
        result = import_cameras(Database(url), file)
        named = {error.row for error in result.rejected}
        assert len(named) == result.rejected_rows, "a bad row is not named"
        figures = dict(result.figures())
    elif job == "read":
        assert sum(1 for _ in CameraFile(file).rows())
    else:
        assert sum(1 for _ in load_workbook(file, read_only=True).active.iter_rows(values_only=True))
    figures |= {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def _row(n: int) -> tuple[object, ...]:
    a, b, c = n >> 16 & 255, n >> 8 & 255, n & 255
    bad = n % BAD_EVERY == BAD_EVERY - 1
    return (
        *(f"4101020000132{n:07d}", f"人民路{n}号", "月亮" if bad else "社会单位", "410102001001", f"人民路{n}号"),
        *(str(1_000_000 + n), f"SN{n:08d}", f"44:19:b6:{a:02x}:{b:02x}:{c:02x}", f"10.{a}.{b}.{c}", 80),
        *(113.6 + n % 1000 / 10_000, 34.7 + n // 1000 / 10_000, "gcj02" if n % 7 == 0 else "wgs84", n % 360, 90, 60),
        *(
            "商户",
            "二类点",
            "固定枪机",
            "8/10",
            "红外补光",
            f"2020-{n % 12 + 1:02d}-17",
            "科信支队",
            "0371-6585000",
            30,
            "在用",
        ),
    )


def _write_csv(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8-sig") as out:
        out.write(",".join(HEADINGS) + "\n")
        out.writelines(",".join(map(str, _row(n))) + "\n" for n in range(rows))


def _write_xlsx(file: Path, rows: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("点位")
    sheet.append(["视频监控点位一览表"])
    sheet.append(HEADINGS)
    for n in range(rows):
        sheet.append(_row(n))
    book.save(file)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one_job(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

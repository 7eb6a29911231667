"""A wish whose numbers nobody can count with is refused; one that was kept before that does not stop the list."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from vms.api.show_plans import plan_detail, plan_row
from vms.cli.plan import add_to, read_types
from vms.core.errors import BadInput
from vms.planning.catalogue import DEFAULT_TYPES, CameraType, SiteKind
from vms.services.plans.request import PlanRequest, read_back, written
from vms.store.plans import PlanState, StoredPlan

AREA = {"type": "Polygon", "coordinates": [[[0, 0], [0.001, 0], [0.001, 0.001], [0, 0]]]}
NEVER = (math.inf, -math.inf, math.nan, -1.0, 0.0, 2e9)


@pytest.mark.parametrize("number", NEVER)
def test_a_budget_or_a_cost_is_a_number_one_can_count_with(number: float) -> None:
    for wrong in (
        {"budget": number},
        {"types": (CameraType(name="a", cost=number),)},
        {"types": (CameraType(name="a", range_m=number),)},
    ):
        with pytest.raises(BadInput):
            PlanRequest(**{"area": AREA, "budget": 5.0} | wrong)  # type: ignore[arg-type]
    if number:
        with pytest.raises(BadInput, match="site_cost pole"):
            PlanRequest(area=AREA, budget=5.0, site_cost={SiteKind.POLE: number})


@pytest.mark.parametrize("number", ["inf", "nan", "-1", "1e10", '"much"'])
def test_a_catalogue_with_such_a_number_is_refused_with_its_key(tmp_path: Path, number: str) -> None:
    file = tmp_path / "types.toml"
    file.write_text(f'[[type]]\nname = "a"\ncost = {number}\n')
    with pytest.raises(BadInput, match="cost"):
        read_types(file)


def test_the_command_refuses_it_before_it_looks_at_the_town(tmp_path: Path) -> None:
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(AREA))
    app = typer.Typer()
    add_to(app)
    for budget in ("inf", "nan", "-3", "0"):
        done = CliRunner().invoke(app, ["plan", "--budget", budget, "--area", str(area), "--json"])
        assert isinstance(done.exception, BadInput), done.output
        assert done.exception.where == "budget"


def test_a_plan_that_was_kept_with_such_numbers_is_listed_all_the_same() -> None:
    request = written(PlanRequest(area=AREA, budget=5.0)) | {"budget": math.inf}
    request["types"][0]["cost"] = math.nan
    result = dict.fromkeys(("cost", "share_after", "worth_total", "guarantee"), math.nan)
    plan = StoredPlan(
        plan_id=1,
        name="全部",
        state=PlanState.FAILED,
        request=request,
        who="demo",
        created_at=datetime(2026, 5, 1, tzinfo=UTC),
        started_at=None,
        finished_at=None,
        stage="",
        result=result,
        problem="",
        applied_at=None,
        applied_by="",
    )
    row = plan_row(plan)
    assert (row.budget, row.cost, row.share_after) == (1e9, None, None)
    json.dumps(row.model_dump(mode="json"), allow_nan=False)
    detail = plan_detail(replace(plan, result=None), ())
    json.dumps(detail.model_dump(mode="json"), allow_nan=False)
    sound = PlanRequest(area=AREA, budget=5.0)
    assert read_back(written(sound)) == sound and sound.types == DEFAULT_TYPES


def test_a_kind_called_like_a_shipped_one_has_its_chinese_name() -> None:
    kinds = (CameraType(name="wide"), CameraType(name="long", name_zh="长枪"), CameraType(name="own"))
    kept = read_back(written(PlanRequest(area=AREA, budget=5.0, types=kinds)))
    assert [one.name_zh for one in kept.types] == ["广角枪机", "长枪", ""]

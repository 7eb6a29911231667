"""The rule that decides, found for many cameras at once, is the first that fits each."""

from hypothesis import given
from hypothesis import strategies as st

from vms.core.ids import MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule, deciding, first_that_fits
from vms.maintenance.scope import Scope
from vms.places.land import NO_TREE, Land

CODES = st.sampled_from(["", "41", "4101", "410105", "410105001", "42"])
TIERS = st.sampled_from(list(Tier))
LAYERS = st.sampled_from(["", "network", "picture"])
OWNERS = st.sampled_from([OwnerId(1), OwnerId(2)])

a_rule = st.builds(
    AssignmentRule,
    region_code=CODES,
    tier=st.none() | TIERS,
    point_class=st.none() | st.integers(1, 3),
    owner_id=st.none() | OWNERS,
    layer=LAYERS,
    maintainer_id=st.builds(MaintainerId, st.integers(1, 9)),
)
a_scope = st.builds(
    Scope,
    region_code=CODES,
    tier=TIERS,
    point_class=st.none() | st.integers(1, 3),
    owner_id=st.none() | OWNERS,
    layer=LAYERS,
)


LANDS = st.sampled_from([NO_TREE, Land({"41": None, "42": "41", "410105": "42"})])


@given(st.lists(a_rule, max_size=12), st.lists(a_scope, max_size=12), LANDS)
def test_the_first_rule_that_fits_decides_however_many_are_asked_at_once(
    rules: list[AssignmentRule], scopes: list[Scope], land: Land
) -> None:
    found = [None if place is None else rules[place] for place in deciding(rules, scopes, land)]
    assert found == [first_that_fits(rules, scope, land) for scope in scopes]


def test_a_rule_below_one_that_fits_everything_decides_nothing() -> None:
    everything, never = AssignmentRule(maintainer_id=MaintainerId(1)), AssignmentRule(maintainer_id=MaintainerId(2))
    assert deciding([everything, never], [Scope(tier=Tier.UNIT, region_code="4101")], NO_TREE) == [0]
    assert deciding([], [Scope(tier=Tier.UNIT)], NO_TREE) == [None]

"""Who may look at what, as sentences and as properties."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.access import NOON, a_camera, a_consent, a_grant, a_person, a_shop, an_incident
from vms.access.consent import ConsentMode
from vms.access.decide import CameraAccess, Decision, Grant, IncidentScene, LookKind, Verdict, decide
from vms.access.roles import LOOKERS, Person, Role, may_know_of
from vms.core.ids import CameraId, OwnerId, UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier


def look(
    camera: CameraAccess,
    person: Person | None = None,
    *,
    kind: LookKind = LookKind.LIVE,
    incident: IncidentScene | None = None,
    grants: tuple[Grant, ...] = (),
) -> Decision:
    return decide(person or a_person(), camera, kind, incident=incident, grants=grants, now=NOON)


def test_an_operator_sees_government_cameras() -> None:
    assert look(a_camera(Tier.GOVERNMENT)).code == "by_role"


@pytest.mark.parametrize("tier", [Tier.UNIT, Tier.COMMUNITY])
def test_units_and_compounds_are_seen_by_agreement_only(tier: Tier) -> None:
    assert look(a_camera(tier, agreement=True)).allowed
    assert look(a_camera(tier, agreement=False)).code == "no_agreement"


def test_a_household_without_consent_is_never_seen_whatever_the_agreement() -> None:
    assert look(a_camera(Tier.HOUSEHOLD, agreement=True), incident=an_incident()).code == "no_consent"


def test_a_registered_camera_without_consent_is_not_seen_by_agreement() -> None:
    assert look(a_camera(Tier.UNIT, registered=True, agreement=True)).code == "no_consent"


def test_consent_binds_even_where_an_agreement_would_allow() -> None:
    camera = a_camera(Tier.UNIT, agreement=True, consent=a_consent(ConsentMode.NEVER))
    assert look(camera).code == "never"


@pytest.mark.parametrize("life_cycle", [LifeCycle.PENDING, LifeCycle.RETIRED])
@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_approved_is_seen_by_nobody(life_cycle: LifeCycle, role: Role) -> None:
    person = a_person(role, owner_id=OwnerId(5))
    assert look(a_camera(life_cycle=life_cycle, owner_id=OwnerId(5)), person).verdict is Verdict.REFUSED


def test_near_an_incident_means_inside_the_radius_of_an_open_one() -> None:
    shop = a_shop(ConsentMode.NEAR_INCIDENT, radius_m=150.0)
    assert look(shop, incident=an_incident(149.0)).code == "near_incident"
    assert look(shop, incident=an_incident(151.0)).code == "too_far"
    assert look(shop, incident=an_incident(10.0, is_open=False)).code == "incident_closed"
    assert look(shop).code == "no_incident"


def test_nobody_knows_how_near_a_camera_without_a_place_is() -> None:
    camera = a_camera(Tier.UNIT, position=None, consent=a_consent(ConsentMode.NEAR_INCIDENT))
    assert look(camera, incident=an_incident()).code == "no_position"


def test_on_request_asks_until_the_owner_grants_and_again_afterwards() -> None:
    shop = a_shop(ConsentMode.ON_REQUEST)
    assert look(shop).verdict is Verdict.ASK
    granted = look(shop, grants=(a_grant(),))
    assert granted.allowed
    assert granted.until == NOON + timedelta(hours=1)
    assert look(shop, grants=(a_grant(until=NOON),)).verdict is Verdict.ASK


def test_a_grant_is_for_one_person_one_camera_and_its_incident() -> None:
    shop = a_shop(ConsentMode.ON_REQUEST)
    assert look(shop, grants=(a_grant(user_id=UserId(4)),)).verdict is Verdict.ASK
    assert look(shop, grants=(a_grant(camera_id=CameraId(8)),)).verdict is Verdict.ASK
    bound = a_grant(incident_id=an_incident().incident_id)
    assert look(shop, incident=an_incident(), grants=(bound,)).allowed
    assert look(shop, incident=an_incident(is_open=False), grants=(bound,)).verdict is Verdict.ASK
    assert look(shop, incident=an_incident(incident_id=12), grants=(bound,)).verdict is Verdict.ASK
    assert look(shop, grants=(bound,)).verdict is Verdict.ASK


def test_a_pause_ends_by_itself() -> None:
    assert look(a_shop(ConsentMode.ALWAYS, paused_until=NOON + timedelta(minutes=1))).code == "paused"
    assert look(a_shop(ConsentMode.ALWAYS, paused_until=NOON)).allowed


def test_owners_see_their_own_cameras_and_no_others() -> None:
    owner = a_person(Role.OWNER, owner_id=OwnerId(5))
    assert look(a_shop(ConsentMode.NEVER), owner).code == "own_camera"
    assert look(a_camera(owner_id=OwnerId(6)), owner).code == "not_yours"
    assert look(a_camera(owner_id=None), a_person(Role.OWNER)).code == "not_yours"


def test_maintenance_sees_a_still_of_an_ill_government_camera_and_nothing_else() -> None:
    staff = a_person(Role.MAINTAINER)
    ill = a_camera(ill=True)
    assert look(ill, staff, kind=LookKind.STILL).allowed
    assert look(ill, staff, kind=LookKind.LIVE).code == "maintenance_stills_only"
    assert look(a_camera(), staff, kind=LookKind.STILL).code == "maintenance_ill_only"
    assert look(a_camera(Tier.UNIT, ill=True, agreement=True), staff, kind=LookKind.STILL).verdict is Verdict.REFUSED


tiers, modes, roles = st.sampled_from(Tier), st.sampled_from(ConsentMode), st.sampled_from(Role)
soon = st.integers(-3600, 3600).map(lambda seconds: NOON + timedelta(seconds=seconds))
consents = st.builds(
    lambda mode, withdrawn, paused, radius: a_consent(
        mode, withdrawn_at=withdrawn, paused_until=paused, radius_m=radius
    ),
    modes,
    st.none() | soon,
    st.none() | soon,
    st.floats(10, 2000),
)
cameras = st.builds(
    lambda tier, cycle, consent, agreement, registered, ill, owner: a_camera(
        tier, life_cycle=cycle, consent=consent, agreement=agreement, registered=registered, ill=ill, owner_id=owner
    ),
    tiers,
    st.sampled_from(LifeCycle),
    st.none() | consents,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(1, 3).map(OwnerId),
)
people = st.builds(
    lambda role, owner: a_person(role, owner_id=owner), roles, st.none() | st.integers(1, 3).map(OwnerId)
)
scenes = st.none() | st.builds(
    lambda away, is_open: an_incident(away, is_open=is_open), st.floats(0, 4000), st.booleans()
)
grants = st.lists(st.builds(lambda user, until: a_grant(user_id=UserId(user), until=until), st.integers(2, 4), soon))
kinds = st.sampled_from(LookKind)


@given(people, cameras, kinds, scenes, grants)
def test_an_owners_no_is_stronger_than_everything(
    person: Person, camera: CameraAccess, kind: LookKind, scene: IncidentScene | None, given_grants: list[Grant]
) -> None:
    decision = decide(person, camera, kind, incident=scene, grants=given_grants, now=NOON)
    consent = camera.consent
    if consent is None or not decision.allowed:
        return
    assert consent.withdrawn_at is None
    if person.role in LOOKERS:
        assert consent.mode is not ConsentMode.NEVER
        assert consent.paused_until is None or consent.paused_until <= NOON
        if consent.mode is ConsentMode.NEAR_INCIDENT:
            assert scene is not None and scene.open


@given(people, cameras, kinds, scenes, grants)
def test_a_private_camera_is_seen_only_by_consent_agreement_or_its_owner(
    person: Person, camera: CameraAccess, kind: LookKind, scene: IncidentScene | None, given_grants: list[Grant]
) -> None:
    decision = decide(person, camera, kind, incident=scene, grants=given_grants, now=NOON)
    if decision.allowed and camera.tier is not Tier.GOVERNMENT and person.role is not Role.OWNER:
        assert camera.consent is not None or (camera.agreement and camera.tier is not Tier.HOUSEHOLD)
        assert person.role in LOOKERS


@given(people, cameras, kinds, scenes, grants)
def test_every_decision_says_why_in_both_languages(
    person: Person, camera: CameraAccess, kind: LookKind, scene: IncidentScene | None, given_grants: list[Grant]
) -> None:
    decision = decide(person, camera, kind, incident=scene, grants=given_grants, now=NOON)
    assert decision.code
    assert decision.because_en
    assert decision.because_zh
    assert decision.allowed == (decision.verdict is Verdict.ALLOWED)


@given(people, cameras, kinds, scenes, grants)
def test_who_does_not_know_of_a_camera_does_not_see_it(
    person: Person, camera: CameraAccess, kind: LookKind, scene: IncidentScene | None, given_grants: list[Grant]
) -> None:
    if not may_know_of(person, camera.life_cycle, camera.owner_id):
        assert not decide(person, camera, kind, incident=scene, grants=given_grants, now=NOON).allowed

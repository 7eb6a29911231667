"""The peer of bench_views.py, run by the system's Python with Debian's python3-gdal: viewsheds on a raster of 1 m.

    /usr/bin/python3 peer_gdal_viewshed.py GROUND.npy X0 Y0

Lines on standard input: `x y radius` per viewpoint, then `go`; answers one JSON line: areas in m² and CPU seconds of
ViewshedGenerate alone. The ground is 1 where a house stands; row 0 is the south-most, as in the array.
"""

import json
import sys
import time

import numpy as np
from osgeo import gdal

HOUSE_M, EYE_M = 100.0, 1.6


def main() -> None:
    houses = np.load(sys.argv[1])
    x0, y0 = float(sys.argv[2]), float(sys.argv[3])
    rows, columns = houses.shape
    gdal.UseExceptions()
    ground = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
    ground.SetGeoTransform((x0, 1.0, 0.0, y0 + rows, 0.0, -1.0))
    band = ground.GetRasterBand(1)
    band.WriteArray((houses[::-1] * HOUSE_M).astype(np.float32))
    print(json.dumps({"gdal": gdal.VersionInfo("RELEASE_NAME")}), flush=True)
    asked = []
    for line in sys.stdin:
        if line.strip() != "go":
            asked.append([float(part) for part in line.split()])
            continue
        areas, seconds = [], 0.0
        for x, y, radius in asked:
            started = time.process_time()
            seen = gdal.ViewshedGenerate(
                band, "MEM", "", [], x, y, EYE_M, 0.0, 255, 0, 0, -1.0, 0.0, gdal.GVM_Edge, radius
            )
            seconds += time.process_time() - started
            west, _, _, north, _, _ = seen.GetGeoTransform()
            left, top = round(west - x0), round(y0 + rows - north)
            cells = seen.ReadAsArray() == 255
            built = houses[::-1][top : top + cells.shape[0], left : left + cells.shape[1]]
            areas.append(float((cells & (built == 0)).sum()))
        print(json.dumps({"areas": areas, "seconds": seconds}), flush=True)
        asked = []


if __name__ == "__main__":
    main()

"""The stages of a shallow-water step that differ where cells are partly built (after `sanders2008`).

A discharge Q is per width of the whole cell. Water moves in the open share of the faces alone, at Q / (share x depth);
what lies behind houses is still. Over the open share of a cell the mean velocity is Q / (porosity x depth).
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

import numpy as np
from numba import njit

from genrejs.hazard.flood import kernels_rows as rows
from genrejs.hazard.flood.physics import braked, face_bed, slowed, wave_face

BH, CH, CU, CV, CZ, EH, EU, EV, EZ = rows.BH, rows.CH, rows.CU, rows.CV, rows.CZ, rows.EH, rows.EU, rows.EV, rows.EZ
TH, TU, TV, TZ, WH, WU, WV, WZ = rows.TH, rows.TU, rows.TV, rows.TZ, rows.WH, rows.WU, rows.WV, rows.WZ
XH, XL, XR, XT, SH, SL, SR, ST = rows.XH, rows.XL, rows.XR, rows.XT, rows.SH, rows.SL, rows.SR, rows.ST
U0, U1, V0, V1, GXN, GYN, THIN = rows.U0, rows.U1, rows.V0, rows.V1, rows.GXN, rows.GYN, rows.THIN
NEWH, NEWP, NEWQ, OUT, ONE, ROW = rows.NEWH, rows.NEWP, rows.NEWQ, rows.OUT, rows.ONE, rows.ROW
STATE = (np.uint64(0), np.uint64(ROW), np.uint64(2 * ROW), np.uint64(3 * ROW))
"""Places of depth, velocities and ground behind the first scratch row of a half-step state."""


@njit(cache=True, error_model="numpy")
def open_speeds(s, u, v, thin, row, count):
    """Turn discharge over depth of one row into mean velocities of the open share."""
    for m in range(count + 8):
        c = np.uint64(m) - ONE - ONE
        s[u + c] *= thin[row + c]
        s[v + c] *= thin[row + c]


@njit(cache=True, error_model="numpy")
def lay_thin(s, thin, row, count):
    """Write one over the open share of the cells of a row."""
    for m in range(count):
        c = np.uint64(m)
        s[THIN + c] = thin[row + c]


@njit(cache=True, error_model="numpy")
def flatten(s, z, h, ways, row, width, count):
    """Take the slopes out of cells not as open as all their faces; let the pull inside the others act on their share.

    What half a step did knows nothing of open shares that differ.
    """
    porosity, throat_x, throat_y = ways
    zero = h.dtype.type(0)
    for m in range(count + 8):
        c = np.uint64(m) - ONE
        i = row + c
        own = porosity[i]
        if throat_x[i] == own and throat_x[i - ONE] == own and throat_y[i] == own and throat_y[i - width] == own:
            s[GXN + c] *= own
            s[GYN + c] *= own
            continue
        for k in (EH, WH, TH, BH):
            s[k + c] = h[i]
            s[k + STATE[1] + c] = s[U0 + c]
            s[k + STATE[2] + c] = s[V0 + c]
            s[k + STATE[3] + c] = z[i]
        s[GXN + c] = s[GYN + c] = zero


@njit(cache=True, error_model="numpy", forceinline=True)
def porous_face(left, right, bed, way, shares, n):
    """Return the fluxes through the open share `way` of a face, as `wave_face`; `shares` are those of the two cells.

    Left and right are momentum over each cell's own pressure: what the built share of a face gives back is that
    pressure, so that still water stays still.
    """
    zl, hl, ul, vl = left
    zr, hr, ur, vr = right
    mass, across, push, back = wave_face(
        zl, hl, ul * (shares[0] / way), vl, zr, hr, ur * (shares[1] / way), vr, bed, n[0], n[1], n[2], n[3]
    )
    return way * mass, way * across, way * push, way * back


@njit(cache=True, error_model="numpy")
def across_porous(s, z, h, bed, ways, row, count, n, second):
    """Write the fluxes through the west faces of a row; of half-step states where `second`."""
    porosity, throat = ways
    for m in range(count + 7):
        c = np.uint64(m)
        b = c - ONE
        i = row + c
        j = i - ONE
        left, right, sill = (z[j], h[j], s[U0 + b], s[V0 + b]), (z[i], h[i], s[U0 + c], s[V0 + c]), bed[j]
        if second:
            left, right = (s[EZ + b], s[EH + b], s[EU + b], s[EV + b]), (s[WZ + c], s[WH + c], s[WU + c], s[WV + c])
            sill = face_bed(bed[j], z[j], z[i], s[EZ + b], s[WZ + c])
        shares = (porosity[j], porosity[i])
        s[XH + c], s[XT + c], s[XL + c], s[XR + c] = porous_face(left, right, sill, throat[j], shares, n)


@njit(cache=True, error_model="numpy")
def down_porous(s, z, h, bed, ways, row, width, count, n, second):
    """Write the fluxes through the faces between the row before and this one; of half-step states where `second`."""
    porosity, throat = ways
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        j = i - width
        left, right, sill = (z[j], h[j], s[V1 + c], s[U1 + c]), (z[i], h[i], s[V0 + c], s[U0 + c]), bed[j]
        if second:
            left, right = (s[CZ + c], s[CH + c], s[CV + c], s[CU + c]), (s[TZ + c], s[TH + c], s[TV + c], s[TU + c])
            sill = face_bed(bed[j], z[j], z[i], s[CZ + c], s[TZ + c])
        shares = (porosity[j], porosity[i])
        s[SH + c], s[ST + c], s[SL + c], s[SR + c] = porous_face(left, right, sill, throat[j], shares, n)


@njit(cache=True, error_model="numpy")
def brake_porous(s, friction, ways, row, width, count, n):
    """Brake the new discharges of a row, which move in the open share of the faces, and note the fastest wave."""
    throat_x, throat_y = ways
    half = n[1]
    numbers = (n[0], n[3], n[5], n[6], n[7])
    for m in range(count):
        c = np.uint64(m)
        i = row + c
        depth = s[NEWH + c]
        x, narrow_x = slowed(throat_x[i - ONE], throat_x[i], half)
        y, narrow_y = slowed(throat_y[i - width], throat_y[i], half)
        east, south, fast = braked(depth, x * s[NEWP + c], y * s[NEWQ + c], friction[i], numbers, half)
        wave = np.sqrt(n[0] * (depth if depth > n[3] else n[3]))
        most = narrow_x / x if narrow_x * y > narrow_y * x else narrow_y / y
        s[NEWP + c], s[NEWQ + c] = east / x, south / y
        s[OUT + c] = wave + (fast - wave) * most if depth > n[3] else fast

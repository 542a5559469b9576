#!/usr/bin/env python3
"""Draws assets/icon.png, the packages' icon: two speech bubbles. usage: scripts/icon.py (no packages needed)"""
import pathlib
import struct
import zlib

SIZE, SAMPLES = 128, 4  # pixels a side; sub-pixels a side of each, for smooth edges

CLEAR, BLUE, WHITE, ORANGE = (0, 0, 0, 0), (29, 78, 137, 255), (255, 255, 255, 255), (247, 148, 30, 255)


def in_rounded(x, y, left, top, right, bottom, radius):
    if not (left <= x <= right and top <= y <= bottom):
        return False
    dx = max(left + radius - x, x - (right - radius), 0)
    dy = max(top + radius - y, y - (bottom - radius), 0)
    return dx * dx + dy * dy <= radius * radius


def in_triangle(x, y, a, b, c):
    def side(p, q):
        return (x - q[0]) * (p[1] - q[1]) - (p[0] - q[0]) * (y - q[1])
    sides = side(a, b), side(b, c), side(c, a)
    return all(s >= 0 for s in sides) or all(s <= 0 for s in sides)


def colour(x, y):
    if not in_rounded(x, y, 0, 0, 128, 128, 26):
        return CLEAR
    if in_rounded(x, y, 44, 56, 110, 98, 13) or in_triangle(x, y, (82, 94), (102, 94), (102, 114)):
        return ORANGE
    if in_rounded(x, y, 39, 51, 115, 103, 18):
        return BLUE  # a rim that sets the bubbles apart
    if in_rounded(x, y, 18, 24, 84, 68, 13) or in_triangle(x, y, (26, 64), (46, 64), (26, 86)):
        return WHITE
    return BLUE


def pixel(column, row):
    seen = [colour(column + (i + 0.5) / SAMPLES, row + (j + 0.5) / SAMPLES) for i in range(SAMPLES) for j in range(SAMPLES)]
    alpha = sum(c[3] for c in seen)
    if alpha == 0:
        return bytes(CLEAR)
    return bytes([round(sum(c[k] * c[3] for c in seen) / alpha) for k in range(3)] + [round(alpha / len(seen))])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
icon = pathlib.Path(__file__).resolve().parent.parent / "assets" / "icon.png"
icon.parent.mkdir(exist_ok=True)
icon.write_bytes(
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(rows, 9))
    + chunk(b"IEND", b""))
